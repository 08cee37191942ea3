package dev.telltale.sequential;

import dev.telltale.stats.ConfidenceInterval;

/**
 * An interval and a p-value of a mean effect that hold at all numbers of units together, with no
 * plan of looks: the asymptotic confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy and
 * Ramdas, arXiv 2103.06476, theorem 2.2. Wider than repeated intervals at their looks, and
 * asymptotic: for the first hundreds of units it promises nothing.
 *
 * <p>With V = z² N ρ² / (2 (N ρ² + 1)) and M = √(N ρ² + 1), two-sided, \( e^V / M \) is the
 * likelihood of effects that are normal with standard deviation ρ (in those of one unit) against
 * none, and a martingale without an effect; it reaches 1 / alpha with a probability of at most
 * alpha (Ville). One-sided the effects are the upper half of the normal, and it is \( 2 e^V
 * \Phi(\sqrt{2V}) / M \) for z above 0. As \( 1 - \Phi(x) \le e^{-x^2/2} / 2 \), that is at least
 * \( (2 e^V - 1) / M \); here \( 2 (e^V - 1) / M \) has to reach 1 / alpha, which is later still.
 *
 * @param alpha probability that the effect is ever outside; above 0, below one half
 * @param sides whether intervals have both ends
 * @param scale ρ, above 0, finite; how far effects are from zero in standard deviations of a unit
 */
public record AsymptoticConfidenceSequence(double alpha, Sides sides, double scale) {
  /**
   * Refuses what is no error rate or scale.
   *
   * @throws IllegalArgumentException if one is outside its range
   */
  public AsymptoticConfidenceSequence {
    if (!(alpha > 0 && alpha < 0.5)) {
      throw new IllegalArgumentException("An alpha of " + alpha);
    }
    if (!(scale > 0) || Double.isInfinite(scale)) {
      throw new IllegalArgumentException("A scale of " + scale);
    }
  }

  /**
   * The one with about the narrowest interval at a number of units: \( \rho^2 = (-2 \ln a + \ln(1 -
   * 2 \ln a)) / N \) with alpha as a, one-sided with twice as much.
   *
   * @param units above 0, finite
   * @throws IllegalArgumentException if it is not
   */
  public static AsymptoticConfidenceSequence tightestAt(double alpha, Sides sides, double units) {
    checkUnits(units);
    double both = -2 * Math.log(sides == Sides.TWO ? alpha : 2 * alpha);
    return new AsymptoticConfidenceSequence(
        alpha, sides, Math.sqrt((both + Math.log1p(both)) / units));
  }

  /**
   * What z has to reach.
   *
   * @param units number of units up to now, above 0, finite
   * @return above 0; it grows without end for few and for many units
   */
  public double bound(double units) {
    checkUnits(units);
    double spread = units * scale * scale;
    double root = Math.sqrt(spread + 1);
    double log = sides == Sides.TWO ? Math.log(root / alpha) : Math.log1p(root / (2 * alpha));
    return Math.sqrt(2 * (spread + 1) / spread * log);
  }

  /**
   * The effects that are not excluded.
   *
   * @param effect estimate, finite
   * @param standardError its own with these units, above 0
   * @param units number of units up to now, above 0
   * @return effect ± bound * error; the upper end is infinite if one-sided
   * @throws IllegalArgumentException if an argument is outside its range
   */
  public ConfidenceInterval interval(double effect, double standardError, double units) {
    double z = Standardised.of(effect, standardError);
    return Standardised.interval(z, standardError, bound(units), sides, 1 - alpha);
  }

  /**
   * The smallest alpha whose sequence of the same scale excludes zero; at most the own alpha
   * exactly if its interval does not have zero strictly inside.
   *
   * @return 0 to 1
   * @throws IllegalArgumentException if an argument is outside its range
   */
  public double pValue(double effect, double standardError, double units) {
    double size = sides.size(Standardised.of(effect, standardError));
    boolean isFound = size >= bound(units);
    double spread = units * scale * scale;
    double root = Math.sqrt(spread + 1);
    double exponent = size * size * spread / (2 * (spread + 1));
    double p = sides == Sides.TWO ? root * Math.exp(-exponent) : oneSided(size, root, exponent);
    // Rounding must not part the p-value from the interval.
    return isFound ? Math.min(p, alpha) : Math.max(Math.min(1, p), Math.nextUp(alpha));
  }

  private static double oneSided(double size, double root, double exponent) {
    return size > 0 ? root / (2 * Math.expm1(exponent)) : 1;
  }

  private static void checkUnits(double units) {
    if (!(units > 0) || Double.isInfinite(units)) {
      throw new IllegalArgumentException("A number of units of " + units);
    }
  }
}
