package dev.telltale.jobs.quality;

import dev.telltale.config.Granularity;
import java.io.Serializable;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;
import scala.Tuple2;

/**
 * How alike the labelled rows of one window and all its predictions are, as they are and weighted.
 * Crosses executors, hence a class and not a record. Not safe for concurrent use.
 *
 * <p>The measure is the standardised difference of means, by the standard deviation of all
 * predictions, whom the weighted rows stand for: Austin and Stuart, Moving towards best practice
 * when using inverse probability of treatment weighting, Statistics in Medicine 34 (2015), section
 * 3.1.
 */
final class PropensityBalance implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final double LEAST_VARIANCE = 1e-9;

  private final double[] all;
  private final double[] squares;
  private final double[] labelled;
  private final double[] weighted;
  private double allMass;
  private double labelledMass;
  private double weightedMass;
  private double unlabelledMass;
  private double reachableMass;
  private long unlabelledRows;

  private PropensityBalance(int features) {
    all = new double[features];
    squares = new double[features];
    labelled = new double[features];
    weighted = new double[features];
  }

  /**
   * The balance of every window.
   *
   * @param rows in one partition: time, whether labelled, mass, propensity, indices and values of
   *     the features
   * @param features number of features
   * @param least the least propensity that is believed
   */
  static Map<Instant, PropensityBalance> of(
      JavaRDD<Row> rows, Granularity granularity, int features, double least) {
    Map<Instant, PropensityBalance> balances = new HashMap<>();
    String label = granularity.label();
    rows.mapPartitions(
            iterator -> {
              Granularity finest = Granularity.of(label);
              Map<Instant, PropensityBalance> some = new TreeMap<>();
              iterator.forEachRemaining(
                  row ->
                      some.computeIfAbsent(
                              finest.floor(row.getTimestamp(0).toInstant()),
                              absent -> new PropensityBalance(features))
                          .add(row, least));
              return some.entrySet().stream()
                  .map(entry -> new Tuple2<>(entry.getKey(), entry.getValue()))
                  .iterator();
            })
        .collect()
        .forEach(pair -> balances.put(pair._1, pair._2));
    return balances;
  }

  private void add(Row row, double least) {
    boolean known = row.getBoolean(1);
    double mass = row.getDouble(2);
    double propensity = row.getDouble(3);
    double weight = mass / Math.max(propensity, least);
    allMass += mass;
    if (known) {
      labelledMass += mass;
      weightedMass += weight;
    } else {
      unlabelledMass += mass;
      reachableMass += propensity >= least ? mass : 0;
      unlabelledRows++;
    }
    List<Integer> indices = row.getList(4);
    List<Double> values = row.getList(5);
    for (int i = 0; i < indices.size(); i++) {
      int index = indices.get(i);
      double value = values.get(i);
      all[index] += mass * value;
      squares[index] += mass * value * value;
      if (known) {
        labelled[index] += mass * value;
        weighted[index] += weight * value;
      }
    }
  }

  /** Share of the unlabelled whose propensity is believed, 0 to 1; NaN without any. */
  double overlap() {
    return reachableMass / unlabelledMass;
  }

  /** Unlabelled rows that {@link #overlap} rests on. */
  long unlabelledRows() {
    return unlabelledRows;
  }

  /** The largest difference as the rows are: 0 where none differs, NaN without labels. */
  double before() {
    return largest(labelled, labelledMass);
  }

  /** The largest difference weighted: 0 where none differs, NaN without labels. */
  double after() {
    return largest(weighted, weightedMass);
  }

  /** The feature whose difference is {@link #after}; -1 where none differs. */
  int mostAfter() {
    return most(weighted, weightedMass);
  }

  private double largest(double[] sums, double mass) {
    int most = most(sums, mass);
    return !(mass > 0) ? Double.NaN : most < 0 ? 0 : difference(most, sums, mass);
  }

  private int most(double[] sums, double mass) {
    int most = -1;
    double largest = 0;
    for (int i = 0; i < all.length; i++) {
      double difference = difference(i, sums, mass);
      if (difference > largest) {
        largest = difference;
        most = i;
      }
    }
    return most;
  }

  private double difference(int feature, double[] sums, double mass) {
    double mean = all[feature] / allMass;
    double variance = squares[feature] / allMass - mean * mean;
    // What is left of a feature without any variance is rounding.
    return variance > LEAST_VARIANCE
        ? Math.abs(sums[feature] / mass - mean) / Math.sqrt(variance)
        : 0;
  }
}
