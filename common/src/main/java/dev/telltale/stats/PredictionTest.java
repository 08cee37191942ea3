package dev.telltale.stats;

import org.apache.commons.math3.distribution.TDistribution;

/**
 * Whether a new value belongs to a few earlier ones of a normal distribution: it is as far from
 * their mean as a t statistic says, with the scatter of the mean and its own (Whitmore 1986,
 * doi:10.1080/00031305.1986.10475378).
 */
public final class PredictionTest {
  private final double mean;
  private final double scale;
  private final double degreesOfFreedom;

  /**
   * A test.
   *
   * @param earlier at least two values
   * @param leastVariance variance that single values have at least, from 0; a smaller one in the
   *     sample is chance
   */
  public PredictionTest(double[] earlier, double leastVariance) {
    if (earlier.length < 2 || !(leastVariance >= 0)) {
      throw new IllegalArgumentException(
          earlier.length + " earlier values, a variance of at least " + leastVariance);
    }
    double sum = 0;
    for (double value : earlier) {
      sum += value;
    }
    mean = sum / earlier.length;
    double squares = 0;
    for (double value : earlier) {
      squares += (value - mean) * (value - mean);
    }
    degreesOfFreedom = earlier.length - 1.0;
    scale =
        Math.sqrt(Math.max(squares / degreesOfFreedom, leastVariance) * (1 + 1.0 / earlier.length));
  }

  /** Distance from the mean in standard errors; infinite where nothing scatters. */
  public double statistic(double value) {
    double distance = value - mean;
    return distance == 0 ? 0 : distance / scale;
  }

  /**
   * The values that are not rejected: \( \bar y \pm t_{n-1}\, s \sqrt{1 + 1/n} \).
   *
   * @param risk probability that a new value is outside, above 0 and below 1; half of it on each
   *     side
   */
  public PredictionInterval interval(double risk) {
    double half =
        new TDistribution(null, degreesOfFreedom).inverseCumulativeProbability(1 - risk / 2)
            * scale;
    return new PredictionInterval(mean - half, mean + half);
  }

  /** Two-sided p-value, 0 to 1. */
  public double pValue(double value) {
    double t = Math.abs(statistic(value));
    return Double.isInfinite(t)
        ? 0
        : 2 * new TDistribution(null, degreesOfFreedom).cumulativeProbability(-t);
  }
}
