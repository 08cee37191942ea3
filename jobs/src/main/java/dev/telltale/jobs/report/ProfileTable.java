package dev.telltale.jobs.report;

import dev.telltale.jobs.report.Report.Column;
import dev.telltale.jobs.report.Report.Profile;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The summary of a column, baseline beside newest window, as text. */
final class ProfileTable {
  private ProfileTable() {}

  /** One line of the table. */
  record Line(String name, String baseline, String current) {}

  /** The lines that say something on either side. */
  static List<Line> rows(Column column) {
    List<Line> lines = new ArrayList<>();
    boolean time = "TIMESTAMP".equals(column.kind());
    Function<Number, String> value = time ? ProfileTable::time : Formats::number;
    add(lines, column, "Rows", Profile::rows, Formats::count);
    add(lines, column, "Missing", Profile::missingShare, Formats::percent);
    add(lines, column, "Smallest", Profile::min, value);
    add(lines, column, "Median", Profile::median, value);
    add(lines, column, "Mean", Profile::mean, value);
    add(lines, column, "Largest", Profile::max, value);
    if (!time) {
      add(lines, column, "Standard deviation", Profile::standardDeviation, Formats::number);
    }
    add(lines, column, distinctName(column), Profile::distinct, Formats::count);
    add(lines, column, "Not in the baseline", Profile::unseenShare, Formats::percent);
    Profile current = column.profile();
    if (current != null && current.constantSince() != null) {
      lines.add(new Line("Constant since", "", Formats.when(current.constantSince())));
    }
    return lines;
  }

  private static String distinctName(Column column) {
    boolean estimated =
        column.profile() != null && Boolean.FALSE.equals(column.profile().distinctIsExact());
    return estimated ? "Categories, estimated" : "Categories";
  }

  private static String time(Number seconds) {
    return seconds == null
        ? Formats.NOTHING
        : Formats.when(java.time.Instant.ofEpochSecond(seconds.longValue()));
  }

  private static void add(
      List<Line> lines,
      Column column,
      String name,
      Function<Profile, Number> side,
      Function<Number, String> format) {
    Number before = column.baselineProfile() == null ? null : side.apply(column.baselineProfile());
    Number after = column.profile() == null ? null : side.apply(column.profile());
    if (before != null || after != null) {
      lines.add(new Line(name, format.apply(before), format.apply(after)));
    }
  }
}
