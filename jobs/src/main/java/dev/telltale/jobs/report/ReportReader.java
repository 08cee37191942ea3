package dev.telltale.jobs.report;

import dev.telltale.config.Granularity;
import dev.telltale.jobs.alerts.AlertList;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import dev.telltale.jobs.report.Report.Run;
import dev.telltale.jobs.report.ReportData.AlertRow;
import dev.telltale.jobs.report.ReportData.DriftRow;
import dev.telltale.jobs.report.ReportData.FindingRow;
import dev.telltale.jobs.report.ReportData.ProfileRow;
import dev.telltale.jobs.report.ReportData.SparseSlice;
import dev.telltale.jobs.report.ReportData.States;
import dev.telltale.jobs.report.ReportData.TrendRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Reads what a report is made of. What comes to the driver grows with windows times columns; slices
 * come as findings, and of the newest window only.
 */
final class ReportReader {
  private static final String EVERYTHING = "slice_key IS NULL AND model_version IS NULL";

  private final Lake lake;
  private final String modelId;
  private final Granularity granularity;
  private final List<Granularity> others;
  private final Instant from;
  private final Instant to;
  private final String effectMetric;
  private final AnswerReader answers;
  private final ServiceReader service;
  private final ExperimentReader experiments;
  private long rowsRead;

  /**
   * A reader of the windows that start in {@code [from, to)}.
   *
   * @param others the other granularities of the model
   * @param effectMetric metric that decides on drift
   * @param answers reads what is known of the truth
   */
  ReportReader(
      Lake lake,
      String modelId,
      Granularity granularity,
      List<Granularity> others,
      Instant from,
      Instant to,
      String effectMetric,
      AnswerReader answers,
      ServiceReader service,
      ExperimentReader experiments) {
    this.lake = lake;
    this.modelId = modelId;
    this.granularity = granularity;
    this.others = others;
    this.from = from;
    this.to = to;
    this.effectMetric = effectMetric;
    this.answers = answers;
    this.service = service;
    this.experiments = experiments;
  }

  /** Rows that came to the driver so far. */
  long rowsRead() {
    return rowsRead + answers.rowsRead() + service.rowsRead() + experiments.rowsRead();
  }

  ReportData read() {
    List<Row> profileRows = profileRows();
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
      states = reader.read(lake, modelId);
      rowsRead += reader.rowsRead();
    }
    List<Row> newestDrift = newest == null ? List.of() : newestDrift(newest);
    return new ReportData(
        modelId,
        granularity,
        from,
        to,
        profiles,
        drifts(newestDrift),
        trends(),
        sparse(newestDrift),
        findings,
        alerts,
        alertsElsewhere(),
        answers.read(),
        service.read(),
        experiments.read(),
        runs(),
        states);
  }

  private List<Row> collect(Dataset<Row> rows) {
    List<Row> collected = rows.collectAsList();
    rowsRead += collected.size();
    return collected;
  }

  private List<Row> read(Tables table, WindowScope windows) {
    List<Row> rows = lake.rows(table, windows);
    rowsRead += rows.size();
    return rows;
  }

  private WindowScope windows() {
    return WindowScope.between(modelId, granularity, from, to);
  }

  private List<Row> profileRows() {
    return collect(
        lake.read(Tables.PROFILE_METRICS, windows())
            .where(EVERYTHING)
            .selectExpr(
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

  private List<Row> newestDrift(Instant newest) {
    return read(Tables.DRIFT_METRICS, WindowScope.of(modelId, granularity, List.of(newest)));
  }

  private List<DriftRow> drifts(List<Row> rows) {
    return rows.stream()
        .filter(row -> Cells.subject(row).isWhole())
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
            .isin(EffectMetric.names(effectMetric).toArray())
            .and(functions.expr("status IS NOT NULL AND drift_type = 'BASELINE'"));
    Column severity =
        functions.expr(
            "CASE status WHEN 'DRIFT' THEN 3 WHEN 'INSUFFICIENT_DATA' THEN 2 WHEN 'OK' THEN 1 END");
    return collect(
            lake.read(Tables.DRIFT_METRICS, windows())
                .where(EVERYTHING)
                .groupBy("window_start", "column_name")
                .agg(
                    functions.max(functions.when(effect, functions.col("value"))).as("effect"),
                    functions.max(functions.when(effect, severity)).as("effect_severity"),
                    functions.max(severity).as("severity")))
        .stream()
        .map(
            row ->
                new TrendRow(
                    Cells.instant(row, "window_start"),
                    row.getAs("column_name"),
                    row.getAs("effect"),
                    status(row.getAs("effect_severity")),
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

  private static List<SparseSlice> sparse(List<Row> rows) {
    Map<Subject, List<String>> reasons =
        new TreeMap<>(Comparator.comparing((Subject subject) -> String.valueOf(subject.part())));
    for (Row row : rows) {
      Subject slice = Cells.subject(row).of(Subject.TABLE);
      if ("INSUFFICIENT_DATA".equals(row.getAs("status")) && !slice.isWhole()) {
        reasons.computeIfAbsent(slice, absent -> new ArrayList<>()).add(row.getAs("because"));
      }
    }
    return reasons.entrySet().stream()
        .map(
            slice ->
                new SparseSlice(
                    slice.getKey(), slice.getValue().size(), Collections.min(slice.getValue())))
        .toList();
  }

  private List<FindingRow> findings() {
    return read(Tables.FINDINGS, windows()).stream()
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
    return read(Tables.ALERTS, windows()).stream()
        .map(
            row ->
                new AlertRow(
                    Cells.instant(row, "window_start"),
                    Cells.subject(row),
                    row.getAs("alert_id"),
                    row.getAs("finding_key"),
                    row.getAs("kind"),
                    row.getAs("drift_type"),
                    row.getAs("metric"),
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

  private Map<String, Integer> alertsElsewhere() {
    Map<String, Integer> open = new TreeMap<>();
    for (Granularity other : others) {
      int count = AlertList.openAt(lake, modelId, other, to).size();
      if (count > 0) {
        open.put(other.label(), count);
      }
    }
    return open;
  }

  private List<Run> runs() {
    List<Row> rows = lake.rows(Tables.RUNS, partition -> true);
    rowsRead += rows.size();
    return rows.stream()
        .filter(row -> modelId.equals(row.getAs("model_id")))
        .filter(row -> Cells.instant(row, "interval_start").isBefore(to))
        .filter(row -> Cells.instant(row, "interval_end").isAfter(from))
        .map(
            row ->
                new Run(
                    row.getAs("run_id"),
                    row.getAs("job"),
                    Cells.instant(row, "interval_start"),
                    Cells.instant(row, "interval_end"),
                    row.getAs("outcome"),
                    row.getAs("message"),
                    row.getAs("config_hash"),
                    row.getAs("code_version"),
                    new TreeMap<>(Cells.map(row, "sources")),
                    Cells.instants(row, "restated"),
                    row.getAs("rows_read"),
                    row.getAs("bytes_read"),
                    row.getAs("rows_written"),
                    row.getAs("seconds"),
                    row.getAs("as_of"),
                    Cells.instant(row, "started_at")))
        .sorted(
            Comparator.comparing(Run::startedAt)
                .reversed()
                .thenComparing(Run::job)
                .thenComparing(Run::runId))
        .toList();
  }
}
