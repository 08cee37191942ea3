package dev.telltale.jobs.alerts;

import dev.telltale.config.Granularity;
import dev.telltale.finding.Finding;
import dev.telltale.finding.FindingStatus;
import dev.telltale.finding.Kind;
import dev.telltale.finding.Severity;
import dev.telltale.finding.Subject;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.TableRow;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** The one place where a finding becomes a row of {@code findings}, and a row a finding. */
public final class FindingRows {
  private static final StructType SCHEMA = Tables.FINDINGS.schema();

  private FindingRows() {}

  /** The stored findings of one job in a window, by the key of what they are about. */
  public static Map<String, Finding> stored(
      Lake lake, String modelId, Granularity granularity, Instant window, String job) {
    return byKey(
        lake
            .rows(Tables.FINDINGS, WindowScope.of(modelId, granularity, List.of(window)).ofJob(job))
            .stream()
            .map(FindingRows::finding)
            .toList());
  }

  /** Findings of one job in a window by the key of what they are about, in its order. */
  public static Map<String, Finding> byKey(List<Finding> findings) {
    Map<String, Finding> byKey = new TreeMap<>();
    findings.forEach(finding -> byKey.put(finding.subject().key(), finding));
    return byKey;
  }

  /** One finding as a row. */
  public static Row of(Finding finding, String runId, Instant computedAt) {
    Subject subject = finding.subject();
    return new TableRow(SCHEMA)
        .window(finding.windowStart(), finding.windowEnd())
        .set("granularity", finding.granularity().label())
        .set("model_id", subject.modelId())
        .set("model_version", subject.modelVersion())
        .set("slice_key", subject.sliceKey())
        .set("slice_value", subject.sliceValue())
        .set("run_id", runId)
        .set("computed_at", computedAt)
        .set("finding_id", finding.id())
        .set("finding_key", subject.key())
        .set("job", finding.job())
        .set("kind", subject.kind().name())
        .set("column_name", subject.column())
        .set("drift_type", subject.driftType())
        .set("metric", subject.metric())
        .set("value", finding.value())
        .set("threshold", finding.threshold())
        .set("p_value_adjusted", finding.pValueAdjusted())
        .set("severity", finding.severity().name())
        .set("status", finding.status().name())
        .set("first_seen", finding.firstSeen())
        .set("last_seen", finding.windowStart())
        .set("because", finding.because())
        .build();
  }

  /** The finding of a row with all columns of the table. */
  public static Finding finding(Row row) {
    return new Finding(
        subject(row),
        row.getAs("job"),
        Granularity.of(row.getAs("granularity")),
        instant(row, "window_start"),
        instant(row, "window_end"),
        number(row, "value"),
        number(row, "threshold"),
        number(row, "p_value_adjusted"),
        Severity.valueOf(row.getAs("severity")),
        FindingStatus.valueOf(row.getAs("status")),
        instant(row, "first_seen"),
        row.getAs("because"));
  }

  static Subject subject(Row row) {
    return new Subject(
        row.getAs("model_id"),
        text(row, "model_version"),
        text(row, "slice_key"),
        text(row, "slice_value"),
        row.getAs("column_name"),
        Kind.valueOf(row.getAs("kind")),
        text(row, "drift_type"),
        row.getAs("metric"));
  }

  static Instant instant(Row row, String column) {
    return row.<Timestamp>getAs(column).toInstant();
  }

  private static Optional<String> text(Row row, String column) {
    return Optional.ofNullable(row.getAs(column));
  }

  private static OptionalDouble number(Row row, String column) {
    Double value = row.getAs(column);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }
}
