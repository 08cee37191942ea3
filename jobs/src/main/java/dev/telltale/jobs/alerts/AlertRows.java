package dev.telltale.jobs.alerts;

import dev.telltale.config.Granularity;
import dev.telltale.finding.Acknowledgement;
import dev.telltale.finding.Alert;
import dev.telltale.finding.AlertStatus;
import dev.telltale.finding.Judgement;
import dev.telltale.finding.Severity;
import dev.telltale.finding.Subject;
import dev.telltale.jobs.lake.TableRow;
import dev.telltale.jobs.lake.Tables;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/** The one place where an alert becomes a row of {@code alerts}, and a row an alert. */
final class AlertRows {
  private static final StructType SCHEMA = Tables.ALERTS.schema();

  private AlertRows() {}

  /** The alert as it stands after the window that starts at {@code windowStart}. */
  static Row of(Alert alert, Instant windowStart, String runId, Instant computedAt) {
    Subject subject = alert.subject();
    return new TableRow(SCHEMA)
        .window(windowStart, alert.granularity().next(windowStart))
        .set("granularity", alert.granularity().label())
        .set("model_id", subject.modelId())
        .set("model_version", subject.modelVersion())
        .set("slice_key", subject.sliceKey())
        .set("slice_value", subject.sliceValue())
        .set("run_id", runId)
        .set("computed_at", computedAt)
        .set("alert_id", alert.id())
        .set("finding_key", subject.key())
        .set("kind", subject.kind().name())
        .set("column_name", subject.column())
        .set("drift_type", subject.driftType())
        .set("metric", subject.metric())
        .set("severity", alert.severity().name())
        .set("status", alert.status().name())
        .set("first_seen", alert.firstSeen())
        .set("opened", alert.opened())
        .set("last_seen", alert.lastSeen())
        .set("closed", alert.closed())
        .set("acknowledged", alert.acknowledgement().map(Acknowledgement::at))
        .set("acknowledged_by", alert.acknowledgement().map(Acknowledgement::by))
        .set("windows_firing", alert.windowsFiring())
        .set("recent", alert.recent().stream().map(AlertRows::row).toArray(Row[]::new))
        .set("because", alert.because())
        .build();
  }

  private static Row row(Judgement judgement) {
    return RowFactory.create(
        Timestamp.from(judgement.windowStart()),
        judgement.severity().map(Severity::name).orElse(null));
  }

  /** The alert of a row with all columns of the table. */
  static Alert alert(Row row) {
    List<Row> recent = row.getList(row.fieldIndex("recent"));
    return new Alert(
        FindingRows.subject(row),
        Granularity.of(row.getAs("granularity")),
        AlertStatus.valueOf(row.getAs("status")),
        Severity.valueOf(row.getAs("severity")),
        FindingRows.instant(row, "first_seen"),
        instant(row, "opened"),
        FindingRows.instant(row, "last_seen"),
        instant(row, "closed"),
        instant(row, "acknowledged")
            .map(at -> new Acknowledgement(at, row.getAs("acknowledged_by"))),
        row.<Integer>getAs("windows_firing"),
        recent.stream().map(AlertRows::judgement).toList(),
        row.getAs("because"));
  }

  private static Judgement judgement(Row row) {
    return new Judgement(
        row.getTimestamp(0).toInstant(),
        Optional.ofNullable(row.getString(1)).map(Severity::valueOf));
  }

  private static Optional<Instant> instant(Row row, String column) {
    return Optional.<Timestamp>ofNullable(row.getAs(column)).map(Timestamp::toInstant);
  }
}
