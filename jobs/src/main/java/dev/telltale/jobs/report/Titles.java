package dev.telltale.jobs.report;

import dev.telltale.jobs.report.Report.Concern;
import dev.telltale.jobs.report.Report.Level;
import dev.telltale.jobs.report.Report.Totals;
import dev.telltale.jobs.report.Report.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Words what happened: the title of a concern and the sentence at the top. */
final class Titles {
  private Titles() {}

  /** What happened to a column, in a few words that start with its name. */
  static String title(String kind, String driftType, String column) {
    boolean consecutive = "CONSECUTIVE".equals(driftType);
    String name = column.equals(Subject.TABLE) ? "The row count" : Formats.shorten(column);
    return switch (kind) {
      case "DRIFT" ->
          name
              + (consecutive
                  ? " changed since the window before"
                  : " has drifted from the baseline");
      case "MISSINGNESS" ->
          name
              + (consecutive
                  ? ": the missing share jumped"
                  : ": the missing share differs from the baseline");
      case "NEW_CATEGORY" ->
          name
              + " has categories that "
              + (consecutive ? "the window before" : "the baseline")
              + " does not have";
      case "OUT_OF_RANGE" -> name + " leaves the range of the baseline";
      case "STUCK" -> name + " is stuck at one value";
      case "WENT_LIVE" -> name + " was constant and now varies";
      case "ROW_COUNT" ->
          name + (consecutive ? " jumped since the window before" : " differs from the baseline");
      case "SCHEMA" -> name + " does not match the schema of the baseline";
      default -> name + ": " + Formats.words(kind);
    };
  }

  /** The report in one sentence. */
  static Verdict verdict(Instant newest, Totals totals, List<Concern> attention) {
    if (newest == null) {
      return new Verdict(
          Level.UNKNOWN, "There is nothing to say: the interval holds no profiled window.");
    }
    long open = attention.stream().filter(concern -> concern.alert() != null).count();
    if (open > 0) {
      Concern worst = attention.get(0);
      return new Verdict(
          Level.ALERT,
          (open == 1 ? "One alert is open: " : number(open) + " alerts are open; first of all, ")
              + sentence(worst)
              + ".");
    }
    if (!attention.isEmpty()) {
      Concern worst = attention.get(0);
      return new Verdict(
          Level.FINDINGS,
          "No alert is open, but "
              + (attention.size() == 1
                  ? "one finding is new: "
                  : number(attention.size()).toLowerCase(Locale.ROOT)
                      + " findings are new; first of all, ")
              + sentence(worst)
              + ".");
    }
    if (totals.columnsJudged() == 0) {
      return new Verdict(
          Level.UNKNOWN, "The newest window is profiled, but nothing in it could be judged.");
    }
    return new Verdict(
        Level.QUIET,
        "Nothing needs attention: in the newest window all "
            + Formats.plural(totals.columnsJudged(), "judged column")
            + " look like the baseline.");
  }

  private static String sentence(Concern concern) {
    String title = concern.title();
    String start = title.startsWith("The ") ? "t" + title.substring(1) : title;
    String part = concern.part() == null ? "" : " (" + Formats.shorten(concern.part()) + ")";
    String since =
        concern.firstSeen() == null ? "" : ", first seen on " + Formats.when(concern.firstSeen());
    return start + part + since;
  }

  private static String number(long count) {
    return switch ((int) Math.min(count, 13)) {
      case 2 -> "Two";
      case 3 -> "Three";
      case 4 -> "Four";
      case 5 -> "Five";
      case 6 -> "Six";
      case 7 -> "Seven";
      case 8 -> "Eight";
      case 9 -> "Nine";
      case 10 -> "Ten";
      case 11 -> "Eleven";
      case 12 -> "Twelve";
      default -> Formats.count(count);
    };
  }
}
