package dev.telltale.experiment;

import org.apache.commons.math3.special.Gamma;

/**
 * Whether units came to the variants in the shares that were planned: Pearson's chi-squared. A
 * mismatch means that something keeps units of one variant from being counted, and no result can be
 * trusted: Fabijan et al. 2019, doi:10.1145/3292500.3330722. Variants with a planned share of zero
 * take no part.
 *
 * @param statistic at least 0; infinite if a variant without a planned share is all there is
 * @param degreesOfFreedom variants with a share, less one
 * @param pValue 0 to 1; 1 without units or with a single variant
 */
public record SampleRatio(double statistic, int degreesOfFreedom, double pValue) {
  /** Below this p-value an experiment is not valid: it is looked at daily, hence so small. */
  public static final double ALARM = 0.001;

  /** Shares that were written with a few digits sum to one up to this. */
  private static final double ROUNDING = 1e-6;

  /**
   * Tests counts.
   *
   * @param units of each variant
   * @param shares planned, at least 0, sum 1
   * @throws IllegalArgumentException if the shares are none
   */
  public static SampleRatio of(long[] units, double[] shares) {
    double planned = 0;
    long total = 0;
    int used = 0;
    for (int i = 0; i < shares.length; i++) {
      if (!(shares[i] >= 0)) {
        throw new IllegalArgumentException("A share of the units is at least 0, not " + shares[i]);
      }
      planned += shares[i];
      total += shares[i] > 0 ? units[i] : 0;
      used += shares[i] > 0 ? 1 : 0;
    }
    if (Math.abs(planned - 1) > ROUNDING) {
      throw new IllegalArgumentException("The shares sum to " + planned + ", not to 1");
    }
    if (used < 2 || total == 0) {
      return new SampleRatio(0, Math.max(0, used - 1), 1);
    }
    double statistic = 0;
    for (int i = 0; i < shares.length; i++) {
      if (shares[i] > 0) {
        double expected = total * shares[i] / planned;
        statistic += (units[i] - expected) * (units[i] - expected) / expected;
      }
    }
    return new SampleRatio(
        statistic, used - 1, Gamma.regularizedGammaQ((used - 1) / 2.0, statistic / 2));
  }

  /** Whether the shares are so far from the plan that results are not to be trusted. */
  public boolean isMismatch() {
    return isMismatch(1);
  }

  /** The same for one of several tests, by Bonferroni. */
  public boolean isMismatch(int tests) {
    return pValue < ALARM / tests;
  }
}
