package dev.telltale.sampling;

import dev.telltale.config.Sampling;
import java.util.Arrays;

/** The rate at which each stratum is sampled. */
public final class StratumRates {
  /**
   * Part of a Neyman sample that goes to all rows alike: a stratum that looked the same in all rows
   * may have been lucky, and a measure is never all that is asked of a sample.
   */
  public static final double ALIKE = 0.2;

  private StratumRates() {}

  /**
   * The rates at which a share of the rows is expected to be kept; without Neyman's allocation this
   * share itself, to the last bit, so that whoever knows it knows what is kept.
   *
   * @param counts rows of each stratum, not negative
   * @param deviations as in {@link #of}
   * @param rate above 0 and at most 1
   */
  public static double[] atRate(
      Sampling.Allocation allocation, long[] counts, double[] deviations, double rate) {
    double budget = rate * Arrays.stream(counts).sum();
    if (allocation != Sampling.Allocation.NEYMAN || !(budget > 0)) {
      double[] rates = new double[counts.length];
      Arrays.fill(rates, rate);
      return rates;
    }
    return of(allocation, counts, deviations, budget);
  }

  /**
   * The rates at which the budget is expected to be kept, each above 0 and at most 1; all 1 where
   * there are no more rows.
   *
   * <p>Neyman's allocation makes the variance of the measure's mean least: n_h in proportion to N_h
   * S_h (Neyman 1934, doi:10.2307/2342192), of what {@link #ALIKE} leaves. Where the measure is the
   * same in all rows it is the proportional one.
   *
   * @param counts rows of each stratum, not negative
   * @param deviations standard deviation of the measure in each stratum, not negative; NaN where it
   *     is not known counts as the largest
   * @param budget rows to keep, above 0
   */
  public static double[] of(
      Sampling.Allocation allocation, long[] counts, double[] deviations, double budget) {
    double[] sizes = new double[counts.length];
    if (allocation == Sampling.Allocation.NEYMAN) {
      double largest = Arrays.stream(deviations).filter(Double::isFinite).max().orElse(0);
      for (int i = 0; i < sizes.length; i++) {
        sizes[i] = Double.isFinite(deviations[i]) ? deviations[i] : largest;
      }
    }
    return InclusionProbabilities.of(counts, sizes, budget, ALIKE);
  }
}
