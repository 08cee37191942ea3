package dev.telltale.stats;

import org.apache.commons.math3.special.Beta;

/**
 * Compares two event rates as if events came independently: a lower bound of their scatter.
 *
 * <p>Given the total of events, those of the variant are binomial; the test is exact, its two-sided
 * p-value twice the smaller tail, and the interval of the ratio of rates that of Clopper and
 * Pearson (1934, doi:10.1093/biomet/26.4.404) for the binomial share, transformed. Przyborowski and
 * Wilenski (1940, doi:10.1093/biomet/31.3-4.313). P-value and interval never contradict each other.
 *
 * @param variantEvents from 0
 * @param variantExposure time or units at risk, above 0, finite
 * @param controlEvents from 0
 * @param controlExposure in the unit of the variant's, above 0, finite
 */
public record PoissonRatioTest(
    long variantEvents, double variantExposure, long controlEvents, double controlExposure) {
  /** Above, rounding in the exact tail exceeds the error of the normal distribution. */
  static final double EXACT_EVENTS = 1e9;

  /** Logarithm of ratios beyond which doubles end. */
  private static final double LOG_LIMIT = 700;

  /** Refuses what is no rate. */
  public PoissonRatioTest {
    if (variantEvents < 0
        || controlEvents < 0
        || !(variantExposure > 0 && variantExposure < Double.POSITIVE_INFINITY)
        || !(controlExposure > 0 && controlExposure < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          String.format(
              "%d in %s and %d in %s",
              variantEvents, variantExposure, controlEvents, controlExposure));
    }
  }

  /**
   * Rate of the variant to that of the control: infinite without an event of the control, NaN
   * without any.
   */
  public double ratio() {
    return variantEvents / variantExposure / (controlEvents / controlExposure);
  }

  /** {@link #pValue(double, Alternative)} of equal rates. */
  public double pValue(Alternative alternative) {
    return pValue(1, alternative);
  }

  /**
   * P-value of a ratio of rates other than that given, exact up to a thousand million events;
   * above, the binomial tails are normal, without continuity correction. Time grows at most with
   * the root of the events.
   *
   * @param ratio variant to control under the null hypothesis, above 0, finite
   * @return 0 to 1; 1 without events
   */
  public double pValue(double ratio, Alternative alternative) {
    if (!(ratio > 0 && ratio < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("Not a ratio of rates: " + ratio);
    }
    return switch (alternative) {
      case TWO_SIDED -> Math.min(1, 2 * Math.min(atLeast(ratio), atMost(ratio)));
      case GREATER -> atLeast(ratio);
      case LESS -> atMost(ratio);
    };
  }

  /**
   * Two-sided interval of the ratio of rates.
   *
   * @param level above 0, below 1
   * @return from 0, which is the lower end if the variant has no event; the upper end is infinite
   *     if the control has none
   */
  public ConfidenceInterval interval(double level) {
    ConfidenceInterval.checkLevel(level);
    double tail = (1 - level) / 2;
    double low =
        variantEvents == 0
            ? 0
            : Math.exp(
                Bisection.ofIncreasing(x -> atLeast(Math.exp(x)) - tail, -LOG_LIMIT, LOG_LIMIT));
    double high =
        controlEvents == 0
            ? Double.POSITIVE_INFINITY
            : Math.exp(
                Bisection.ofDecreasing(x -> atMost(Math.exp(x)) - tail, -LOG_LIMIT, LOG_LIMIT));
    return new ConfidenceInterval(low, high, level);
  }

  private double atLeast(double ratio) {
    return tail(variantEvents, controlEvents, share(ratio));
  }

  /** The other arm has at least as many as it has. */
  private double atMost(double ratio) {
    double other = controlExposure / (ratio * variantExposure + controlExposure);
    return tail(controlEvents, variantEvents, other);
  }

  private double share(double ratio) {
    return ratio * variantExposure / (ratio * variantExposure + controlExposure);
  }

  private static double tail(long own, long others, double share) {
    double events = (double) own + others;
    if (own == 0) {
      return 1;
    }
    if (share == 0 || share == 1) {
      return share;
    }
    if (events > EXACT_EVENTS) {
      double score = (own - events * share) / Math.sqrt(events * share * (1 - share));
      return StandardNormal.upperTail(score);
    }
    return Beta.regularizedBeta(share, (double) own, others + 1.0);
  }
}
