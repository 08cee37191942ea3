package dev.telltale.jobs.report;

import dev.telltale.config.Granularity;
import dev.telltale.jobs.report.Report.Concern;
import dev.telltale.jobs.report.Report.Level;
import dev.telltale.jobs.report.Report.Totals;
import dev.telltale.jobs.report.Report.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Words what happened: the title of a concern and the sentence at the top. */
final class Titles {
  /** From two on; above, digits. */
  private static final List<String> NUMBERS =
      List.of(
          "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
          "twelve");

  private static final String EXPERIMENT = "EXPERIMENT";

  private Titles() {}

  /** What happened to a column or an experiment, in a few words with its name. */
  static String title(
      String kind, String driftType, String column, String metric, String severity) {
    return kind.equals(EXPERIMENT)
        ? experiment(column, metric, severity)
        : title(kind, driftType, column);
  }

  private static String experiment(String id, String metric, String severity) {
    String name = "The experiment " + Formats.shorten(id);
    if (metric != null && metric.split(" ", 2)[0].equals("harm")) {
      return name + " harms";
    }
    return name + (severity.equals("CRITICAL") ? " cannot be believed" : " should be looked into");
  }

  private static String title(String kind, String driftType, String column) {
    boolean consecutive = "CONSECUTIVE".equals(driftType);
    String reference = consecutive ? "the window before" : "the baseline";
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
                  ? ": the missing share jumped since the window before"
                  : ": the missing share differs from the baseline");
      case "NEW_CATEGORY" -> name + " has categories that " + reference + " does not have";
      case "OUT_OF_RANGE" -> name + " leaves the range of " + reference;
      case "STUCK" -> name + " is stuck at one value, unlike " + reference;
      case "WENT_LIVE" -> name + " varies now and was constant in " + reference;
      case "ROW_COUNT" ->
          name + (consecutive ? " jumped since the window before" : " differs from the baseline");
      case "SCHEMA" -> name + " does not match the schema of the baseline";
      case "DUPLICATE_IDS" -> "Several predictions share an id";
      case "PERSONAL_DATA" -> name + " may say who people are";
      case "WRONG_CLOCK" -> "Predictions have times that cannot be";
      case "QUALITY" ->
          "TRAINING".equals(driftType)
              ? "The model is worse than in training"
              : "The version is worse than the one before";
      case "EXPECTATION" ->
          (column.equals(Subject.TABLE) ? "A table" : name) + " is not as the model file expects";
      case "SYSTEM" -> service(driftType);
      case "KPI" -> "The model improved, but not what it is a proxy for";
      default -> name + ": " + Formats.words(kind);
    };
  }

  private static String service(String comparedWith) {
    return switch (String.valueOf(comparedWith)) {
      case "OBJECTIVE" -> "The service misses an objective";
      case "CONSECUTIVE" -> "The service is worse than in the window before";
      case "PREVIOUS_VERSION" -> "The service is worse with the version than with the one before";
      default -> "The service crashes in a new way";
    };
  }

  /** The report in one sentence, and one more if alerts are open that it does not show. */
  static Verdict verdict(
      Instant newest, Granularity granularity, Totals totals, List<Concern> attention) {
    Verdict shown = verdict(newest, totals, attention);
    Map<String, Integer> others = totals.alertsOpenElsewhere();
    if (others.isEmpty()) {
      return shown;
    }
    int open = others.values().stream().mapToInt(Integer::intValue).sum();
    String elsewhere =
        (open == 1 ? "one alert is" : small(open) + " alerts are")
            + " open about windows of "
            + String.join(" and ", others.keySet())
            + ".";
    return shown.level() == Level.QUIET
        ? new Verdict(
            Level.FINDINGS,
            "Nothing needs attention in windows of " + granularity.label() + ", but " + elsewhere)
        : new Verdict(shown.level(), shown.sentence() + " Besides, " + elsewhere);
  }

  private static Verdict verdict(Instant newest, Totals totals, List<Concern> attention) {
    if (newest == null) {
      return new Verdict(
          Level.UNKNOWN, "There is nothing to say: the interval holds no profiled window.");
    }
    List<Concern> alerts = attention.stream().filter(concern -> concern.alert() != null).toList();
    if (!alerts.isEmpty()) {
      return new Verdict(Level.ALERT, alerts(totals.alertsOpen(), alerts));
    }
    List<Concern> urgent = attention.stream().filter(concern -> !concern.hint()).toList();
    if (!urgent.isEmpty()) {
      return new Verdict(
          Level.FINDINGS,
          "No alert is open, but "
              + (urgent.size() == 1
                  ? "one thing needs a look: "
                  : small(urgent.size()) + " things need a look; first of all, ")
              + sentence(urgent.get(0))
              + ".");
    }
    if (totals.columnsJudged() == 0) {
      return new Verdict(
          Level.UNKNOWN, "The newest window is profiled, but nothing in it could be judged.");
    }
    if (!attention.isEmpty()) {
      return new Verdict(
          Level.QUIET,
          "Nothing needs attention; worth knowing: " + sentence(attention.get(0)) + ".");
    }
    return new Verdict(
        Level.QUIET,
        "Nothing needs attention: in the newest window "
            + (totals.columnsJudged() == 1
                ? "the one judged column looks"
                : "all " + Formats.count(totals.columnsJudged()) + " judged columns look")
            + " like the baseline.");
  }

  /** An alert follows one fact in one part of the rows; several may be about the same. */
  private static String alerts(int open, List<Concern> alerts) {
    String worst = sentence(alerts.get(0));
    if (open == 1) {
      return "One alert is open: " + worst + ".";
    }
    String count = small(open) + " alerts are open";
    if (alerts.size() == 1) {
      return capital(count) + ", all about one thing: " + worst + ".";
    }
    return capital(count)
        + (open == alerts.size() ? "" : ", about " + small(alerts.size()) + " things")
        + "; first of all, "
        + worst
        + ".";
  }

  private static String sentence(Concern concern) {
    String title = concern.title();
    String start =
        concern.column().equals(Subject.TABLE) || concern.kind().equals(EXPERIMENT)
            ? title.substring(0, 1).toLowerCase(Locale.ROOT) + title.substring(1)
            : title;
    String part = concern.part() == null ? "" : " where " + Formats.shorten(concern.part());
    String since =
        concern.firstSeen() == null ? "" : ", first seen on " + Formats.when(concern.firstSeen());
    return start + part + since;
  }

  private static String capital(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  private static String small(int count) {
    return count > 1 && count <= NUMBERS.size() + 1 ? NUMBERS.get(count - 2) : Formats.count(count);
  }
}
