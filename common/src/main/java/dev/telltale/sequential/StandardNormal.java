package dev.telltale.sequential;

/**
 * Tails of the standard normal distribution, fast and precise far out, where commons-math takes a
 * microsecond each or loses the digits of small probabilities.
 */
final class StandardNormal {
  private static final double ROOT_OF_TWO_PI = Math.sqrt(2 * Math.PI);
  private static final double FAR = 7;
  private static final int TERMS = 24;

  /** Hart's rational approximation, from the highest power down (West 2005, Wilmott 2005/3). */
  private static final double[] NUMERATOR = {
    3.52624965998911e-2,
    0.700383064443688,
    6.37396220353165,
    33.912866078383,
    112.079291497871,
    221.213596169931,
    220.206867912376
  };

  private static final double[] DENOMINATOR = {
    8.83883476483184e-2,
    1.75566716318264,
    16.064177579207,
    86.7807322029461,
    296.564248779674,
    637.333633378831,
    793.826512519948,
    440.413735824752
  };

  private StandardNormal() {}

  /** The density. */
  static double density(double x) {
    return Math.exp(-x * x / 2) / ROOT_OF_TWO_PI;
  }

  /** The probability of more than x. */
  static double above(double x) {
    if (x < 0) {
      return 1 - above(-x);
    }
    if (x < FAR) {
      return Math.exp(-x * x / 2) * polynomial(NUMERATOR, x) / polynomial(DENOMINATOR, x);
    }
    return density(x) / inverseMills(x);
  }

  private static double polynomial(double[] coefficients, double x) {
    double value = 0;
    for (double coefficient : coefficients) {
      value = value * x + coefficient;
    }
    return value;
  }

  /** The inverse of Mills' ratio as Laplace's fraction, x + 1 / (x + 2 / (x + ...)). */
  private static double inverseMills(double x) {
    double value = x;
    for (int k = TERMS; k > 0; k--) {
      value = x + k / value;
    }
    return value;
  }

  /**
   * The x that is exceeded with a probability.
   *
   * @param probability above 0 and below 1
   */
  static double quantileAbove(double probability) {
    if (probability > 0.5) {
      return -quantileAbove(1 - probability);
    }
    // The tail is below exp(-x²/2), and its logarithm concave: Newton comes from above, monotone.
    double x = Math.sqrt(-2 * Math.log(probability));
    for (int k = 0; k < 100; k++) {
      double tail = above(x);
      double step = tail / density(x) * Math.log(tail / probability);
      x += step;
      if (Math.abs(step) <= 1e-13 * Math.max(1, x)) {
        break;
      }
    }
    return x;
  }
}
