package dev.telltale.jobs.report;

import dev.telltale.experiment.Phrases;
import dev.telltale.jobs.report.Trial.Change;
import dev.telltale.jobs.report.Trial.Compared;
import dev.telltale.jobs.report.Trial.Segments;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** Words and marks of experiments. */
final class TrialWords {
  private static final String GOOD = "OK";
  private static final String BAD = "FIRING";
  private static final String UNSURE = "INSUFFICIENT_DATA";

  /** Why units are set aside: key in the JSON, words on the page. */
  private static final Map<String, String> ASIDE =
      Map.of(
          "several_variants", "seen in several variants",
          "excluded", "excluded by the declaration",
          "undeclared", "in a variant that is not declared",
          "late", "first exposed after the end");

  /** Width of the drawing of intervals, and of its margins. */
  private static final double WIDTH = 100;

  private static final double MARGIN = 3;

  private TrialWords() {}

  /** What to do with a variant. */
  static String decision(String decision) {
    return switch (decision) {
      case "STOP_FOR_HARM" -> "stop: harm";
      case "STOP_FOR_FUTILITY" -> "stop: futile";
      default -> Formats.words(decision);
    };
  }

  /** How a decision is painted. */
  static String decisionTone(String decision) {
    return switch (decision) {
      case "SHIP" -> GOOD;
      case "STOP_FOR_HARM", "INVALID" -> BAD;
      case "KEEP_RUNNING" -> "OPEN";
      default -> UNSURE;
    };
  }

  /** What a metric shows. */
  static String outcome(String outcome) {
    return outcome.equals("NON_INFERIOR") ? "within the margin" : Formats.words(outcome);
  }

  /** How an outcome is painted. */
  static String tone(String outcome) {
    return switch (outcome) {
      case "INVALID" -> BAD;
      case "INSUFFICIENT_DATA" -> UNSURE;
      case "NON_INFERIOR" -> GOOD;
      default -> "OPEN";
    };
  }

  static String aside(Map<String, Long> units) {
    List<String> parts = new ArrayList<>();
    units.forEach(
        (reason, count) -> {
          if (count > 0) {
            parts.add(Formats.count(count) + " " + ASIDE.get(reason));
          }
        });
    return parts.isEmpty()
        ? "No unit is set aside."
        : "Set aside and not counted: " + String.join(", ", parts) + ".";
  }

  /** With its sign; a share in percent. */
  static String signed(Double value, boolean share) {
    if (value == null) {
      return Formats.NOTHING;
    }
    if (share) {
      return Phrases.percent(value);
    }
    return (value > 0 ? "+" : "") + Phrases.number(value);
  }

  static String interval(Change change, boolean share) {
    if (change.low() == null && change.high() == null) {
      return "no interval yet";
    }
    if (change.low() == null) {
      return "at most " + signed(change.high(), share);
    }
    return change.high() == null
        ? "at least " + signed(change.low(), share)
        : signed(change.low(), share) + " to " + signed(change.high(), share);
  }

  /**
   * Intervals of segments on one scale that has zero on it; places from 0 to 100.
   *
   * @param low place of the lower end; an end that is not known is that of the drawing
   * @param value place of the effect; null without one
   */
  record Mark(Trial.Part part, String low, String high, String value, String zero) {}

  static List<Mark> marks(Segments segments) {
    boolean share = segments.parts().stream().anyMatch(part -> part.lift() != null);
    List<Change> known =
        segments.parts().stream()
            .filter(part -> (part.lift() != null) == share)
            .map(Compared::shown)
            .filter(Objects::nonNull)
            .toList();
    double[] ends =
        DoubleStream.concat(
                DoubleStream.of(0),
                known.stream()
                    .flatMap(change -> Stream.of(change.low(), change.high(), change.value()))
                    .filter(Objects::nonNull)
                    .mapToDouble(Double::doubleValue))
            .sorted()
            .toArray();
    double from = ends[0];
    double span = ends[ends.length - 1] - from;
    Function<Double, String> place =
        value ->
            String.format(
                Locale.ROOT,
                "%.2f",
                span == 0 ? WIDTH / 2 : MARGIN + (WIDTH - 2 * MARGIN) * (value - from) / span);
    List<Mark> marks = new ArrayList<>();
    for (Trial.Part part : segments.parts()) {
      Change change = (part.lift() != null) == share ? part.shown() : null;
      boolean isBare = change == null || (change.low() == null && change.high() == null);
      marks.add(
          new Mark(
              part,
              isBare ? null : change.low() == null ? "0" : place.apply(change.low()),
              isBare ? null : change.high() == null ? "100" : place.apply(change.high()),
              change == null || change.value() == null ? null : place.apply(change.value()),
              place.apply(0.0)));
    }
    return marks;
  }
}
