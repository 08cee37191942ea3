package dev.telltale.look;

import dev.telltale.config.ExperimentMetric;
import dev.telltale.experiment.Phrases;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Why, in a sentence. */
final class Sentences {
  private final boolean isPlanned;

  Sentences(boolean isPlanned) {
    this.isPlanned = isPlanned;
  }

  /** Of a metric with a look. */
  String because(Asked asked) {
    StringBuilder text = new StringBuilder();
    asked
        .measured
        .result()
        .deciding()
        .ifPresent(
            inference ->
                text.append(Phrases.difference(asked.measured.result().comparison(), inference)));
    if (text.isEmpty()) {
      text.append(asked.subject.metric()).append(" cannot be tested now");
    }
    asked
        .reading()
        .filter(reading -> Double.isFinite(reading.low()) || Double.isFinite(reading.high()))
        .ifPresent(
            reading ->
                text.append(
                    String.format(
                        Locale.ROOT,
                        " (%s %% repeated interval %s to %s)",
                        Phrases.number(100 * (1 - reading.level())),
                        Phrases.number(reading.low()),
                        Phrases.number(reading.high()))));
    text.append(": ").append(status(asked));
    if (!asked.isOpen) {
      text.append("; it is not asked before all primary metrics of ")
          .append(asked.subject.variant())
          .append(" are shown");
    }
    asked.fixed.ifPresent(
        date -> text.append("; fixed by the last look, with data up to ").append(date));
    if (asked.subject.segment().isPresent()) {
      text.append("; this is exploratory");
    }
    return text.append('.').toString();
  }

  private String status(Asked asked) {
    double bound = asked.course.orElseThrow().limit(asked.level).bound();
    PastLook.Reading latest = asked.latest();
    String z =
        Measured.hasMargin(asked.metric)
            ? "z " + Phrases.number(latest.z()) + " against a loss of " + margin(asked.metric)
            : "z " + Phrases.number(latest.z());
    String where =
        String.format(Locale.ROOT, "look %,d with %s", asked.readings.size(), known(latest));
    if (Double.isInfinite(bound)) {
      return z + earlier(asked) + "; nothing may be spent at " + where;
    }
    return String.format(
        Locale.ROOT,
        "%s %s the bound %s of %s%s, at the level %s%s",
        z,
        asked.isCrossedNow() ? "reaches" : "does not reach",
        Phrases.number(bound),
        where,
        earlier(asked),
        Phrases.number(asked.level),
        asked.familySize > 1
            ? String.format(Locale.ROOT, " in a family of %,d", asked.familySize)
            : "");
  }

  /** That it is an earlier look that has shown it. */
  private String earlier(Asked asked) {
    if (!asked.isShown || asked.isCrossedNow()) {
      return "";
    }
    return String.format(
        Locale.ROOT,
        ", but z %s with data up to %s did",
        Phrases.number(asked.readings.get(asked.look - 1).z()),
        asked.dates.get(asked.look - 1));
  }

  private String known(PastLook.Reading reading) {
    return isPlanned
        ? Phrases.number(100 * reading.information()) + " % of the information"
        : String.format(Locale.ROOT, "%,d units", (long) reading.information());
  }

  static String margin(ExperimentMetric metric) {
    return Phrases.margin(Measured.nonInferiority(metric));
  }

  static String noWindow(Asked asked, LocalDate end) {
    return String.format(
        Locale.ROOT,
        "No unit's window is over: that of %s ends %,d days after the day of the exposure, and data"
            + " are up to %s.",
        asked.subject.metric(),
        asked.metric.settlingDays(),
        end);
  }

  /** Names with what the looks have read: {@code clicks (z 4.2, bound 2.96)}. */
  static String list(List<Asked> asked) {
    return asked.stream().map(Sentences::numbers).collect(Collectors.joining(", "));
  }

  private static String numbers(Asked asked) {
    if (asked.course.isEmpty()) {
      return asked.subject.metric() + " (no look yet)";
    }
    PastLook.Reading latest = asked.latest();
    double bound = asked.course.get().limit(asked.level).bound();
    boolean isEarlier = asked.isShown && !asked.isCrossedNow();
    return String.format(
        Locale.ROOT,
        "%s (z %s, bound %s%s)",
        asked.subject.metric(),
        Phrases.number(latest.z()),
        Double.isInfinite(bound) ? "none" : Phrases.number(bound),
        isEarlier ? ", reached with data up to " + asked.dates.get(asked.look - 1) : "");
  }
}
