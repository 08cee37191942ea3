package dev.telltale.stats;

import org.apache.commons.math3.special.Erf;

/** Tails and quantiles of the standard normal distribution that keep their digits far out. */
public final class StandardNormal {
  private static final double ROOT_2 = Math.sqrt(2);
  private static final double ROOT_2_PI = Math.sqrt(2 * Math.PI);

  private StandardNormal() {}

  /** Probability of more than z, 0 to 1; NaN if z is. Constant time. */
  public static double upperTail(double z) {
    return Double.isNaN(z) ? z : Erf.erfc(z / ROOT_2) / 2;
  }

  /**
   * The z that is exceeded with the probability given. Constant time.
   *
   * @param probability 0 to 1; at the ends infinite
   * @throws IllegalArgumentException if NaN or outside
   */
  public static double upperQuantile(double probability) {
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException("Not a probability: " + probability);
    }
    if (probability > 0.5) {
      return -upperQuantile(1 - probability);
    }
    if (probability == 0) {
      return Double.POSITIVE_INFINITY;
    }
    // The library starts from 1 - 2p, where a small p has lost its digits; Newton's steps in the
    // logarithm of the tail, which is nearly a parabola, bring them back.
    double z =
        Math.min(ROOT_2 * Erf.erfInv(1 - 2 * probability), Math.sqrt(-2 * Math.log(probability)));
    for (int step = 0; step < 6; step++) {
      double tail = upperTail(z);
      z += Math.log(tail / probability) * tail / density(z);
    }
    return z;
  }

  /**
   * P-value of a statistic that is standard normal under the null hypothesis.
   *
   * @param z of the variant against the control
   * @return 0 to 1; NaN if z is
   */
  public static double pValue(double z, Alternative alternative) {
    return switch (alternative) {
      case TWO_SIDED -> Math.min(1, 2 * upperTail(Math.abs(z)));
      case GREATER -> upperTail(z);
      case LESS -> upperTail(-z);
    };
  }

  static double density(double z) {
    return Math.exp(-z * z / 2) / ROOT_2_PI;
  }
}
