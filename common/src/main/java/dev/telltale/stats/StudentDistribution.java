package dev.telltale.stats;

import org.apache.commons.math3.analysis.solvers.BrentSolver;
import org.apache.commons.math3.special.Beta;

/**
 * Tails and quantiles of Student's t that keep their digits far out. With more than {@value
 * #NORMAL_DEGREES} degrees of freedom it is the normal distribution.
 */
public final class StudentDistribution {
  /** From here on the two differ by less than the rounding of either. */
  private static final double NORMAL_DEGREES = 1e9;

  private StudentDistribution() {}

  /** Probability of more than t, 0 to 1; NaN if t or the degrees are. */
  public static double upperTail(double t, double degrees) {
    if (degrees > NORMAL_DEGREES) {
      return StandardNormal.upperTail(t);
    }
    double tail = Beta.regularizedBeta(degrees / (degrees + t * t), degrees / 2, 0.5) / 2;
    return t < 0 ? 1 - tail : tail;
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
    if (degrees > NORMAL_DEGREES) {
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
