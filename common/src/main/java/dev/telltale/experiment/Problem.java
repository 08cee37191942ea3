package dev.telltale.experiment;

import java.util.Locale;
import java.util.Optional;

/**
 * Why a comparison cannot be judged.
 *
 * @param outcome insufficient or invalid
 * @param because the reason in a sentence
 */
record Problem(Outcome outcome, String because) {
  /** A denominator closer to zero than this many standard errors makes no ratio. */
  private static final double CLEAR_OF_ZERO = 3;

  static Optional<Problem> of(Comparison comparison, ExperimentPolicy policy) {
    Optional<Problem> control = ofSide(comparison, comparison.control(), policy);
    return control.isPresent()
        ? control
        : ofSide(comparison, comparison.compared(), policy).or(() -> ofBoth(comparison));
  }

  private static Optional<Problem> ofSide(
      Comparison comparison, Comparison.Side side, ExperimentPolicy policy) {
    CrossMoments moments = side.moments();
    if (side.negativeDenominators() > 0) {
      return invalid(
          "The denominator of %s is negative in %,d units of %s.",
          comparison.metric(), side.negativeDenominators(), side.name());
    }
    int needed = Math.max(2, policy.minimumUnits());
    if (moments.n() < needed) {
      return Optional.of(
          new Problem(
              Outcome.INSUFFICIENT_DATA,
              format(
                  "%s has %,d units with %s, fewer than the %,d that a comparison takes.",
                  side.name(), moments.n(), comparison.metric(), needed)));
    }
    if (side.insufficient().isPresent()) {
      return Optional.of(
          new Problem(
              Outcome.INSUFFICIENT_DATA,
              format(
                  "%s cannot be tested in %s: %s.",
                  comparison.metric(), side.name(), side.insufficient().get())));
    }
    if (comparison.estimand().isRatio()) {
      int denominator = comparison.estimand().denominator();
      double mean = moments.mean(denominator);
      double error = Math.sqrt(moments.variance(denominator) / moments.n());
      if (!(mean > CLEAR_OF_ZERO * error)) {
        return invalid(
            "The denominator of %s is not clear of zero in %s: mean %s, standard error %s.",
            comparison.metric(), side.name(), Phrases.number(mean), Phrases.number(error));
      }
    }
    return Optional.empty();
  }

  private static Optional<Problem> ofBoth(Comparison comparison) {
    Estimand estimand = comparison.estimand();
    CrossMoments control = comparison.control().moments();
    CrossMoments variant = comparison.compared().moments();
    double spread = estimand.variance(control) + estimand.variance(variant);
    if (spread > 0 && Double.isFinite(spread)) {
      return Optional.empty();
    }
    if (spread > 0) {
      return invalid("The values of %s are too large for a variance.", comparison.metric());
    }
    double first = estimand.value(control);
    double second = estimand.value(variant);
    return Optional.of(
        new Problem(
            Outcome.INSUFFICIENT_DATA,
            first == second
                ? format(
                    "%s is %s in every unit of both: nothing varies, so nothing can be tested.",
                    comparison.metric(), Phrases.number(first))
                : format(
                    "%s is %s in every unit of %s and %s in every unit of %s: without variation"
                        + " nothing can be tested.",
                    comparison.metric(),
                    Phrases.number(first),
                    comparison.control().name(),
                    Phrases.number(second),
                    comparison.compared().name())));
  }

  private static Optional<Problem> invalid(String text, Object... values) {
    return Optional.of(new Problem(Outcome.INVALID, format(text, values)));
  }

  private static String format(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }
}
