package dev.telltale.jobs.analyze;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import dev.telltale.experiment.Estimand;
import dev.telltale.jobs.engine.OutcomeColumns;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The numbers that are folded for each unit, and where each metric finds its own. Where clusters of
 * rows were assigned, a cluster is the unit: the mean over rows is the ratio of two sums over
 * clusters, which gives it the cluster-robust variance of the delta method.
 */
final class ValueColumns {
  private static final String NAME = "telltale_value";

  private final Optional<String> cluster;
  private final List<Column> values = new ArrayList<>();
  private final List<int[]> blocks = new ArrayList<>();
  private final List<Arms.Metric> estimands = new ArrayList<>();

  private ValueColumns(Optional<String> cluster) {
    this.cluster = cluster;
  }

  /** A row is a unit. */
  static ValueColumns ofUnits(AnalyzeSpec spec, List<MetricExpression> metrics) {
    ValueColumns columns = new ValueColumns(Optional.empty());
    int[] covariates = columns.covariates(spec);
    for (MetricExpression metric : metrics) {
      int[] own =
          metric.columns().stream().mapToInt(name -> columns.add(UnitRows.number(name))).toArray();
      columns.metric(metric.name(), own, covariates);
    }
    return columns;
  }

  /** The rows of a cluster are a unit; the size of the cluster is one more covariate. */
  static ValueColumns ofClusters(AnalyzeSpec spec, List<MetricExpression> metrics) {
    ValueColumns columns = new ValueColumns(spec.cluster());
    int[] covariates = columns.covariates(spec);
    if (covariates.length > 0) {
      covariates =
          IntStream.concat(IntStream.of(covariates), IntStream.of(columns.add(lit(1.0)))).toArray();
    }
    for (MetricExpression metric : metrics) {
      Column isKnown =
          metric.columns().stream()
              .map(name -> UnitRows.isFinite(UnitRows.number(name)))
              .reduce(Column::and)
              .orElseThrow();
      int above = columns.add(when(isKnown, UnitRows.number(metric.numerator())));
      int below =
          columns.add(when(isKnown, metric.denominator().map(UnitRows::number).orElse(lit(1.0))));
      columns.metric(metric.name(), new int[] {above, below}, covariates);
    }
    return columns;
  }

  /** A missing covariate is a zero and an indicator, so that no unit is lost for it. */
  private int[] covariates(AnalyzeSpec spec) {
    List<Integer> places = new ArrayList<>();
    for (String covariate : spec.covariates()) {
      Column known = UnitRows.number(covariate);
      Column isKnown = UnitRows.isFinite(known);
      places.add(add(when(isKnown, known).otherwise(0.0)));
      places.add(add(when(isKnown, 0.0).otherwise(1.0)));
    }
    return places.stream().mapToInt(Integer::intValue).toArray();
  }

  private int add(Column value) {
    values.add(value);
    return values.size() - 1;
  }

  private void metric(String name, int[] own, int[] covariates) {
    blocks.add(IntStream.concat(IntStream.of(own), IntStream.of(covariates)).toArray());
    estimands.add(
        new Arms.Metric(
            name,
            new Estimand(
                0,
                own.length == 2 ? 1 : Estimand.NONE,
                IntStream.range(own.length, own.length + covariates.length).boxed().toList())));
  }

  int[][] blocks() {
    return blocks.toArray(int[][]::new);
  }

  int[] denominators() {
    return estimands.stream().mapToInt(metric -> metric.estimand().denominator()).toArray();
  }

  List<Arms.Metric> estimands() {
    return estimands;
  }

  /** A row per unit that no variant was assigned to: a key that is the same in all, and values. */
  Dataset<Row> undivided(Dataset<Row> rows) {
    return of(rows, List.of(lit("all").as("variant")));
  }

  /** A row per unit: the keys, then the values. */
  Dataset<Row> of(Dataset<Row> rows, List<Column> keys) {
    List<Column> columns = new ArrayList<>(keys);
    for (int i = 0; i < values.size(); i++) {
      columns.add(values.get(i).as(NAME + i));
    }
    if (cluster.isEmpty()) {
      return rows.select(columns.toArray(Column[]::new));
    }
    String name = NAME + "_cluster";
    columns.add(OutcomeColumns.column(cluster.get()).as(name));
    Dataset<Row> all =
        rows.filter(OutcomeColumns.column(cluster.get()).isNotNull())
            .select(columns.toArray(Column[]::new));
    List<Column> groups = new ArrayList<>();
    for (int key = 0; key < keys.size(); key++) {
      groups.add(col(all.columns()[key]));
    }
    List<Column> kept = new ArrayList<>(groups);
    groups.add(col(name));
    List<Column> sums = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      sums.add(sum(NAME + i).as(NAME + i));
      kept.add(col(NAME + i));
    }
    return all.groupBy(groups.toArray(Column[]::new))
        .agg(sums.get(0), sums.subList(1, sums.size()).toArray(Column[]::new))
        .select(kept.toArray(Column[]::new));
  }
}
