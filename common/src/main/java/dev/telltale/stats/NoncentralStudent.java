package dev.telltale.stats;

import org.apache.commons.math3.distribution.TDistribution;

/**
 * Tails of Student's noncentral distribution, the law of (Z + shift) / S with Z standard normal and
 * S the root of a chi-squared variable over its degrees of freedom: \( P(T &gt; t) = \int \Phi(
 * shift - t s) f_S(s) ds \), by Gauss-Legendre quadrature of 48 panels of five points over all of S
 * that has probability. Absolute error below 1e-11.
 */
final class NoncentralStudent {
  private static final double[] NODES = {0, 0.5384693101056831, 0.906179845938664};
  private static final double[] WEIGHTS = {
    0.5688888888888889, 0.47862867049936647, 0.23692688505618908
  };

  private static final int PANELS = 48;

  /** So many standard deviations of S, 1/sqrt(2 freedom), to either side. */
  private static final double WIDTH = 9;

  private NoncentralStudent() {}

  /**
   * Probability of more than t.
   *
   * @param freedom at least 1
   */
  static double upperTail(double t, double freedom, double shift) {
    double deviation = 1 / Math.sqrt(2 * freedom);
    // Over the fourth root of S, in which the density is smooth at 0 for every freedom.
    double low = Math.pow(Math.max(0, 1 - WIDTH * deviation), 0.25);
    double panel = (Math.pow(1 + WIDTH * deviation, 0.25) - low) / PANELS;
    double sum = 0;
    double total = 0;
    for (int k = 0; k < PANELS; k++) {
      double middle = low + (k + 0.5) * panel;
      for (int node = -2; node <= 2; node++) {
        double root = middle + Math.signum(node) * NODES[Math.abs(node)] * panel / 2;
        double s = root * root * root * root;
        double weight = WEIGHTS[Math.abs(node)] * root * root * root * density(s, freedom);
        sum += weight * StandardNormal.upperTail(t * s - shift);
        total += weight;
      }
    }
    return sum / total;
  }

  /**
   * The density of S against that at 1: the constant, and its rounding, cancels in the quotient.
   */
  private static double density(double s, double freedom) {
    double off = s - 1;
    return Math.exp((freedom - 1) * Math.log1p(off) - freedom * off * (1 + off / 2));
  }

  /** The t that is exceeded with the probability given where the shift is 0. */
  static double centralUpperQuantile(double probability, double freedom) {
    TDistribution student = new TDistribution(null, freedom);
    double t = -student.inverseCumulativeProbability(probability);
    // The library stops at nine digits; one step of Newton doubles them.
    return t + (student.cumulativeProbability(-t) - probability) / student.density(t);
  }
}
