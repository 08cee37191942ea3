package dev.telltale.sequential;

import dev.telltale.stats.StandardNormal;
import java.util.List;
import org.apache.commons.math3.analysis.UnivariateFunction;
import org.apache.commons.math3.analysis.solvers.BrentSolver;

/**
 * How probably looks find an effect, and how much more has to be planned than for a single look:
 * Jennison and Turnbull 1999, doi:10.1201/9780367805326, chapters 2 and 19.
 *
 * <p>The drift is the effect by the standard error that is planned, at information 1: z is normal
 * with the mean drift * √information and the standard deviation 1.
 */
public final class SequentialPower {
  private static final double LARGEST_DRIFT = 100;

  private SequentialPower() {}

  /**
   * Probability that any look crosses its bound. Two-sided, bounds on the wrong side count too.
   *
   * @param drift finite
   * @return 0 to 1; the alpha spent at 0
   * @throws IllegalArgumentException if the drift is not finite
   */
  public static double power(GroupSequentialBounds bounds, double drift) {
    if (!Double.isFinite(drift)) {
      throw new IllegalArgumentException("A drift of " + drift);
    }
    boolean isTwoSided = bounds.design().sides() == Sides.TWO;
    BoundedWalk walk = null;
    double known = 0;
    double low = 0;
    double high = 0;
    double sum = 0;
    for (Look look : bounds.looks()) {
      if (Double.isInfinite(look.bound())) {
        continue;
      }
      double now = Math.max(look.information(), known * GroupSequentialBounds.NEW);
      walk = walk == null ? BoundedWalk.first(drift, now) : walk.next(low, high, now);
      high = look.bound() * Math.sqrt(now);
      low = isTwoSided ? -high : Double.NEGATIVE_INFINITY;
      sum += walk.above(high) + (isTwoSided ? walk.below(low) : 0);
      known = now;
    }
    return Math.min(1, sum);
  }

  /**
   * The drift that is found with a power; from 0.
   *
   * @param power above the alpha that the looks spend, below 1
   * @throws IllegalArgumentException if it is not
   */
  public static double driftFor(GroupSequentialBounds bounds, double power) {
    List<Look> looks = bounds.looks();
    double spent = looks.isEmpty() ? 1 : bounds.latest().alphaSpent();
    if (!(power > spent && power < 1) || power(bounds, LARGEST_DRIFT) < power) {
      throw new IllegalArgumentException(
          "A power of " + power + " with " + looks.size() + " looks that spend " + spent);
    }
    return rising(drift -> power(bounds, drift) - power, 0, LARGEST_DRIFT);
  }

  /**
   * By how much the units have to be more than those of a single look with the same alpha and
   * power: \( (drift / (z_\alpha + z_\beta))^2 \), with alpha of one side.
   *
   * @param power above the alpha that the looks spend, below 1
   * @return 1 for a single look; the wrong side of that is neglected
   * @throws IllegalArgumentException as {@link #driftFor}
   */
  public static double inflation(GroupSequentialBounds bounds, double power) {
    return inflation(bounds.design(), driftFor(bounds, power), power);
  }

  static double inflation(SequentialDesign design, double drift, double power) {
    double single =
        StandardNormal.upperQuantile(design.alpha() / design.sides().count())
            + StandardNormal.upperQuantile(1 - power);
    return drift * drift / (single * single);
  }

  /** Where a function that rises from below zero is zero. */
  static double rising(UnivariateFunction function, double low, double high) {
    // From below in small steps: far above the power is one everywhere, where no slope leads back.
    double from = low;
    double to = Math.min(high, low + 1);
    while (to < high && function.value(to) < 0) {
      from = to;
      to = Math.min(high, 2 * to - low);
    }
    return new BrentSolver(1e-11, 1e-11, 1e-15).solve(200, function, from, to);
  }
}
