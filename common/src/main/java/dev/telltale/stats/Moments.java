package dev.telltale.stats;

/**
 * Mergeable central moments of order one to four of finite values.
 *
 * <p>A block of values is added in two passes: its mean, then the sums of the powers of the
 * deviations. Blocks and partial results are merged by the pairwise update formulas of Chan et al.
 * (1983, doi:10.1080/00031305.1983.10483115) and Pébay (2008, doi:10.2172/1028931), never through
 * sums of squares. The mean is kept as an unevaluated sum of two doubles, because the rounding of a
 * single double, 1e-7 at a mean of 1e9, would show in the moments of merged states.
 *
 * <p>Without values, everything but {@link #count()} is NaN. Moments too large for a double
 * saturate at positive infinity; the mean stays finite. Neither adding nor merging allocates, and
 * neither ever produces NaN from finite values. Not safe for concurrent use.
 */
public final class Moments {
  private long n;
  private double mean;
  private double meanLow;
  private double m2;
  private double m3;
  private double m4;

  /** Moments of no values. */
  public Moments() {}

  /**
   * Moments as stored, see the accessors of the same names.
   *
   * @param n number of values; the other arguments are ignored if zero
   */
  public Moments(long n, double mean, double meanLow, double m2, double m3, double m4) {
    if (n < 0) {
      throw new IllegalArgumentException("Count is negative: " + n);
    }
    if (n > 0) {
      set(n, mean, meanLow, m2, m3, m4);
    }
  }

  /** Adds one finite value. Much slower than a block. */
  public void add(double value) {
    merge(1, value, 0, 0, 0, 0);
  }

  /** Adds the finite values at {@code from} (inclusive) to {@code to} (exclusive). */
  public void add(double[] values, int from, int to) {
    int count = to - from;
    if (count <= 0) {
      return;
    }
    double center = center(values, from, to);
    // Two independent chains per sum hide the latency of the additions.
    double a1 = 0;
    double a2 = 0;
    double a3 = 0;
    double a4 = 0;
    double b1 = 0;
    double b2 = 0;
    double b3 = 0;
    double b4 = 0;
    int i = from;
    for (; i + 1 < to; i += 2) {
      double d = values[i] - center;
      double e = values[i + 1] - center;
      double dd = d * d;
      double ee = e * e;
      a1 += d;
      b1 += e;
      a2 += dd;
      b2 += ee;
      a3 += dd * d;
      b3 += ee * e;
      a4 += dd * dd;
      b4 += ee * ee;
    }
    if (i < to) {
      double d = values[i] - center;
      double dd = d * d;
      a1 += d;
      a2 += dd;
      a3 += dd * d;
      a4 += dd * dd;
    }
    double s2 = a2 + b2;
    double s3 = a3 + b3;
    double s4 = a4 + b4;
    double shift = (a1 + b1) / count;
    if (!Double.isFinite(shift)) {
      shift = 0;
    }
    // The center is the mean up to rounding; the shift moves the sums to the mean itself.
    double shift2 = shift * shift;
    merge(
        count,
        center,
        shift,
        Math.max(0, s2 - count * shift2),
        s3 - 3 * shift * s2 + 2 * count * shift * shift2,
        s4 - 4 * shift * s3 + 6 * shift2 * s2 - 3 * count * shift2 * shift2);
  }

  /** Adds the first {@code size} finite values, each as often as its positive weight says. */
  public void add(double[] values, long[] weights, int size) {
    for (int i = 0; i < size; i++) {
      merge(weights[i], values[i], 0, 0, 0, 0);
    }
  }

  /** Adds the values of another instance, which stays as it is. */
  public void merge(Moments other) {
    merge(other.n, other.mean, other.meanLow, other.m2, other.m3, other.m4);
  }

  private void merge(long n2, double mean2, double low2, double q2, double q3, double q4) {
    if (n2 == 0) {
      return;
    }
    if (n == 0) {
      set(n2, mean2, low2, q2, q3, q4);
      return;
    }
    long total = n + n2;
    double f1 = (double) n / total;
    double f2 = (double) n2 / total;
    double delta = (mean2 - mean) + (low2 - meanLow);
    if (!Double.isFinite(delta)) {
      double inf = Double.POSITIVE_INFINITY;
      set(total, f1 * mean + f2 * mean2, 0, inf, inf, inf);
      return;
    }
    double delta2 = delta * delta;
    double p2 = n * f2 * delta2;
    double p3 = p2 * delta * (f1 - f2);
    double p4 = p2 * delta2 * (f1 * f1 - f1 * f2 + f2 * f2);
    double r4 = m4 + q4 + p4;
    r4 += 6 * delta2 * (f1 * f1 * q2 + f2 * f2 * m2) + 4 * delta * (f1 * q3 - f2 * m3);
    double r3 = m3 + q3 + p3 + 3 * delta * (f1 * q2 - f2 * m2);
    double step = meanLow + delta * f2;
    double high = mean + step;
    double virtual = high - mean;
    double low = (mean - (high - virtual)) + (step - virtual);
    set(total, high, low, m2 + q2 + p2, r3, r4);
  }

  private void set(long n, double mean, double meanLow, double m2, double m3, double m4) {
    this.n = n;
    this.mean = mean;
    this.meanLow = Double.isFinite(meanLow) ? meanLow : 0;
    this.m2 = saturated(m2);
    this.m3 = saturated(m3);
    this.m4 = saturated(m4);
  }

  /**
   * The mean of a block up to rounding, also where the sum of the values overflows. Summing the
   * differences from the first value makes it exact for a constant block.
   */
  private static double center(double[] values, int from, int to) {
    double first = values[from];
    double a = 0;
    double b = 0;
    int i = from;
    for (; i + 1 < to; i += 2) {
      a += values[i] - first;
      b += values[i + 1] - first;
    }
    if (i < to) {
      a += values[i] - first;
    }
    int count = to - from;
    double mean = first + (a + b) / count;
    if (Double.isFinite(mean)) {
      return mean;
    }
    mean = 0;
    for (i = from; i < to; i++) {
      mean += values[i] / count;
    }
    return Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, mean));
  }

  private static double saturated(double moment) {
    return Double.isNaN(moment) ? Double.POSITIVE_INFINITY : moment;
  }

  /** Number of values. */
  public long count() {
    return n;
  }

  /** Arithmetic mean; NaN without values. */
  public double mean() {
    return n == 0 ? Double.NaN : mean;
  }

  /** What {@link #mean()} lacks to the mean in twice the precision; 0 without values. */
  public double meanLow() {
    return meanLow;
  }

  /** Sum of the squared deviations from the mean; 0 without values. */
  public double m2() {
    return m2;
  }

  /** Sum of the cubed deviations from the mean; 0 without values. */
  public double m3() {
    return m3;
  }

  /** Sum of the fourth powers of the deviations from the mean; 0 without values. */
  public double m4() {
    return m4;
  }

  /** Variance with divisor n; NaN without values. */
  public double populationVariance() {
    return n == 0 ? Double.NaN : m2 / n;
  }

  /** Variance with divisor n - 1; NaN with fewer than two values. */
  public double sampleVariance() {
    return n < 2 ? Double.NaN : m2 / (n - 1);
  }

  /** Square root of {@link #populationVariance()}. */
  public double populationStandardDeviation() {
    return Math.sqrt(populationVariance());
  }

  /** Square root of {@link #sampleVariance()}. */
  public double sampleStandardDeviation() {
    return Math.sqrt(sampleVariance());
  }

  /**
   * Skewness \( \frac{m_3/n}{(m_2/n)^{3/2}} \); NaN without values, for constant values, and where
   * the moments are beyond the range of a double.
   */
  public double skewness() {
    double variance = populationVariance();
    double skewness = m3 / n / variance / Math.sqrt(variance);
    return isDefined(variance, skewness) ? skewness : Double.NaN;
  }

  /**
   * Excess kurtosis \( \frac{m_4/n}{(m_2/n)^2} - 3 \); NaN without values, for constant values, and
   * where the moments are beyond the range of a double.
   */
  public double excessKurtosis() {
    double variance = populationVariance();
    double kurtosis = m4 / n / variance / variance - 3;
    return isDefined(variance, kurtosis) ? kurtosis : Double.NaN;
  }

  private static boolean isDefined(double variance, double ratio) {
    // Where the variance is smaller, the fourth powers have become zero, and the ratio with them.
    boolean isNormal = variance * variance >= Double.MIN_NORMAL;
    return isNormal && Double.isFinite(variance) && Double.isFinite(ratio);
  }
}
