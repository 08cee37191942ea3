package dev.telltale.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.stats.KolmogorovSmirnovTest;
import java.util.Arrays;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.apache.commons.math3.distribution.GammaDistribution;
import org.apache.commons.math3.special.Gamma;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the simulations draw is what they say: against the distributions of commons-math. */
class DrawsTest {
  private static final int DRAWS = 200_000;

  @ParameterizedTest
  @CsvSource({"7, 0.3", "1000, 0.004", "100, 0.1", "40, 0.5", "500, 0.9", "1000000, 0.00002"})
  void binomialDrawsHaveTheirDistribution(int n, double p) {
    BinomialDistribution exact = new BinomialDistribution(n, p);
    int low = exact.inverseCumulativeProbability(1e-4);
    int high = exact.inverseCumulativeProbability(1 - 1e-4);
    long[] seen = new long[high - low + 1];
    Draws draws = new Draws(n);
    for (int i = 0; i < DRAWS; i++) {
      seen[(int) Math.max(low, Math.min(high, draws.binomial(n, p))) - low]++;
    }
    double statistic = 0;
    for (int x = low; x <= high; x++) {
      double below = x == low ? 0 : exact.cumulativeProbability(x - 1);
      double upTo = x == high ? 1 : exact.cumulativeProbability(x);
      double expected = DRAWS * (upTo - below);
      statistic += (seen[x - low] - expected) * (seen[x - low] - expected) / expected;
    }
    // The seed is fixed: a failure is no bad luck.
    assertThat(Gamma.regularizedGammaQ((high - low) / 2.0, statistic / 2)).isGreaterThan(0.001);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 9, 9_765})
  void gammaDrawsHaveTheirDistribution(long shape) {
    GammaDistribution exact = new GammaDistribution((double) shape, 1);
    Draws draws = new Draws(shape);
    double[] ranks = new double[DRAWS];
    Arrays.setAll(ranks, i -> exact.cumulativeProbability(draws.gamma(shape)));
    Arrays.sort(ranks);
    double d = 0;
    for (int i = 0; i < DRAWS; i++) {
      d = Math.max(d, Math.max((i + 1.0) / DRAWS - ranks[i], ranks[i] - (double) i / DRAWS));
    }
    // A second sample without limit makes the test that of one.
    assertThat(KolmogorovSmirnovTest.pValue(d, DRAWS, 1_000_000_000_000L)).isGreaterThan(0.001);
  }

  @Test
  void multinomialCountsAddUpAndFollowTheWeights() {
    double[] weights = {2, 0, 1, 5};
    long[] counts = new Draws(1).multinomial(8_000_000, weights);
    assertThat(Arrays.stream(counts).sum()).isEqualTo(8_000_000);
    for (int i = 0; i < weights.length; i++) {
      // Five standard deviations.
      assertThat(counts[i] / 1e6).isCloseTo(weights[i], within(0.007));
    }
  }
}
