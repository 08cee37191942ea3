package dev.telltale.jobs.quality;

import dev.telltale.quality.Estimate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.spark.sql.Row;

/** Metrics of one window, or of the baseline, by version and slice. */
final class MetricTable {
  private final Map<Group, Map<String, Entry>> metrics = new LinkedHashMap<>();

  /**
   * Whose metrics.
   *
   * @param source feedback source
   * @param modelVersion null = all
   * @param sliceKey null = everything
   * @param sliceValue null = everything
   */
  record Group(String source, String modelVersion, String sliceKey, String sliceValue) {
    boolean isWhole() {
      return sliceKey == null;
    }

    Group in(String otherSource, String otherVersion) {
      return new Group(otherSource, otherVersion, sliceKey, sliceValue);
    }
  }

  /**
   * A metric and how far its labels are known.
   *
   * @param estimate value and interval
   * @param labels labels of the group in all
   * @param mature whether the wait is over
   */
  record Entry(Estimate estimate, long labels, boolean mature) {}

  /** From rows of {@code quality_metrics}: the realized values. */
  static MetricTable of(List<Row> rows) {
    MetricTable table = new MetricTable();
    for (Row row : rows) {
      if (QualityRows.REALIZED.equals(row.getAs("kind"))) {
        table
            .metrics
            .computeIfAbsent(group(row), absent -> new LinkedHashMap<>())
            .put(row.getAs("metric"), entry(row));
      }
    }
    return table;
  }

  /** Whose metric a row of a table of quality is about. */
  static Group group(Row row) {
    return new Group(
        row.getAs("source"),
        row.getAs("model_version"),
        row.getAs("slice_key"),
        row.getAs("slice_value"));
  }

  private static Entry entry(Row row) {
    Estimate estimate =
        new Estimate(
            row.getAs("value") == null ? Double.NaN : row.<Double>getAs("value"),
            number(row, "std_error"),
            number(row, "ci_low"),
            number(row, "ci_high"),
            row.<Long>getAs("n"),
            row.<Double>getAs("error_bound"));
    Double coverage = row.getAs("label_coverage");
    boolean isCoverage = Objects.equals(row.getAs("metric"), QualityRows.COVERAGE);
    long labels =
        isCoverage && coverage != null
            ? Math.round(coverage * row.<Long>getAs("n"))
            : row.<Long>getAs("n");
    return new Entry(estimate, labels, row.<Boolean>getAs("mature"));
  }

  private static OptionalDouble number(Row row, String column) {
    Double value = row.getAs(column);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  /** All groups, in the order of the rows. */
  List<Group> groups() {
    return List.copyOf(metrics.keySet());
  }

  /** A metric of a group. */
  Optional<Entry> metric(Group group, String metric) {
    return Optional.ofNullable(metrics.getOrDefault(group, Map.of()).get(metric));
  }

  /** Labels of a group. */
  long labels(Group group) {
    return metric(group, QualityRows.COVERAGE).map(Entry::labels).orElse(0L);
  }
}
