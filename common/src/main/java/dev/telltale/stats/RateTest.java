package dev.telltale.stats;

import org.apache.commons.math3.special.Beta;
import org.apache.commons.math3.special.Erf;

/** Compares two event rates as if events came independently: a lower bound of their scatter. */
public final class RateTest {
  /** Above, the normal distribution is closer than rounding matters. */
  private static final double EXACT_EVENTS = 100_000;

  private RateTest() {}

  /**
   * P-value of different rates, two-sided: the conditional binomial test, the smaller tail doubled.
   *
   * @param first events in {@code firstHours}, which are positive
   * @param second events in {@code secondHours}, which are positive
   * @return 1 without events
   */
  public static double different(long first, double firstHours, long second, double secondHours) {
    if (first < 0 || second < 0 || !(firstHours > 0) || !(secondHours > 0)) {
      throw new IllegalArgumentException(
          first + " in " + firstHours + " h, " + second + " in " + secondHours + " h");
    }
    double events = (double) first + second;
    if (events == 0) {
      return 1;
    }
    double share = firstHours / (firstHours + secondHours);
    if (events > EXACT_EVENTS) {
      double score = (first - events * share) / Math.sqrt(events * share * (1 - share));
      return Erf.erfc(Math.abs(score) / Math.sqrt(2));
    }
    double atMost = second == 0 ? 1 : Beta.regularizedBeta(1 - share, events - first, first + 1.0);
    double atLeast =
        first == 0 ? 1 : Beta.regularizedBeta(share, (double) first, events - first + 1.0);
    return Math.min(1, 2 * Math.min(atMost, atLeast));
  }
}
