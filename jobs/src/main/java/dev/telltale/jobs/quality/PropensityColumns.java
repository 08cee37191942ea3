package dev.telltale.jobs.quality;

import static dev.telltale.jobs.engine.OutcomeColumns.column;
import static org.apache.spark.sql.functions.col;

import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.engine.ColumnPlan;
import dev.telltale.jobs.engine.QualityPlan;
import dev.telltale.jobs.engine.RankedQueries;
import dev.telltale.jobs.profile.FeatureColumns;
import dev.telltale.profile.ColumnKind;
import dev.telltale.quality.Task;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/**
 * Which columns a propensity, or the error of a regression, is told from: those of the prediction
 * log that the baseline knows, but times, and the score and the answer. Lives on the driver.
 */
final class PropensityColumns {
  /** More categories of one column are rare, and what they tell is little. */
  private static final int CATEGORIES = 20;

  private static final String OF_LOG = "feature_";

  private final Task task;
  private final List<ColumnPlan> ofLog;

  /**
   * The columns of a model.
   *
   * @param known columns of the baseline; none if it is not profiled
   * @param log columns of the prediction log
   */
  PropensityColumns(ModelConfig model, Task task, List<ColumnPlan> known, StructType log) {
    this.task = task;
    this.ofLog = FeatureColumns.of(model, known, log);
  }

  /** The columns of the log, under names that no other table has. */
  List<Column> ofLog() {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < ofLog.size(); i++) {
      boolean number = ofLog.get(i).kind() == ColumnKind.NUMERIC;
      columns.add(column(ofLog.get(i).name()).cast(number ? "double" : "string").as(OF_LOG + i));
    }
    return columns;
  }

  /** The names of {@link #ofLog()}. */
  List<String> names() {
    return IntStream.range(0, ofLog.size()).mapToObj(i -> OF_LOG + i).toList();
  }

  /**
   * Learns scales, and classes where answers are some.
   *
   * @param sample has {@link #ofLog()} and the columns of {@code labelled}, its rows in an order
   * @param days that the rows are of: how many have a label by now depends on when they were
   */
  PropensityFeatures learn(Dataset<Row> sample, List<LocalDate> days) {
    return days.size() > 1
        ? learn(
            sample,
            PropensityFeature.category(
                "day",
                functions.to_date(col(RankedQueries.EVENT)).cast("string"),
                days.stream().map(LocalDate::toString).toList()))
        : learn(sample);
  }

  /**
   * Learns scales, and classes where answers are some.
   *
   * @param sample has {@link #ofLog()} and the columns of {@code labelled}, its rows in an order
   * @param more features besides
   */
  PropensityFeatures learn(Dataset<Row> sample, PropensityFeature... more) {
    List<String> numbers = new ArrayList<>();
    for (int i = 0; i < ofLog.size(); i++) {
      if (ofLog.get(i).kind() == ColumnKind.NUMERIC) {
        numbers.add(OF_LOG + i);
      }
    }
    numbers.add(QualityPlan.SCORE);
    numbers.add(QualityPlan.PREDICTION_VALUE);
    Map<String, PropensityFeature> scaled = scaled(sample, numbers);
    List<PropensityFeature> log = new ArrayList<>();
    for (int i = 0; i < ofLog.size(); i++) {
      ColumnPlan plan = ofLog.get(i);
      List<String> labels = plan.anchors().labels();
      log.add(
          plan.kind() == ColumnKind.NUMERIC
              ? scaled.get(OF_LOG + i)
              : PropensityFeature.category(
                  plan.name(),
                  col(OF_LOG + i),
                  labels.subList(0, Math.min(CATEGORIES, labels.size()))));
    }
    List<PropensityFeature> said = new ArrayList<>(List.of(scaled.get(QualityPlan.SCORE)));
    said.add(
        task == Task.MULTICLASS
            ? PropensityFeature.category(
                QualityPlan.PREDICTION,
                col(QualityPlan.PREDICTION),
                most(sample, QualityPlan.PREDICTION))
            : scaled.get(QualityPlan.PREDICTION_VALUE));
    said.addAll(List.of(more));
    return new PropensityFeatures(log, said);
  }

  private Map<String, PropensityFeature> scaled(Dataset<Row> sample, List<String> names) {
    List<Column> moments = new ArrayList<>();
    for (String name : names) {
      moments.add(functions.avg(PropensityFeature.finite(col(name))));
      moments.add(functions.stddev_pop(PropensityFeature.finite(col(name))));
    }
    Row row = sample.select(moments.toArray(Column[]::new)).head();
    Map<String, PropensityFeature> scaled = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      double mean = row.isNullAt(2 * i) ? Double.NaN : row.getDouble(2 * i);
      double deviation = row.isNullAt(2 * i + 1) ? Double.NaN : row.getDouble(2 * i + 1);
      scaled.put(name, PropensityFeature.number(shown(name), col(name), mean, deviation));
    }
    return scaled;
  }

  private String shown(String name) {
    if (name.startsWith(OF_LOG)) {
      return ofLog.get(Integer.parseInt(name.substring(OF_LOG.length()))).name();
    }
    return name.equals(QualityPlan.PREDICTION_VALUE) ? QualityPlan.PREDICTION : name;
  }

  /** The values of a column that most rows have: strings. */
  static List<String> most(Dataset<Row> sample, String name) {
    return sample
        .where(col(name).isNotNull())
        .groupBy(name)
        .count()
        .orderBy(col("count").desc(), col(name))
        .limit(CATEGORIES)
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .toList();
  }
}
