package dev.telltale.stats;

/**
 * Tails and quantiles of the standard normal distribution that keep their digits far out, and are
 * fast enough to be integrated over.
 */
public final class StandardNormal {
  private static final double ROOT_2_PI = Math.sqrt(2 * Math.PI);

  private static final double NEAR = 0.67448975;

  /** From here on Laplace's fraction is as good, and an excess loses two digits without it. */
  private static final double FAR = 5.5;

  private static final int TERMS = 24;

  /**
   * Cody's rational approximations to 16 digits of each tail, from the highest power down: 1969,
   * doi:10.1090/S0025-5718-1969-0247736-4, as scaled for the normal distribution in his 1993
   * doi:10.1145/151271.151273. Near zero in the square.
   */
  private static final double[] NEAR_NUMERATOR = {
    0.06568233791820745,
    2.2352520354606837,
    161.02823106855587,
    1067.6894854603709,
    18154.98125334356
  };

  private static final double[] NEAR_DENOMINATOR = {
    1, 47.202581904688245, 976.0985517377767, 10260.932208618979, 45507.78933502673
  };

  private static final double[] NUMERATOR = {
    1.0765576773720192e-08,
    0.39894151208813466,
    8.883149794388377,
    93.50665613217785,
    597.2702763948002,
    2494.5375852903726,
    6848.190450536283,
    11602.65143764735,
    9842.714838383978
  };

  private static final double[] DENOMINATOR = {
    1,
    22.266688044328117,
    235.387901782625,
    1519.3775994075547,
    6485.558298266761,
    18615.571640885097,
    34900.95272114598,
    38912.00328609327,
    19685.429676859992
  };

  private StandardNormal() {}

  /** The density, from 0; NaN if z is. Constant time. */
  public static double density(double z) {
    return Math.exp(-z * z / 2) / ROOT_2_PI;
  }

  /** Probability of more than z, 0 to 1; NaN if z is. Constant time. */
  public static double upperTail(double z) {
    if (z < 0) {
      return 1 - upperTail(-z);
    }
    if (z < NEAR) {
      double square = z * z;
      return 0.5 - z * polynomial(NEAR_NUMERATOR, square) / polynomial(NEAR_DENOMINATOR, square);
    }
    if (z < FAR) {
      return Math.exp(-z * z / 2) * polynomial(NUMERATOR, z) / polynomial(DENOMINATOR, z);
    }
    return density(z) / fraction(z, 1);
  }

  /**
   * How far above z the variable is on average, where below counts as zero: \( \phi(z) - z \Phi(-z)
   * \), the loss of a decision. Constant time.
   *
   * @param z any number; NaN gives NaN
   * @return from 0, decreasing in z; it keeps its digits far out
   */
  public static double upperExcess(double z) {
    if (z < FAR) {
      return density(z) - z * upperTail(z);
    }
    // With the tail's fraction R = 1/(z + C) the difference is density * (1 - zR) = density * R*C.
    return density(z) / fraction(z, 1) / fraction(z, 2);
  }

  private static double polynomial(double[] coefficients, double z) {
    double value = 0;
    for (double coefficient : coefficients) {
      value = value * z + coefficient;
    }
    return value;
  }

  /** The end of Laplace's fraction, z + k / (z + (k + 1) / (z + ...)); all of it with k = 1. */
  private static double fraction(double z, int first) {
    double value = z;
    for (int k = TERMS; k >= first; k--) {
      value = z + k / value;
    }
    return value;
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
    // The tail is below exp(-z²/2), and its logarithm concave: Newton comes from above, monotone.
    double z = Math.sqrt(-2 * Math.log(probability));
    for (int k = 0; k < 100; k++) {
      double tail = upperTail(z);
      double step = tail / density(z) * Math.log(tail / probability);
      z += step;
      if (Math.abs(step) <= 1e-13 * Math.max(1, z)) {
        break;
      }
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
}
