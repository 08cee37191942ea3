package dev.telltale.sequential;

import dev.telltale.stats.ConfidenceInterval;

/** Estimates in standard errors, and intervals that decide exactly as these do. */
final class Standardised {
  private Standardised() {}

  /** An estimate by its standard error, which are finite and above 0. */
  static double of(double estimate, double standardError) {
    if (!Double.isFinite(estimate) || !(standardError > 0) || Double.isInfinite(standardError)) {
      throw new IllegalArgumentException(
          "An estimate of " + estimate + " with the standard error " + standardError);
    }
    return estimate / standardError;
  }

  /** Has zero strictly inside exactly if z does not reach the bound, which may be infinite. */
  static ConfidenceInterval interval(
      double z, double standardError, double bound, Sides sides, double level) {
    // Not estimate - error * bound, whose rounding might take another side of zero than z does.
    double low = standardError * (z - bound);
    double high = sides == Sides.TWO ? standardError * (z + bound) : Double.POSITIVE_INFINITY;
    return new ConfidenceInterval(low, high, level);
  }
}
