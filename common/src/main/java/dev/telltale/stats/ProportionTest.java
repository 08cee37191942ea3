package dev.telltale.stats;

import org.apache.commons.math3.special.Erf;
import org.apache.commons.math3.special.Gamma;

/**
 * Tests of two proportions: Pearson's without continuity correction where every expected count is
 * at least five, otherwise Fisher's exact test.
 */
public final class ProportionTest {
  private static final double EXPECTED_FOR_NORMAL = 5;

  /** Tables within this relative distance count as equally probable, as in R and SciPy. */
  private static final double SAME = 1 + 1e-7;

  private ProportionTest() {}

  /**
   * P-value of different proportions, two-sided.
   *
   * @param first successes among {@code n}
   * @param second successes among {@code m}
   * @return 1 if a sample is empty
   */
  public static double different(long first, long n, long second, long m) {
    check(first, n, second, m);
    if (usesNormal(first, n, second, m)) {
      return Erf.erfc(
          Math.abs(score((double) first, (double) n, (double) second, (double) m)) / Math.sqrt(2));
    }
    long successes = first + second;
    double observed = logProbability(first, successes, n, m) + Math.log(SAME);
    double sum = 0;
    for (long x = Math.max(0, successes - m); x <= Math.min(n, successes); x++) {
      double log = logProbability(x, successes, n, m);
      sum += log <= observed ? Math.exp(log) : 0;
    }
    return Math.min(1, sum);
  }

  /**
   * P-value of a larger proportion in the first sample, one-sided.
   *
   * @param first successes among {@code n}
   * @param second successes among {@code m}
   * @return 1 if a sample is empty
   */
  public static double greater(long first, long n, long second, long m) {
    check(first, n, second, m);
    if (usesNormal(first, n, second, m)) {
      return Erf.erfc(score((double) first, (double) n, (double) second, (double) m) / Math.sqrt(2))
          / 2;
    }
    long successes = first + second;
    double sum = 0;
    for (long x = Math.min(n, successes); x >= first; x--) {
      sum += Math.exp(logProbability(x, successes, n, m));
    }
    return Math.min(1, sum);
  }

  private static void check(long first, long n, long second, long m) {
    if (first < 0 || first > n || second < 0 || second > m) {
      throw new IllegalArgumentException(first + " of " + n + " and " + second + " of " + m);
    }
  }

  private static boolean usesNormal(long first, long n, long second, long m) {
    double successes = (double) first + second;
    double rarer = Math.min(successes, (double) n + m - successes);
    return rarer * Math.min(n, m) / ((double) n + m) >= EXPECTED_FOR_NORMAL;
  }

  private static double score(double first, double n, double second, double m) {
    double pooled = (first + second) / (n + m);
    return (first / n - second / m) / Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m));
  }

  private static double logProbability(long x, long successes, long n, long m) {
    return logChoose((double) n, (double) x)
        + logChoose((double) m, (double) (successes - x))
        - logChoose((double) (n + m), (double) successes);
  }

  static double logChoose(double n, double k) {
    return k < 0 || k > n
        ? Double.NEGATIVE_INFINITY
        : Gamma.logGamma(n + 1) - Gamma.logGamma(k + 1) - Gamma.logGamma(n - k + 1);
  }
}
