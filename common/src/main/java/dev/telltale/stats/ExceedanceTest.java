package dev.telltale.stats;

import org.apache.commons.math3.special.Gamma;

/**
 * How often new values lie outside the range of a sample: its extremes are surpassed by chance, the
 * more so the smaller it is.
 */
public final class ExceedanceTest {
  private ExceedanceTest() {}

  /**
   * Probability that at least {@code outside} of m new values lie below the smallest or above the
   * largest of n values of the same continuous distribution; an upper bound with ties.
   *
   * <p>The values outside are those before the second of the n when all n + m are drawn from both
   * ends inwards, hence a negative hypergeometric tail; Wilks (1942, doi:10.1214/aoms/1177731537).
   */
  public static double pValue(long n, long m, long outside) {
    if (n < 1 || outside < 0 || outside > m) {
      throw new IllegalArgumentException(outside + " of " + m + " outside the range of " + n);
    }
    if (outside == 0) {
      return 1;
    }
    double known = n;
    double fresh = m;
    double draws = outside + 1.0;
    double all = logChoose(known + fresh, draws);
    double none = Math.exp(logChoose(fresh, draws) - all);
    double one = Math.exp(Math.log(known) + logChoose(fresh, draws - 1) - all);
    return Math.min(1, none + one);
  }

  private static double logChoose(double n, double k) {
    return k < 0 || k > n
        ? Double.NEGATIVE_INFINITY
        : Gamma.logGamma(n + 1) - Gamma.logGamma(k + 1) - Gamma.logGamma(n - k + 1);
  }
}
