package dev.telltale.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.config.Sampling.Allocation;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StratumRatesTest {
  private static final long[] COUNTS = {60_000, 30_000, 9_000, 1_000};
  private static final double[] DEVIATIONS = {0.05, 0.1, 0.4, 0.3};
  private static final double[] MEANS = {0.1, 0.3, 0.5, 0.9};
  private static final int BUDGET = 1_000;

  @Test
  void proportionalIsOneRate() {
    assertThat(StratumRates.of(Allocation.PROPORTIONAL, COUNTS, DEVIATIONS, BUDGET))
        .containsExactly(0.01, 0.01, 0.01, 0.01);
  }

  @Test
  void aRateIsKeptToTheLastBit() {
    long[] odd = {2_146, 7, 0};
    double[] none = {0, 0, 0};
    assertThat(StratumRates.atRate(Allocation.PROPORTIONAL, odd, none, 0.1))
        .containsExactly(0.1, 0.1, 0.1);
    assertThat(StratumRates.atRate(Allocation.NEYMAN, new long[] {0, 0}, none, 0.1))
        .containsExactly(0.1, 0.1);
    assertThat(StratumRates.atRate(Allocation.NEYMAN, COUNTS, DEVIATIONS, 0.01))
        .containsExactly(StratumRates.of(Allocation.NEYMAN, COUNTS, DEVIATIONS, BUDGET));
  }

  @Test
  void whatVariesMoreIsSampledMoreAndNothingNever() {
    double[] rates = StratumRates.of(Allocation.NEYMAN, COUNTS, DEVIATIONS, BUDGET);
    for (int i = 0; i < rates.length; i++) {
      // What is left of the budget, in proportion to the deviation: n_h ~ N_h S_h.
      assertThat(rates[i]).isCloseTo(0.002 + 800 * DEVIATIONS[i] / 9_900, within(1e-12));
    }
  }

  @Test
  void aStratumOfUnknownSpreadCountsAsTheMostVarying() {
    double[] rates =
        StratumRates.of(Allocation.NEYMAN, new long[] {100, 100}, new double[] {1, Double.NaN}, 20);
    assertThat(rates[1]).isEqualTo(rates[0]);
    assertThat(StratumRates.of(Allocation.NEYMAN, new long[] {100}, new double[] {Double.NaN}, 20))
        .containsExactly(0.2);
  }

  /** The variance of the estimated mean, of samples of both allocations with the same budget. */
  @Test
  void neymanHasTheSmallerError() {
    assertThat(meanSquaredError(Allocation.NEYMAN))
        .isLessThan(0.6 * meanSquaredError(Allocation.PROPORTIONAL));
  }

  private static double meanSquaredError(Allocation allocation) {
    double[] rates = StratumRates.of(allocation, COUNTS, DEVIATIONS, BUDGET);
    Random random = new Random(11);
    double[][] values = new double[COUNTS.length][];
    double truth = 0;
    for (int h = 0; h < values.length; h++) {
      values[h] = new double[(int) COUNTS[h]];
      for (int i = 0; i < values[h].length; i++) {
        values[h][i] = MEANS[h] + DEVIATIONS[h] * random.nextGaussian();
        truth += values[h][i] / 100_000;
      }
    }
    int draws = 200;
    double sum = 0;
    for (int draw = 0; draw < draws; draw++) {
      double mean = 0;
      for (int h = 0; h < values.length; h++) {
        // Weighted up within the stratum, whose size is known.
        double kept = 0;
        int n = 0;
        for (double value : values[h]) {
          if (random.nextDouble() < rates[h]) {
            kept += value;
            n++;
          }
        }
        mean += n == 0 ? 0 : kept / n * COUNTS[h] / 100_000;
      }
      sum += (mean - truth) * (mean - truth) / draws;
    }
    return sum;
  }
}
