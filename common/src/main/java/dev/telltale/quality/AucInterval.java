package dev.telltale.quality;

import org.apache.commons.math3.distribution.TDistribution;

/**
 * The 95 % interval of an area under the ROC curve: all θ with (θ - AUC)² ≤ t² V(θ).
 *
 * <p>V(θ) has the shape of Hanley and McNeil's variance in Newcombe's form (2006,
 * doi:10.1002/sim.2324, method 5) and at the value is DeLong's variance, shrunk towards the former
 * as if {@value #PRIOR_ROWS} rows of the rarer class had been seen: of a few rows DeLong's variance
 * is itself a guess. Measured coverage is in the test.
 *
 * @param low lower end
 * @param high upper end
 */
record AucInterval(double low, double high) {
  private static final double PRIOR_ROWS = 10;
  private static final double UPPER = 0.975;

  /** Halvings of the distance to 0 or 1: beyond what a double tells apart. */
  private static final int HALVINGS = 60;

  /**
   * The interval.
   *
   * @param auc value, 0 to 1
   * @param variance DeLong's variance; 0 if all positives stand on one side of all negatives
   * @param positives effective number of positives
   * @param negatives effective number of negatives
   */
  static AucInterval of(double auc, double variance, double positives, double negatives) {
    double rarer = Math.min(positives, negatives);
    double share = rarer / (rarer + PRIOR_ROWS);
    double shape = shape(auc, positives, negatives);
    double ratio = shape > 0 ? (share * variance + (1 - share) * shape) / shape : 1;
    double degrees = Math.max(1, rarer - 1 + PRIOR_ROWS);
    double t = new TDistribution(null, degrees).inverseCumulativeProbability(UPPER);
    double squared = t * t * ratio;
    return new AucInterval(
        end(auc, 0, squared, positives, negatives), end(auc, 1, squared, positives, negatives));
  }

  private static double end(
      double auc, double limit, double squared, double positives, double negatives) {
    double inside = auc;
    double outside = limit;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (inside + outside) / 2;
      double distance = middle - auc;
      if (distance * distance <= squared * shape(middle, positives, negatives)) {
        inside = middle;
      } else {
        outside = middle;
      }
    }
    return inside;
  }

  private static double shape(double auc, double positives, double negatives) {
    double others = Math.max(0, (positives + negatives) / 2 - 1);
    return auc
        * (1 - auc)
        * (1 + others * (1 - auc) / (2 - auc) + others * auc / (1 + auc))
        / (positives * negatives);
  }
}
