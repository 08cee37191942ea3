package dev.telltale.jobs.report;

import dev.telltale.jobs.report.Report.Baseline;
import dev.telltale.jobs.report.Report.Column;
import dev.telltale.jobs.report.Report.Concern;
import dev.telltale.jobs.report.Report.FindingCounts;
import dev.telltale.jobs.report.Report.Status;
import dev.telltale.jobs.report.Report.Totals;
import dev.telltale.jobs.report.ReportData.DriftRow;
import dev.telltale.jobs.report.ReportData.FindingRow;
import dev.telltale.jobs.report.ReportData.ProfileRow;
import dev.telltale.jobs.report.ReportData.SparseSlice;
import dev.telltale.profile.ColumnState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Turns rows of the result tables into a {@link Report}. */
final class ReportBuilder {
  private final ReportData data;
  private final String baselineTable;
  private final String effectMetric;

  /**
   * @param baselineTable where the baseline is, as configured
   * @param effectMetric metric that decides on drift
   */
  ReportBuilder(ReportData data, String baselineTable, String effectMetric) {
    this.data = data;
    this.baselineTable = baselineTable;
    this.effectMetric = effectMetric;
  }

  Report build() {
    Instant newest =
        data.profiles().stream()
            .map(ProfileRow::windowStart)
            .max(Comparator.naturalOrder())
            .orElse(null);
    List<Instant> windows = windows(newest);
    List<Concern> attention = newest == null ? List.of() : Attention.of(data, newest);
    List<Column> columns =
        newest == null
            ? List.of()
            : new ColumnReports(data, effectMetric, windows, newest).columns();
    List<Long> rowCounts = rowCounts(windows);
    List<FindingCounts> findingCounts = findingCounts(windows);
    Totals totals = totals(newest, columns, rowCounts, findingCounts);
    List<Trial> trials = data.trials().report();
    Answers answers = AnswerReports.of(data.answers(), data.granularity());
    return new Report(
        Report.VERSION,
        data.modelId(),
        data.granularity().label(),
        windows.isEmpty() ? data.from() : windows.get(0),
        data.to(),
        newest,
        baseline(),
        Titles.verdict(newest, data.granularity(), totals, attention),
        totals,
        attention,
        windows,
        rowCounts,
        findingCounts,
        answers,
        data.service().report(windows),
        trials.isEmpty() ? null : trials,
        columns,
        SliceReports.of(data, newest),
        data.runs(),
        newest == null
            ? List.of()
            : new Unknowns(data, newest, answers).of(windows, rowCounts, columns));
  }

  /** Every window from the first with data to the newest, gaps included. */
  private List<Instant> windows(Instant newest) {
    if (newest == null) {
      return List.of();
    }
    List<Instant> windows = new ArrayList<>();
    Instant first =
        data.profiles().stream()
            .map(ProfileRow::windowStart)
            .min(Comparator.naturalOrder())
            .orElseThrow();
    for (Instant window = first;
        !window.isAfter(newest);
        window = data.granularity().next(window)) {
      windows.add(window);
    }
    return List.copyOf(windows);
  }

  private List<Long> rowCounts(List<Instant> windows) {
    Map<Instant, Long> counts = new HashMap<>();
    for (ProfileRow row : data.profiles()) {
      if (row.count() != null) {
        // Every column has seen every row; :table is the one that says so.
        if (row.column().equals(Subject.TABLE)) {
          counts.put(row.windowStart(), row.count());
        } else {
          counts.putIfAbsent(row.windowStart(), row.count());
        }
      }
    }
    return perWindow(windows, counts);
  }

  private List<FindingCounts> findingCounts(List<Instant> windows) {
    Map<Instant, FindingCounts> counts = new HashMap<>();
    for (ProfileRow row : data.profiles()) {
      counts.putIfAbsent(row.windowStart(), FindingCounts.NONE);
    }
    for (FindingRow row : data.findings()) {
      if (row.fires()) {
        counts.compute(
            row.windowStart(),
            (window, count) -> (count == null ? FindingCounts.NONE : count).and(row.severity()));
      }
    }
    return perWindow(windows, counts);
  }

  private static <T> List<T> perWindow(List<Instant> windows, Map<Instant, T> counts) {
    List<T> values = new ArrayList<>();
    windows.forEach(window -> values.add(counts.get(window)));
    return values;
  }

  private Totals totals(
      Instant newest,
      List<Column> columns,
      List<Long> rowCounts,
      List<FindingCounts> findingCounts) {
    int judged = 0;
    int firing = 0;
    for (Column column : columns) {
      judged += column.status() == Status.OK || column.status() == Status.FIRING ? 1 : 0;
      firing += column.status() == Status.FIRING ? 1 : 0;
    }
    long sparse = data.drifts().stream().filter(DriftRow::isSparse).count();
    sparse += data.sparse().stream().mapToLong(SparseSlice::checks).sum();
    return new Totals(
        newest == null ? null : rowCounts.get(rowCounts.size() - 1),
        judged,
        firing,
        newest == null ? 0 : Attention.openAlerts(data.alerts()).size(),
        data.alertsElsewhere(),
        newest == null ? FindingCounts.NONE : findingCounts.get(findingCounts.size() - 1),
        Math.toIntExact(sparse));
  }

  private Baseline baseline() {
    Long rows =
        data.states().baseline().entrySet().stream()
            .filter(entry -> entry.getKey().isWhole())
            .map(Map.Entry::getValue)
            .map(ColumnState::rows)
            .max(Comparator.naturalOrder())
            .orElse(null);
    return new Baseline(baselineTable, data.states().baselineId(), rows);
  }
}
