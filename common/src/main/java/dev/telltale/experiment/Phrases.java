package dev.telltale.experiment;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.OptionalDouble;

/** The sentences of a decision. */
public final class Phrases {
  private static final MathContext THREE_DIGITS = new MathContext(3);

  private Phrases() {}

  /** Three significant digits. */
  public static String number(double value) {
    if (!Double.isFinite(value)) {
      return Double.toString(value);
    }
    double size = Math.abs(value);
    if (size >= 1000 && size < 1e15) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    if (size == 0 || (size >= 1e-4 && size < 1000)) {
      return new BigDecimal(value).round(THREE_DIGITS).stripTrailingZeros().toPlainString();
    }
    return String.format(Locale.ROOT, "%.3g", value);
  }

  /** Three digits of a p-value, which is never zero but where doubles end. */
  public static String pValue(double value) {
    return value == 0 ? "below 1e-300" : number(value);
  }

  /** A message as a sentence. */
  public static String sentence(String message) {
    String upper = Character.toUpperCase(message.charAt(0)) + message.substring(1);
    return upper.endsWith(".") ? upper : upper + ".";
  }

  static String needed(Comparison comparison, Inference seen, double alpha) {
    OptionalDouble units = ExperimentJudge.controlUnitsNeeded(comparison, seen, alpha);
    if (units.isEmpty()) {
      return "";
    }
    double ratio =
        (double) comparison.compared().moments().n() / comparison.control().moments().n();
    return String.format(
        Locale.ROOT,
        " To show a difference as large as the one seen, %s, with 80 %% power takes about %s units"
            + " of %s and %s of %s.",
        number(seen.absolute().effect()),
        whole(units.getAsDouble()),
        comparison.control().name(),
        whole(units.getAsDouble() * ratio),
        comparison.compared().name());
  }

  private static String whole(double units) {
    return String.format(Locale.ROOT, "%,d", (long) Math.ceil(units));
  }

  static String because(
      Comparison comparison,
      ExperimentPolicy policy,
      Inference inference,
      Outcome outcome,
      double pValueAdjusted,
      int familySize) {
    Inference.Effect effect = inference.absolute();
    String difference =
        switch (inference.test()) {
          case "mann-whitney" ->
              String.format(
                  Locale.ROOT,
                  "A unit of %s is above one of %s with probability %s%s",
                  comparison.compared().name(),
                  comparison.control().name(),
                  number(0.5 + effect.effect()),
                  interval(effect, policy, 0.5));
          case "wilcoxon" ->
              String.format(
                  Locale.ROOT,
                  "The rank correlation of the pairs' differences in %s is %s",
                  comparison.metric(),
                  number(effect.effect()));
          default -> difference(comparison, inference) + interval(effect, policy, 0);
        };
    String corrected =
        familySize > 1 ? String.format(Locale.ROOT, ", corrected for %d tests,", familySize) : "";
    String comparisonWord = outcome == Outcome.NOT_SHOWN ? "is not below" : "is below";
    String question =
        switch (policy.hypothesis().kind()) {
          case SUPERIORITY -> "";
          case NON_INFERIORITY -> " of being worse by " + margin(policy.hypothesis());
          case EQUIVALENCE -> " of a difference beyond " + margin(policy.hypothesis());
        };
    return String.format(
        Locale.ROOT,
        "%s: p%s %s%s %s %s.",
        difference,
        question,
        pValue(pValueAdjusted),
        corrected,
        comparisonWord,
        number(policy.alpha()));
  }

  /** A margin with its unit: {@code 2 %} or {@code 0.3}. */
  public static String margin(Hypothesis hypothesis) {
    return hypothesis.isRelative()
        ? number(100 * hypothesis.margin()) + " %"
        : number(hypothesis.margin());
  }

  /**
   * The difference of two arms: {@code spend is 3 higher in blue than in grey, +6 %}.
   *
   * @param inference its test
   */
  public static String difference(Comparison comparison, Inference inference) {
    double effect = inference.absolute().effect();
    return String.format(
        Locale.ROOT,
        "%s is %s %s in %s than in %s%s",
        comparison.metric(),
        number(Math.abs(effect)),
        effect < 0 ? "lower" : "higher",
        comparison.compared().name(),
        comparison.control().name(),
        inference.relative().map(lift -> ", " + percent(lift.effect())).orElse(""));
  }

  /** A lift in percent, with its sign. */
  public static String percent(double lift) {
    return (lift < 0 ? "-" : "+") + number(Math.abs(100 * lift)) + " %";
  }

  private static String interval(Inference.Effect effect, ExperimentPolicy policy, double shift) {
    if (Double.isNaN(effect.low())) {
      return "";
    }
    double level =
        policy.hypothesis().kind() == Hypothesis.Kind.EQUIVALENCE
            ? 1 - 2 * policy.alpha()
            : 1 - policy.alpha();
    String share = number(100 * level);
    if (Double.isInfinite(effect.low())) {
      return String.format(
          Locale.ROOT, " (%s %% sure of at most %s)", share, number(shift + effect.high()));
    }
    if (Double.isInfinite(effect.high())) {
      return String.format(
          Locale.ROOT, " (%s %% sure of at least %s)", share, number(shift + effect.low()));
    }
    return String.format(
        Locale.ROOT,
        " (%s %% interval %s to %s)",
        share,
        number(shift + effect.low()),
        number(shift + effect.high()));
  }
}
