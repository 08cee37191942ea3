package dev.telltale.stats;

import java.util.function.DoubleUnaryOperator;

/**
 * The score test of the difference and of the ratio of two independent proportions, variant against
 * control, and the interval of all values that it does not reject, so that p-value and interval
 * never contradict each other. Miettinen and Nurminen (1985, doi:10.1002/sim.4780040211): the
 * variance is that of the most likely proportions that have the difference or ratio tested, times
 * N/(N - 1) for N trials in both arms. For ratios, and for a difference of 0, statsmodels' {@code
 * test_proportions_2indep(method="score")}; its other differences are wrong up to 0.15 (statsmodels
 * issue 10269).
 *
 * <p>Zero successes and no failure in an arm are no exception. A p-value of a ratio takes constant
 * time; one of a difference a hundred steps of bisection, and an interval two hundred p-values.
 */
public final class ScoreInterval {
  /** Logarithm of ratios beyond which doubles end. */
  private static final double LOG_LIMIT = 700;

  private ScoreInterval() {}

  /**
   * P-value of a difference of proportions other than that given.
   *
   * @param difference variant less control under the null hypothesis, above -1, below 1
   * @return 0 to 1; 1 if an arm is empty
   */
  public static double differencePValue(
      TwoProportions counts, double difference, Alternative alternative) {
    if (!(difference > -1 && difference < 1)) {
      throw new IllegalArgumentException("Not a difference of proportions: " + difference);
    }
    return StandardNormal.pValue(differenceScore(counts, difference), alternative);
  }

  /**
   * P-value of a ratio of proportions other than that given.
   *
   * @param ratio variant to control under the null hypothesis, above 0, finite
   * @return 0 to 1; 1 if an arm is empty or both are without success
   */
  public static double ratioPValue(TwoProportions counts, double ratio, Alternative alternative) {
    if (!(ratio > 0 && ratio < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("Not a ratio of proportions: " + ratio);
    }
    return StandardNormal.pValue(ratioScore(counts, ratio), alternative);
  }

  /**
   * Two-sided interval of the difference.
   *
   * @param level above 0, below 1
   * @return within -1 to 1; all of it if an arm is empty
   */
  public static ConfidenceInterval difference(TwoProportions counts, double level) {
    ConfidenceInterval.checkLevel(level);
    if (counts.isEmpty()) {
      return new ConfidenceInterval(-1, 1, level);
    }
    double z = StandardNormal.upperQuantile((1 - level) / 2);
    double middle = counts.variant() - counts.control();
    DoubleUnaryOperator score = value -> differenceScore(counts, value);
    return new ConfidenceInterval(
        middle == -1 ? -1 : Bisection.ofDecreasing(x -> score.applyAsDouble(x) - z, -1, middle),
        middle == 1 ? 1 : Bisection.ofDecreasing(x -> score.applyAsDouble(x) + z, middle, 1),
        level);
  }

  /**
   * Two-sided interval of the ratio.
   *
   * @param level above 0, below 1
   * @return from 0, which is the lower end if the variant has no success; the upper end is infinite
   *     if the control has none
   */
  public static ConfidenceInterval ratio(TwoProportions counts, double level) {
    ConfidenceInterval.checkLevel(level);
    double z = StandardNormal.upperQuantile((1 - level) / 2);
    DoubleUnaryOperator score = log -> ratioScore(counts, Math.exp(log));
    double low =
        counts.variantSuccesses() == 0 || counts.isEmpty()
            ? 0
            : Math.exp(
                Bisection.ofDecreasing(x -> score.applyAsDouble(x) - z, -LOG_LIMIT, LOG_LIMIT));
    double high =
        counts.controlSuccesses() == 0 || counts.isEmpty()
            ? Double.POSITIVE_INFINITY
            : Math.exp(
                Bisection.ofDecreasing(x -> score.applyAsDouble(x) + z, -LOG_LIMIT, LOG_LIMIT));
    return new ConfidenceInterval(low, high, level);
  }

  private static double differenceScore(TwoProportions counts, double difference) {
    if (counts.isEmpty()) {
      return 0;
    }
    double control = mostLikelyControl(counts, difference);
    double variant = Math.max(0, Math.min(1, control + difference));
    return standardized(
        counts,
        counts.variant() - counts.control() - difference,
        variant * (1 - variant),
        control * (1 - control));
  }

  private static double ratioScore(TwoProportions counts, double ratio) {
    if (counts.isEmpty()) {
      return 0;
    }
    double n = counts.variantTrials();
    double m = counts.controlTrials();
    double x = counts.variantSuccesses();
    double y = counts.controlSuccesses();
    // The smaller root of a p² - b p + x + y, in the form that does not cancel. Divided by the
    // ratio where that is large, so that nothing overflows.
    double scale = Math.max(1, ratio);
    double part = ratio / scale;
    double a = (n + m) * part;
    double b = (n + y) * part + (x + m) / scale;
    double c = (x + y) / scale;
    double root = Math.sqrt(Math.max(0, b * b - 4 * a * c));
    double control = c == 0 ? 0 : Math.min(1, 2 * c / (b + root));
    double variant = Math.min(1, control * ratio);
    // Both sides by the scale, too.
    return standardized(
        counts,
        counts.variant() / scale - part * counts.control(),
        variant * (1 - variant) / scale / scale,
        part * part * control * (1 - control));
  }

  private static double standardized(
      TwoProportions counts, double above, double variantVariance, double controlVariance) {
    double trials = (double) counts.variantTrials() + counts.controlTrials();
    double variance =
        (variantVariance / counts.variantTrials() + controlVariance / counts.controlTrials())
            * (trials / (trials - 1));
    return above == 0 ? 0 : above / Math.sqrt(variance);
  }

  /**
   * The control's proportion that is most likely where the variant's is greater by the difference.
   * The closed form takes an arc cosine that loses half of the digits of small proportions; the
   * derivative of the likelihood falls, and halving keeps them all.
   */
  private static double mostLikelyControl(TwoProportions counts, double difference) {
    double x = counts.variantSuccesses();
    double y = counts.controlSuccesses();
    double n = counts.variantTrials();
    double m = counts.controlTrials();
    if (difference == 0) {
      return (x + y) / (n + m);
    }
    return Bisection.ofDecreasing(
        p ->
            term(x, p + difference)
                - term(n - x, 1 - p - difference)
                + term(y, p)
                - term(m - y, 1 - p),
        Math.max(0, -difference),
        Math.min(1, 1 - difference));
  }

  private static double term(double count, double proportion) {
    return count == 0 ? 0 : count / Math.max(proportion, Double.MIN_NORMAL);
  }
}
