package dev.telltale.jobs.report;

import dev.telltale.jobs.report.Report.Column;
import dev.telltale.jobs.report.Report.NotKnown;
import dev.telltale.jobs.report.Report.Status;
import dev.telltale.jobs.report.ReportData.DriftRow;
import dev.telltale.jobs.report.ReportData.SparseSlice;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Lists what the report cannot say: windows without data, checks without rows, columns unjudged.
 */
final class Unknowns {
  private static final String NO_DATA = "no data";
  private static final String INSUFFICIENT_DATA = "insufficient data";

  private final ReportData data;
  private final Instant newest;
  private final Answers answers;

  /**
   * The list for one report.
   *
   * @param newest start of the newest window with data
   * @param answers what is known of the truth; null if nothing is
   */
  Unknowns(ReportData data, Instant newest, Answers answers) {
    this.data = data;
    this.newest = newest;
    this.answers = answers;
  }

  List<NotKnown> of(List<Instant> windows, List<Long> rowCounts, List<Column> columns) {
    List<NotKnown> unknown = new ArrayList<>();
    windows(windows, rowCounts, unknown);
    answers(unknown);
    checks(unknown);
    for (SparseSlice slice : data.sparse()) {
      unknown.add(
          new NotKnown(
              slice.subject().part() + ": " + Formats.plural(slice.checks(), "check"),
              INSUFFICIENT_DATA,
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

  private void windows(List<Instant> windows, List<Long> rowCounts, List<NotKnown> unknown) {
    if (newest.isBefore(data.granularity().previous(data.to()))) {
      unknown.add(
          new NotKnown(
              "Everything from " + Formats.when(data.granularity().next(newest)) + " on",
              NO_DATA,
              "The interval ends on "
                  + Formats.when(data.to())
                  + ", but no later window is profiled."));
    }
    long gaps = rowCounts.stream().filter(count -> count == null).count();
    if (gaps > 0) {
      unknown.add(
          new NotKnown(
              Formats.plural(gaps, "window") + " between the first and the newest",
              NO_DATA,
              "Nothing is profiled for "
                  + (gaps == 1 ? "it: " : "them; the first is ")
                  + "the window of "
                  + Formats.when(windows.get(rowCounts.indexOf(null)))
                  + "."));
    }
  }

  private void answers(List<NotKnown> unknown) {
    String source = data.answers().source();
    if (source == null) {
      unknown.add(
          new NotKnown(
              "Whether the answers are right",
              "no feedback",
              "No source of outcomes is declared: feedback in the model file says where the truth"
                  + " is learned from."));
    } else if (answers == null) {
      unknown.add(
          new NotKnown(
              "Whether the answers are right",
              NO_DATA,
              "In these windows no prediction is joined with the feedback " + source + "."));
    }
  }

  /** One line per column, whatever it is compared with: its checks lack the same rows. */
  private void checks(List<NotKnown> unknown) {
    Map<String, List<DriftRow>> columns = new LinkedHashMap<>();
    for (DriftRow row : data.drifts()) {
      if (row.isSparse()) {
        columns.computeIfAbsent(row.column(), key -> new ArrayList<>()).add(row);
      }
    }
    columns.forEach(
        (column, rows) ->
            unknown.add(
                new NotKnown(
                    (column.equals(Subject.TABLE) ? "Row count" : column)
                        + ": "
                        + Formats.plural(rows.size(), "check"),
                    INSUFFICIENT_DATA,
                    rows.get(0).because())));
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
    return column.profile() == null
        ? "The newest window does not have this column."
        : "No comparison was stored for this column in the newest window.";
  }
}
