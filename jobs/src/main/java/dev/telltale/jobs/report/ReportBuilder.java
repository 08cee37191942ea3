package dev.telltale.jobs.report;

import dev.telltale.jobs.report.Report.Baseline;
import dev.telltale.jobs.report.Report.Column;
import dev.telltale.jobs.report.Report.Concern;
import dev.telltale.jobs.report.Report.NotKnown;
import dev.telltale.jobs.report.Report.Run;
import dev.telltale.jobs.report.Report.Slice;
import dev.telltale.jobs.report.Report.SliceFinding;
import dev.telltale.jobs.report.Report.Status;
import dev.telltale.jobs.report.Report.Totals;
import dev.telltale.jobs.report.ReportData.DriftRow;
import dev.telltale.jobs.report.ReportData.FindingRow;
import dev.telltale.jobs.report.ReportData.ProfileRow;
import dev.telltale.jobs.report.ReportData.RunRow;
import dev.telltale.jobs.report.ReportData.SparseSlice;
import dev.telltale.profile.ColumnState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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
    Totals totals = totals(newest, columns, rowCounts);
    return new Report(
        Report.VERSION,
        data.modelId(),
        data.granularity().label(),
        windows.isEmpty() ? data.from() : windows.get(0),
        data.to(),
        newest,
        baseline(),
        Titles.verdict(newest, totals, attention),
        totals,
        attention,
        windows,
        rowCounts,
        findingCounts(windows),
        columns,
        slices(newest),
        data.runs().stream().map(ReportBuilder::run).toList(),
        notKnown(newest, windows, rowCounts, columns));
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

  private List<Long> findingCounts(List<Instant> windows) {
    Map<Instant, Long> counts = new HashMap<>();
    for (ProfileRow row : data.profiles()) {
      counts.putIfAbsent(row.windowStart(), 0L);
    }
    for (FindingRow row : data.findings()) {
      if (row.status().equals("FIRING")) {
        counts.merge(row.windowStart(), 1L, Long::sum);
      }
    }
    return perWindow(windows, counts);
  }

  private static List<Long> perWindow(List<Instant> windows, Map<Instant, Long> counts) {
    List<Long> values = new ArrayList<>();
    windows.forEach(window -> values.add(counts.get(window)));
    return values;
  }

  private Totals totals(Instant newest, List<Column> columns, List<Long> rowCounts) {
    int judged = 0;
    int firing = 0;
    for (Column column : columns) {
      judged += column.status() == Status.OK || column.status() == Status.FIRING ? 1 : 0;
      firing += column.status() == Status.FIRING ? 1 : 0;
    }
    long findings =
        data.findings().stream()
            .filter(row -> row.windowStart().equals(newest) && row.status().equals("FIRING"))
            .count();
    long sparse = data.drifts().stream().filter(ReportBuilder::isSparse).count();
    sparse += data.sparse().stream().mapToLong(SparseSlice::checks).sum();
    return new Totals(
        rowCounts.isEmpty() ? null : rowCounts.get(rowCounts.size() - 1),
        judged,
        firing,
        newest == null ? 0 : Attention.openAlerts(data.alerts()).size(),
        Math.toIntExact(findings),
        Math.toIntExact(sparse));
  }

  private static boolean isSparse(DriftRow row) {
    return "INSUFFICIENT_DATA".equals(row.status());
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

  private List<Slice> slices(Instant newest) {
    Map<String, List<FindingRow>> parts = new TreeMap<>();
    for (FindingRow row : data.findings()) {
      if (row.windowStart().equals(newest)
          && row.status().equals("FIRING")
          && !row.subject().isWhole()) {
        parts.computeIfAbsent(row.subject().part(), key -> new ArrayList<>()).add(row);
      }
    }
    List<Slice> slices = new ArrayList<>();
    parts.forEach(
        (part, rows) -> {
          List<SliceFinding> findings =
              rows.stream()
                  .sorted(
                      Comparator.comparingInt(
                              (FindingRow row) -> Attention.severityRank(row.severity()))
                          .thenComparing(row -> -Attention.excess(row.value(), row.threshold())))
                  .map(ReportBuilder::sliceFinding)
                  .toList();
          slices.add(new Slice(part, findings.get(0).severity(), findings));
        });
    slices.sort(
        Comparator.comparingInt((Slice slice) -> Attention.severityRank(slice.severity()))
            .thenComparing(
                slice ->
                    -Attention.excess(
                        slice.findings().get(0).value(), slice.findings().get(0).threshold())));
    return List.copyOf(slices);
  }

  private static SliceFinding sliceFinding(FindingRow row) {
    String column = row.subject().column();
    return new SliceFinding(
        column,
        Links.column(column),
        Titles.title(row.kind(), row.driftType(), column),
        row.severity(),
        row.metric(),
        row.value(),
        row.threshold(),
        row.firstSeen(),
        row.because());
  }

  private static Run run(RunRow row) {
    return new Run(
        row.runId(),
        row.job(),
        row.intervalStart(),
        row.intervalEnd(),
        row.outcome(),
        row.message(),
        row.configHash(),
        row.codeVersion(),
        new TreeMap<>(row.sources()),
        row.restated(),
        row.rowsRead(),
        row.bytesRead(),
        row.rowsWritten(),
        row.seconds(),
        row.asOf(),
        row.startedAt());
  }

  private List<NotKnown> notKnown(
      Instant newest, List<Instant> windows, List<Long> rowCounts, List<Column> columns) {
    List<NotKnown> unknown = new ArrayList<>();
    if (newest == null) {
      return unknown;
    }
    if (newest.isBefore(data.granularity().previous(data.to()))) {
      unknown.add(
          new NotKnown(
              "Everything after " + Formats.when(data.granularity().next(newest)),
              "no data",
              "The interval ends on "
                  + Formats.when(data.to())
                  + ", but no later window is profiled."));
    }
    long gaps = rowCounts.stream().filter(count -> count == null).count();
    if (gaps > 0) {
      Instant first = windows.get(rowCounts.indexOf(null));
      unknown.add(
          new NotKnown(
              Formats.plural(gaps, "window") + " between the first and the newest",
              "no data",
              "Nothing is profiled for them; the first is the window of "
                  + Formats.when(first)
                  + "."));
    }
    for (DriftRow row : data.drifts()) {
      if (isSparse(row)) {
        unknown.add(
            new NotKnown(
                name(row.column()) + ": " + row.metric() + comparedWith(row.driftType()),
                "insufficient data",
                row.because()));
      }
    }
    for (SparseSlice slice : data.sparse()) {
      unknown.add(
          new NotKnown(
              slice.subject().part() + ": " + Formats.plural(slice.checks(), "check"),
              "insufficient data",
              slice.because()));
    }
    for (Column column : columns) {
      if (column.status() == Status.SKIPPED) {
        unknown.add(new NotKnown(column.column(), Formats.words(column.kind()), skipped(column)));
      } else if (column.status() == Status.NOT_JUDGED) {
        unknown.add(new NotKnown(column.column(), "not judged", notJudged(column)));
      }
    }
    return List.copyOf(unknown);
  }

  private static String skipped(Column column) {
    return switch (column.kind()) {
      case "LOST" -> "The baseline has this column, the predictions do not.";
      case "GAINED" -> "The predictions have this column, the baseline does not.";
      case "RETYPED" -> "Its types in the baseline and in the predictions cannot be compared.";
      default -> "Columns of type " + column.dataType() + " are named, not summarised.";
    };
  }

  private static String notJudged(Column column) {
    if (column.profile() == null) {
      return "The newest window does not have this column.";
    }
    return "TIMESTAMP".equals(column.kind())
        ? "Time that moves on is no drift, so a timestamp is profiled and not compared."
        : "No comparison was stored for this column in the newest window.";
  }

  private static String name(String column) {
    return column.equals(Subject.TABLE) ? "Row count" : column;
  }

  private static String comparedWith(String driftType) {
    return "CONSECUTIVE".equals(driftType) ? " against the window before" : " against the baseline";
  }
}
