package dev.telltale.jobs.report;

import dev.telltale.jobs.report.Report.Slice;
import dev.telltale.jobs.report.Report.SliceFinding;
import dev.telltale.jobs.report.ReportData.FindingRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Builds what the report says about parts of the rows. */
final class SliceReports {
  private static final Comparator<FindingRow> WORST_FIRST =
      Comparator.comparingInt((FindingRow row) -> Attention.severityRank(row.severity()))
          .thenComparing(row -> -row.excess())
          .thenComparing(row -> row.subject().column())
          .thenComparing(FindingRow::findingKey);

  private SliceReports() {}

  /** The parts with a finding in a window: most critical findings first, then most warnings. */
  static List<Slice> of(ReportData data, Instant newest) {
    Map<String, List<FindingRow>> parts = new TreeMap<>();
    for (FindingRow row : data.findings()) {
      if (row.windowStart().equals(newest) && row.fires() && !row.subject().isWhole()) {
        parts.computeIfAbsent(row.subject().part(), key -> new ArrayList<>()).add(row);
      }
    }
    List<Slice> slices = new ArrayList<>();
    parts.forEach((part, rows) -> slices.add(slice(data, part, rows)));
    slices.sort(
        Comparator.comparing((Slice slice) -> -count(slice, "CRITICAL"))
            .thenComparing(slice -> -count(slice, "WARNING"))
            .thenComparing(slice -> -slice.findings().size()));
    return List.copyOf(slices);
  }

  private static Slice slice(ReportData data, String part, List<FindingRow> rows) {
    List<SliceFinding> findings =
        rows.stream().sorted(WORST_FIRST).map(row -> finding(data, row)).toList();
    return new Slice(part, findings.get(0).severity(), findings);
  }

  private static long count(Slice slice, String severity) {
    return slice.findings().stream().filter(finding -> finding.severity().equals(severity)).count();
  }

  private static SliceFinding finding(ReportData data, FindingRow row) {
    String column = row.subject().column();
    return new SliceFinding(
        column,
        row.kind().equals("EXPERIMENT") ? data.trials().link(column) : Links.column(column),
        Titles.title(row.kind(), row.driftType(), column, row.metric(), row.severity()),
        row.severity(),
        row.metric(),
        row.value(),
        row.threshold(),
        row.firstSeen(),
        row.because());
  }
}
