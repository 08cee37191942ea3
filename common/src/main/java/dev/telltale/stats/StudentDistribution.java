package dev.telltale.stats;

import org.apache.commons.math3.analysis.solvers.BrentSolver;
import org.apache.commons.math3.special.Beta;

/**
 * Tails and quantiles of Student's t that keep their digits far out. With many degrees of freedom t
 * is transformed to a normal variable: Hill 1970, doi:10.1145/355598.355599.
 */
public final class StudentDistribution {
  /**
   * From here on the transformation is exact up to rounding, and the incomplete beta function,
   * which raises a number close to 1 to the degrees, is not.
   */
  private static final double MANY_DEGREES = 1e4;

  private StudentDistribution() {}

  /** Probability of more than t, 0 to 1; NaN if t or the degrees are. */
  public static double upperTail(double t, double degrees) {
    if (degrees > MANY_DEGREES) {
      return StandardNormal.upperTail(Math.copySign(normal(t * t, degrees), t));
    }
    double tail = Beta.regularizedBeta(degrees / (degrees + t * t), degrees / 2, 0.5) / 2;
    return t < 0 ? 1 - tail : tail;
  }

  private static double normal(double square, double degrees) {
    if (Double.isInfinite(degrees) || Double.isInfinite(square)) {
      return Math.sqrt(square);
    }
    double a = degrees - 0.5;
    double b = 48 * a * a;
    double y = a * Math.log1p(square / degrees);
    double small = (((-0.4 * y - 3.3) * y - 24) * y - 85.5) / (0.8 * y * y + 100 + b);
    return ((small + y + 3) / b + 1) * Math.sqrt(y);
  }

  /** P-value of a statistic of the variant against the control. */
  public static double pValue(double t, double degrees, Alternative alternative) {
    return switch (alternative) {
      case TWO_SIDED -> Math.min(1, 2 * upperTail(Math.abs(t), degrees));
      case GREATER -> upperTail(t, degrees);
      case LESS -> upperTail(-t, degrees);
    };
  }

  /**
   * The t that is exceeded with the probability given.
   *
   * @param probability above 0, at most one half
   */
  public static double upperQuantile(double probability, double degrees) {
    if (!(probability > 0 && probability <= 0.5)) {
      throw new IllegalArgumentException("Not the probability of an upper tail: " + probability);
    }
    double high = Math.max(1, StandardNormal.upperQuantile(probability));
    if (degrees == Double.POSITIVE_INFINITY) {
      return StandardNormal.upperQuantile(probability);
    }
    while (upperTail(high, degrees) > probability) {
      high *= 2;
    }
    double target = Math.log(probability);
    // In logarithms the tail is nearly straight, and the accuracy does not fade with it.
    return new BrentSolver(1e-14, 1e-14, 1e-15)
        .solve(500, t -> Math.log(upperTail(t, degrees)) - target, 0, high);
  }
}
