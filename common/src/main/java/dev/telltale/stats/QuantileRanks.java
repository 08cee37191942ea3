package dev.telltale.stats;

import org.apache.commons.math3.distribution.BinomialDistribution;

/**
 * The order statistics between which a quantile lies with 95 %, whatever the distribution: David
 * and Nagaraja 2003, Order Statistics, section 7.1. How many of n values are below the quantile is
 * binomial.
 *
 * @param low rank of the lower end, from 1; 0 = there is none
 * @param high rank of the upper end; n + 1 = there is none
 */
public record QuantileRanks(long low, long high) {
  private static final double TAIL = 0.025;

  /** Above, the normal approximation is within a rank. */
  private static final long EXACT = 1_000_000;

  /**
   * Of a quantile of independent values.
   *
   * @param level above 0 and below 1
   * @param n number of values, at least 1
   */
  public static QuantileRanks of(double level, long n) {
    if (!(level > 0 && level < 1) || n < 1) {
      throw new IllegalArgumentException(level + " of " + n);
    }
    if (n > EXACT) {
      double half = WilsonInterval.Z * Math.sqrt(n * level * (1 - level));
      return new QuantileRanks(
          (long) Math.floor(n * level - half), (long) Math.ceil(n * level + half) + 1);
    }
    BinomialDistribution below = new BinomialDistribution(null, (int) n, level);
    return new QuantileRanks(
        below.inverseCumulativeProbability(TAIL), below.inverseCumulativeProbability(1 - TAIL) + 1);
  }

  /** How many values are needed for both ends to be there. */
  public static long needed(double level) {
    return (long) Math.ceil(Math.log(TAIL) / Math.log(Math.max(level, 1 - level)));
  }
}
