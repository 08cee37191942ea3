package dev.telltale.sequential;

import dev.telltale.stats.ConfidenceInterval;
import java.util.List;
import org.apache.commons.math3.analysis.solvers.AllowedSolution;
import org.apache.commons.math3.analysis.solvers.BracketingNthOrderBrentSolver;

/**
 * What looks up to now say of an effect: an interval and a p-value that hold at all looks together,
 * whether or not one stops. Jennison and Turnbull 1989, doi:10.1111/j.2517-6161.1989.tb01434.x.
 *
 * <p>The interval, the estimate ± the bound times its standard error, has the effect inside at
 * every look with a probability of at least 1 - alpha. It is that of the latest look alone; zero is
 * not strictly inside exactly if that look crosses its bound. The p-value is the smallest alpha
 * with which this or an earlier look would have crossed, so it never rises; it is at most the
 * design's alpha exactly if one has crossed.
 *
 * @param interval ends are infinite without a bound; one-sided, the upper one always
 * @param pValue from {@value #SMALLEST}, below which nothing is told apart, to 1; above {@value
 *     #LARGEST} it is 1
 */
public record RepeatedInterval(ConfidenceInterval interval, double pValue) {
  private static final double SMALLEST = 1e-13;

  /**
   * Bounds fall as alpha rises up to here, with every spending function; only those above 7, which
   * no chance crosses, may not where looks begin to spend anything.
   */
  private static final double LARGEST = 0.999;

  /** Below all that a size less a bound can be, in place of minus infinity. */
  private static final double NOWHERE = -1e3;

  private static final int EVALUATIONS = 500;

  /**
   * The interval at the latest look and the p-value of all.
   *
   * @param estimates of the effect, at each look
   * @param standardErrors theirs, above 0
   * @throws IllegalArgumentException if not as many as looks, not finite or not above 0
   */
  public static RepeatedInterval of(
      GroupSequentialBounds bounds, double[] estimates, double[] standardErrors) {
    int count = bounds.looks().size();
    if (count == 0 || estimates.length != count || standardErrors.length != count) {
      throw new IllegalArgumentException(
          estimates.length
              + " estimates with "
              + standardErrors.length
              + " standard errors for "
              + count
              + " looks");
    }
    double[] z = new double[count];
    for (int k = 0; k < count; k++) {
      z[k] = Standardised.of(estimates[k], standardErrors[k]);
    }
    return new RepeatedInterval(
        interval(bounds, estimates[count - 1], standardErrors[count - 1]), pValue(bounds, z));
  }

  /**
   * The interval alone.
   *
   * @param estimate of the effect at the latest look
   * @param standardError its own, above 0
   * @throws IllegalArgumentException if not finite or not above 0
   * @throws IllegalStateException without a look
   */
  public static ConfidenceInterval interval(
      GroupSequentialBounds bounds, double estimate, double standardError) {
    double z = Standardised.of(estimate, standardError);
    SequentialDesign design = bounds.design();
    return Standardised.interval(
        z, standardError, bounds.latest().bound(), design.sides(), 1 - design.alpha());
  }

  /**
   * The p-value alone.
   *
   * @param z at each look, estimate by its standard error; finite
   * @throws IllegalArgumentException if not as many as looks, or not finite
   */
  public static double pValue(GroupSequentialBounds bounds, double... z) {
    if (bounds.looks().isEmpty() || z.length != bounds.looks().size()) {
      throw new IllegalArgumentException(z.length + " z for " + bounds.looks().size() + " looks");
    }
    for (double one : z) {
      if (!Double.isFinite(one)) {
        throw new IllegalArgumentException("A z of " + one);
      }
    }
    SequentialDesign design = bounds.design();
    double middle = Math.log(design.alpha());
    // The design's alpha is one end of the bracket, so the search cannot contradict its bounds.
    boolean isFound = beyond(design.sides(), bounds.looks(), z) >= 0;
    double low = isFound ? Math.min(middle, Math.log(SMALLEST)) : middle;
    double high = isFound ? middle : Math.log(LARGEST);
    if (!isFound && (high <= low || beyond(bounds, high, z) < 0)) {
      return 1;
    }
    if (isFound && (high <= low || beyond(bounds, low, z) >= 0)) {
      return Math.min(design.alpha(), SMALLEST);
    }
    double found =
        Math.exp(
            new BracketingNthOrderBrentSolver(1e-10, 1e-10, 1e-12, 5)
                .solve(
                    EVALUATIONS,
                    log ->
                        log == middle
                            ? beyond(design.sides(), bounds.looks(), z)
                            : beyond(bounds, log, z),
                    low,
                    high,
                    AllowedSolution.ABOVE_SIDE));
    return isFound ? Math.min(design.alpha(), found) : Math.max(Math.nextUp(design.alpha()), found);
  }

  /** How far beyond its bound the look is that is farthest, with another alpha. */
  private static double beyond(GroupSequentialBounds bounds, double logAlpha, double[] z) {
    SequentialDesign design = bounds.design();
    GroupSequentialBounds other =
        GroupSequentialBounds.start(
            new SequentialDesign(Math.exp(logAlpha), design.sides(), design.spending()));
    int count = bounds.looks().size();
    for (int k = 0; k < count; k++) {
      double information = bounds.looks().get(k).information();
      other =
          k == count - 1 && bounds.isComplete() ? other.last(information) : other.next(information);
    }
    return beyond(design.sides(), other.looks(), z);
  }

  private static double beyond(Sides sides, List<Look> looks, double[] z) {
    double most = NOWHERE;
    for (int k = 0; k < z.length; k++) {
      most = Math.max(most, sides.size(z[k]) - looks.get(k).bound());
    }
    return most;
  }
}
