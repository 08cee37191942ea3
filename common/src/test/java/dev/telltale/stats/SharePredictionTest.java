package dev.telltale.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.apache.commons.math3.distribution.BetaDistribution;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;
import org.junit.jupiter.api.Test;

class SharePredictionTest {
  private static final int DAYS = 20;
  private static final long ROWS = 500;
  private static final int RUNS = 20_000;

  /** Python 3.11, sums of math.lgamma: P(betabinom(500, 3.5, 9997.5) <= 2, 3) = 0.9986, 0.9999. */
  @Test
  void sharesAreThoseOfTheBetaBinomialDistribution() {
    long[] rows = {10_000};
    assertThat(SharePrediction.upper(rows, new long[] {3}, new long[] {500}, 0.001))
        .isCloseTo(3.0 / 500, within(1e-12));
    assertThat(SharePrediction.upper(rows, new long[] {0}, new long[] {1}, 0.001)).isZero();
    assertThat(SharePrediction.upper(new long[0], new long[0], new long[] {9}, 0.001)).isOne();
    assertThat(SharePrediction.upper(rows, new long[] {10_000}, new long[] {500}, 0.001)).isOne();
  }

  /** Days differ by no more than chance: an equal day fails no more often than was said. */
  @Test
  void theNextEqualDayExceedsTheShareAsOftenAsNominal() {
    RandomGenerator random = new Well19937c(7);
    for (double share : new double[] {0.0001, 0.001, 0.02, 0.3}) {
      assertThat(exceeded(random, day -> share, 0.01)).as("%s", share).isLessThanOrEqualTo(0.013);
    }
  }

  /** Each day has a share of its own, with a standard deviation as large as the half of it. */
  @Test
  void daysThatDifferWidenTheBound() {
    BetaDistribution shares = new BetaDistribution(new Well19937c(8), 3.6, 68.4);
    double exceeded = exceeded(new Well19937c(9), day -> shares.sample(), 0.01);
    assertThat(exceeded).isLessThanOrEqualTo(0.013);
  }

  @Test
  void valuesBeyondTheExtremesAreOfAnyDistribution() {
    Random random = new Random(5);
    long values = 10_000;
    double bound = SharePrediction.beyondExtremes(values, new long[] {500}, 0.01);
    int exceeded = 0;
    for (int run = 0; run < 2_000; run++) {
      double low = 1;
      double high = 0;
      for (int i = 0; i < values; i++) {
        double value = random.nextDouble();
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
      int beyond = 0;
      for (int i = 0; i < 500; i++) {
        double value = random.nextDouble();
        beyond += value < low || value > high ? 1 : 0;
      }
      exceeded += beyond > bound * 500 ? 1 : 0;
    }
    assertThat(exceeded / 2_000.0).isLessThanOrEqualTo(0.013);
  }

  private interface Share {
    double of(int day);
  }

  private static double exceeded(RandomGenerator random, Share share, double risk) {
    long[] rows = new long[DAYS];
    Arrays.fill(rows, ROWS);
    int exceeded = 0;
    for (int run = 0; run < RUNS; run++) {
      long[] hits = new long[DAYS];
      for (int day = 0; day < DAYS; day++) {
        hits[day] = new BinomialDistribution(random, (int) ROWS, share.of(day)).sample();
      }
      double bound = SharePrediction.upper(rows, hits, new long[] {ROWS}, risk);
      long next = new BinomialDistribution(random, (int) ROWS, share.of(DAYS)).sample();
      exceeded += next > bound * ROWS + 1e-9 ? 1 : 0;
    }
    return (double) exceeded / RUNS;
  }
}
