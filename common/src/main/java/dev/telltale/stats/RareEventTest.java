package dev.telltale.stats;

import org.apache.commons.math3.special.Beta;
import org.apache.commons.math3.special.Gamma;

/** Whether there are more events than a bound on their rate explains; exact and one-sided. */
public final class RareEventTest {
  private RareEventTest() {}

  /**
   * Probability of at least {@code events} among independent trials: the upper tail of the binomial
   * distribution, as a regularised incomplete beta function (Abramowitz and Stegun 26.5.24).
   *
   * @param events 0 to {@code trials}
   * @param trials from 0
   * @param rate of events, 0 to 1
   * @return 0 to 1; 1 without events
   */
  public static double binomial(long events, long trials, double rate) {
    if (events < 0 || events > trials || !(rate >= 0 && rate <= 1)) {
      throw new IllegalArgumentException(events + " of " + trials + " at a rate of " + rate);
    }
    if (events == 0 || rate == 1) {
      return 1;
    }
    return rate == 0 ? 0 : Beta.regularizedBeta(rate, (double) events, trials - events + 1.0);
  }

  /**
   * Probability of at least {@code events} where {@code mean} are expected: the upper tail of the
   * Poisson distribution, as a regularised incomplete gamma function (Abramowitz and Stegun
   * 26.4.21).
   *
   * @param events from 0
   * @param mean from 0
   * @return 0 to 1; 1 without events
   */
  public static double poisson(long events, double mean) {
    if (events < 0 || !(mean >= 0)) {
      throw new IllegalArgumentException(events + " where " + mean + " are expected");
    }
    return events == 0 ? 1 : Gamma.regularizedGammaP((double) events, mean);
  }
}
