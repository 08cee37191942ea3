package dev.telltale.stats;

import java.util.Arrays;
import org.apache.commons.math3.special.Gamma;

/**
 * The two-sample Kolmogorov-Smirnov test, two-sided.
 *
 * <p>\( D = \sup_x |F_n(x) - G_m(x)| \). Under ties the p-value is conservative.
 */
public final class KolmogorovSmirnovTest {
  /** Up to this size of the larger sample the exact distribution is used, as SciPy does. */
  public static final int EXACT_LIMIT = 10_000;

  /**
   * Up to so many times the exact limit the one-sided tail is summed exactly; above, its expansion
   * errs by less than 0.2 % where the tail is above 1e-80.
   */
  private static final int EXACT_TAIL_FACTOR = 5;

  /** From this n d² on SciPy takes twice the one-sided tail, whose relative error is below 1e-4. */
  private static final double TAIL = 2.2;

  private static final double TAIL_OF_FEW = 4;
  private static final int FEW = 140;
  private static final double UNDERFLOW = 370;

  /**
   * Up to this n d² the probability of less is below 1e-15; commons-math has NaN or no end there.
   */
  private static final double NOTHING = 0.03;

  private KolmogorovSmirnovTest() {}

  /**
   * The statistic D.
   *
   * @param first sorted, without NaN, not empty
   * @param second sorted, without NaN, not empty
   * @return 0 to 1; NaN if a sample is empty
   */
  public static double statistic(double[] first, double[] second) {
    int n = first.length;
    int m = second.length;
    if (n == 0 || m == 0) {
      return Double.NaN;
    }
    int i = 0;
    int j = 0;
    double largest = 0;
    while (i < n && j < m) {
      double x = Math.min(first[i], second[j]);
      while (i < n && first[i] <= x) {
        i++;
      }
      while (j < m && second[j] <= x) {
        j++;
      }
      largest = Math.max(largest, Math.abs((double) i / n - (double) j / m));
    }
    return largest;
  }

  /**
   * Probability of a statistic of at least d when both samples have one continuous distribution:
   * exact if the larger sample has at most {@link #EXACT_LIMIT} values, otherwise that of a single
   * sample of nm/(n+m) values. The same as SciPy's {@code ks_2samp(method='auto')}.
   *
   * @param d 0 to 1
   * @param n size of the first sample, at least 1
   * @param m size of the second sample, at least 1
   */
  public static double pValue(double d, long n, long m) {
    return pValue(d, n, m, EXACT_LIMIT);
  }

  /**
   * As {@link #pValue(double, long, long)} with another limit: the exact distribution takes time
   * proportional to d·n·m, and the exact tail of a single sample time proportional to its size.
   */
  public static double pValue(double d, long n, long m, int exactLimit) {
    if (n < 1 || m < 1 || !(d >= 0 && d <= 1)) {
      throw new IllegalArgumentException("No test of D " + d + " at " + n + " and " + m);
    }
    double p =
        Math.max(n, m) <= exactLimit ? exact(d, (int) n, (int) m) : asymptotic(d, n, m, exactLimit);
    return Math.max(0, Math.min(1, p));
  }

  /** Hodges (1958, doi:10.1007/BF02589501): counts of lattice paths that leave a band. */
  private static double exact(double d, int n, int m) {
    long divisor = gcd(n, m);
    long multiple = n / divisor * m;
    long steps = Math.round(d * multiple);
    if (steps == 0) {
      return 1;
    }
    return n == m ? outsideSquare(n, steps) : outside(Math.max(n, m), Math.min(n, m), steps);
  }

  /** Equal sizes: the reflection principle, alternating terms nested to avoid cancellation. */
  private static double outsideSquare(int n, long steps) {
    double p = 0;
    for (long k = n / steps; k >= 0; k--) {
      double term = 1;
      for (long j = 0; j < steps; j++) {
        term *= (double) (n - k * steps - j) / (n + k * steps + j + 1);
      }
      p = term * (1 - p);
    }
    return 2 * p;
  }

  /** Share of the paths to (m, n) that touch the outside of |x n - y m| < steps · gcd; m >= n. */
  private static double outside(int m, int n, long steps) {
    long divisor = gcd(m, n);
    long mg = m / divisor;
    long ng = n / divisor;
    int from = 0;
    int to = (int) Math.min(ceilDiv(steps, mg), n + 1L);
    double[] share = new double[(int) Math.min(2L * to + 2, n + 1L)];
    Arrays.fill(share, to, share.length, 1);
    int length = to;
    for (int i = 1; i <= m; i++) {
      int lastFrom = from;
      int lastLength = length;
      from = (int) Math.min(Math.max(Math.floorDiv(ng * i - steps, mg) + 1, 0), n);
      to = (int) Math.min(ceilDiv(ng * i + steps, mg), n + 1L);
      if (to <= from) {
        return 1;
      }
      length = to - from;
      int shift = from - lastFrom;
      double value = from == 0 ? 0 : 1;
      for (int k = 0; k < length; k++) {
        int j = k + from;
        double left = k + shift < share.length ? share[k + shift] : 1;
        value = (left * i + value * j) / (i + j);
        share[k] = value;
      }
      for (int k = length; k < Math.min(share.length, Math.max(lastLength, length + shift)); k++) {
        share[k] = 1;
      }
    }
    return share[length - 1];
  }

  private static long ceilDiv(long a, long b) {
    return -Math.floorDiv(-a, b);
  }

  private static long gcd(long a, long b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  private static double asymptotic(double d, long n, long m, int exactLimit) {
    double effective = (double) n / (n + m) * m;
    return oneSample(d, (long) Math.rint(effective), EXACT_TAIL_FACTOR * exactLimit);
  }

  /** P(D_n >= d) of one sample; Simard and L'Ecuyer (2011, doi:10.18637/jss.v039.i11). */
  private static double oneSample(double d, long n, int exactLimit) {
    if (d >= 1) {
      return 0;
    }
    double scaled = n * d * d;
    if (scaled >= UNDERFLOW) {
      return 0;
    }
    if (scaled <= NOTHING) {
      return 1;
    }
    if (d >= 0.5 || scaled >= (n <= FEW ? TAIL_OF_FEW : TAIL)) {
      return 2 * oneSided(d, n, exactLimit);
    }
    int size = (int) Math.min(n, Integer.MAX_VALUE);
    return 1 - new org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest().cdf(d, size);
  }

  /** P(D_n^+ >= d); Smirnov's sum, or the expansion of Maag and Dicaire with the next term. */
  private static double oneSided(double d, long n, int exactLimit) {
    if (n > exactLimit) {
      double x = 6 * n * d + 1;
      return Math.exp(-x * x / (18.0 * n) - 4.0 / 9 * n * d * d * d * d);
    }
    double logFactorial = Gamma.logGamma(n + 1.0);
    double sum = 0;
    for (long j = (long) Math.floor(n * (1 - d)); j >= 0; j--) {
      double rise = d + (double) j / n;
      double rest = 1 - rise;
      if (rest > 0 || n == j) {
        double choose = logFactorial - Gamma.logGamma(j + 1.0) - Gamma.logGamma(n - j + 1.0);
        double power = n == j ? 0 : (n - j) * Math.log(rest);
        sum += Math.exp(choose + (j - 1) * Math.log(rise) + power);
      }
    }
    return d * sum;
  }
}
