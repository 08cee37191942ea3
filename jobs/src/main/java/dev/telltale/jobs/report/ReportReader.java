package dev.telltale.jobs.report;

import dev.telltale.config.Granularity;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.report.ReportData.AlertRow;
import dev.telltale.jobs.report.ReportData.DriftRow;
import dev.telltale.jobs.report.ReportData.FindingRow;
import dev.telltale.jobs.report.ReportData.ProfileRow;
import dev.telltale.jobs.report.ReportData.RunRow;
import dev.telltale.jobs.report.ReportData.SparseSlice;
import dev.telltale.jobs.report.ReportData.States;
import dev.telltale.jobs.report.ReportData.TrendRow;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Reads what a report is made of: a few small queries on the result tables, each with the partition
 * columns as literals. What comes to the driver grows with windows times columns; slices come as
 * findings and as counts only.
 */
final class ReportReader {
  private static final String EVERYTHING = "slice_key IS NULL AND model_version IS NULL";

  private final Lake lake;
  private final String modelId;
  private final Granularity granularity;
  private final Instant from;
  private final Instant to;
  private final String effectMetric;
  private final Map<String, Long> versions = new LinkedHashMap<>();
  private long rowsRead;

  /**
   * A reader of the windows that start in {@code [from, to)}.
   *
   * @param effectMetric metric that decides on drift
   */
  ReportReader(
      Lake lake,
      String modelId,
      Granularity granularity,
      Instant from,
      Instant to,
      String effectMetric) {
    this.lake = lake;
    this.modelId = modelId;
    this.granularity = granularity;
    this.from = from;
    this.to = to;
    this.effectMetric = effectMetric;
  }

  /** Versions of the tables read so far, by path or name. */
  Map<String, Long> versions() {
    return versions;
  }

  /** Rows that came to the driver so far. */
  long rowsRead() {
    return rowsRead;
  }

  ReportData read() {
    Dataset<Row> profileTable = windows(Tables.PROFILE_METRICS).where(EVERYTHING);
    List<Row> profileRows = profileRows(profileTable);
    List<ProfileRow> profiles = profileRows.stream().map(ReportReader::profile).toList();
    Instant newest =
        profiles.stream().map(ProfileRow::windowStart).max(Comparator.naturalOrder()).orElse(null);
    List<FindingRow> findings = findings();
    List<AlertRow> alerts = alerts();
    States states = States.NONE;
    if (newest != null) {
      String baselineId =
          profileRows.stream()
              .filter(row -> Cells.instant(row, "window_start").equals(newest))
              .map(row -> row.<String>getAs("baseline_id"))
              .filter(id -> id != null)
              .max(Comparator.naturalOrder())
              .orElse(null);
      StateReader reader = new StateReader(granularity, baselineId);
      reader.want(newest, profiles, findings, alerts);
      states =
          reader.read(query -> collect(query.apply(table(Tables.PROFILE_STATES).where(model()))));
    }
    return new ReportData(
        modelId,
        granularity,
        from,
        to,
        profiles,
        newest == null ? List.of() : drifts(newest),
        trends(),
        newest == null ? List.of() : sparse(newest),
        findings,
        alerts,
        runs(),
        states);
  }

  private List<Row> collect(Dataset<Row> rows) {
    List<Row> collected = rows.collectAsList();
    rowsRead += collected.size();
    return collected;
  }

  /** A result table as it is now, not as an earlier job of the same night saw it. */
  private Dataset<Row> table(Tables table) {
    long version = versions.computeIfAbsent(lake.path(table), path -> lake.version(table));
    return lake.read(table, version);
  }

  private Column model() {
    return functions.col("model_id").equalTo(modelId);
  }

  private Dataset<Row> windows(Tables table) {
    return table(table)
        .where(
            model()
                .and(functions.col("granularity").equalTo(granularity.label()))
                .and(functions.col("window_date").between(date(from), date(to)))
                .and(functions.col("window_start").geq(functions.lit(Timestamp.from(from))))
                .and(functions.col("window_start").lt(functions.lit(Timestamp.from(to)))));
  }

  private static Date date(Instant instant) {
    return Date.valueOf(instant.atZone(ZoneOffset.UTC).toLocalDate());
  }

  private List<Row> profileRows(Dataset<Row> table) {
    return collect(
        table.selectExpr(
            "window_start",
            "column_name",
            "column_kind",
            "data_type",
            "baseline_id",
            "count",
            "num_nulls",
            "num_nan",
            "min",
            "max",
            "avg",
            "stddev",
            "filter(quantiles, q -> q.probability = 0.5)[0].value AS median",
            "distinct_count",
            "distinct_is_exact",
            "num_unseen",
            "last_value_change"));
  }

  private static ProfileRow profile(Row row) {
    return new ProfileRow(
        Cells.instant(row, "window_start"),
        row.getAs("column_name"),
        row.getAs("column_kind"),
        row.getAs("data_type"),
        row.getAs("count"),
        row.getAs("num_nulls"),
        row.getAs("num_nan"),
        row.getAs("min"),
        row.getAs("max"),
        row.getAs("avg"),
        row.getAs("stddev"),
        row.getAs("median"),
        row.getAs("distinct_count"),
        row.getAs("distinct_is_exact"),
        row.getAs("num_unseen"),
        Cells.instant(row, "last_value_change"));
  }

  private List<DriftRow> drifts(Instant newest) {
    return collect(
            windows(Tables.DRIFT_METRICS)
                .where(functions.col("window_start").equalTo(Timestamp.from(newest)))
                .where(EVERYTHING))
        .stream()
        .map(
            row ->
                new DriftRow(
                    row.getAs("column_name"),
                    row.getAs("drift_type"),
                    row.getAs("metric"),
                    row.getAs("value"),
                    row.getAs("p_value"),
                    row.getAs("p_value_adjusted"),
                    row.getAs("family_size"),
                    row.getAs("degrees_of_freedom"),
                    row.getAs("threshold"),
                    row.getAs("n_reference"),
                    row.getAs("n_current"),
                    row.getAs("error_bound"),
                    row.getAs("status"),
                    row.getAs("because")))
        .sorted(
            Comparator.comparing(DriftRow::driftType)
                .thenComparing(row -> row.status() == null)
                .thenComparing(row -> !row.metric().equals(effectMetric))
                .thenComparing(DriftRow::metric))
        .toList();
  }

  private List<TrendRow> trends() {
    Column effect =
        functions
            .col("metric")
            .equalTo(effectMetric)
            .and(functions.col("drift_type").equalTo("BASELINE"));
    Column severity =
        functions.expr(
            "CASE status WHEN 'DRIFT' THEN 3 WHEN 'INSUFFICIENT_DATA' THEN 2 WHEN 'OK' THEN 1 END");
    return collect(
            windows(Tables.DRIFT_METRICS)
                .where(EVERYTHING)
                .groupBy("window_start", "column_name")
                .agg(
                    functions.max(functions.when(effect, functions.col("value"))).as("effect"),
                    functions
                        .max(functions.when(effect, functions.col("threshold")))
                        .as("threshold"),
                    functions.max(severity).as("severity")))
        .stream()
        .map(
            row ->
                new TrendRow(
                    Cells.instant(row, "window_start"),
                    row.getAs("column_name"),
                    row.getAs("effect"),
                    row.getAs("threshold"),
                    status(row.getAs("severity"))))
        .toList();
  }

  private static String status(Integer severity) {
    if (severity == null) {
      return null;
    }
    return switch (severity) {
      case 3 -> "DRIFT";
      case 2 -> "INSUFFICIENT_DATA";
      default -> "OK";
    };
  }

  private List<SparseSlice> sparse(Instant newest) {
    return collect(
            windows(Tables.DRIFT_METRICS)
                .where(functions.col("window_start").equalTo(Timestamp.from(newest)))
                .where("status = 'INSUFFICIENT_DATA' AND NOT (" + EVERYTHING + ")")
                .groupBy("model_version", "slice_key", "slice_value")
                .agg(functions.count("*").as("checks"), functions.min("because").as("because"))
                .orderBy("model_version", "slice_key", "slice_value"))
        .stream()
        .map(
            row ->
                new SparseSlice(
                    new Subject(
                        row.getAs("model_version"),
                        row.getAs("slice_key"),
                        row.getAs("slice_value"),
                        Subject.TABLE),
                    row.<Long>getAs("checks"),
                    row.getAs("because")))
        .toList();
  }

  private List<FindingRow> findings() {
    return collect(windows(Tables.FINDINGS)).stream()
        .map(
            row ->
                new FindingRow(
                    Cells.instant(row, "window_start"),
                    Cells.subject(row),
                    row.getAs("finding_key"),
                    row.getAs("kind"),
                    row.getAs("drift_type"),
                    row.getAs("metric"),
                    row.getAs("value"),
                    row.getAs("threshold"),
                    row.getAs("p_value_adjusted"),
                    row.getAs("severity"),
                    row.getAs("status"),
                    Cells.instant(row, "first_seen"),
                    Cells.instant(row, "last_seen"),
                    row.getAs("because")))
        .toList();
  }

  private List<AlertRow> alerts() {
    return collect(windows(Tables.ALERTS)).stream()
        .map(
            row ->
                new AlertRow(
                    Cells.instant(row, "window_start"),
                    Cells.subject(row),
                    row.getAs("alert_id"),
                    row.getAs("finding_key"),
                    row.getAs("kind"),
                    row.getAs("severity"),
                    row.getAs("status"),
                    Cells.instant(row, "first_seen"),
                    Cells.instant(row, "opened"),
                    Cells.instant(row, "last_seen"),
                    Cells.instant(row, "closed"),
                    Cells.instant(row, "acknowledged"),
                    row.getAs("acknowledged_by"),
                    row.getAs("windows_firing"),
                    row.getAs("because")))
        .toList();
  }

  private List<RunRow> runs() {
    return collect(
            table(Tables.RUNS)
                .where(
                    model()
                        .and(functions.col("interval_start").lt(Timestamp.from(to)))
                        .and(functions.col("interval_end").gt(Timestamp.from(from)))))
        .stream()
        .map(
            row ->
                new RunRow(
                    row.getAs("run_id"),
                    row.getAs("job"),
                    Cells.instant(row, "interval_start"),
                    Cells.instant(row, "interval_end"),
                    row.getAs("outcome"),
                    row.getAs("message"),
                    row.getAs("config_hash"),
                    row.getAs("code_version"),
                    Cells.map(row, "sources"),
                    Cells.instants(row, "restated"),
                    row.getAs("rows_read"),
                    row.getAs("bytes_read"),
                    row.getAs("rows_written"),
                    row.getAs("seconds"),
                    row.getAs("as_of"),
                    Cells.instant(row, "started_at")))
        .sorted(
            Comparator.comparing(RunRow::startedAt)
                .reversed()
                .thenComparing(RunRow::job)
                .thenComparing(RunRow::runId))
        .toList();
  }
}
