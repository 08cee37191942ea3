package dev.telltale.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantileRanksTest {
  private static final long EXACT = 1_000_000;

  @ParameterizedTest
  @CsvFileSource(resources = "quantile-ranks.csv", useHeadersInDisplayName = true)
  void ranksAreTheBinomialQuantilesOfSciPy(double level, long n, long low, long high) {
    QuantileRanks ranks = QuantileRanks.of(level, n);
    if (n <= EXACT) {
      assertThat(ranks).isEqualTo(new QuantileRanks(low, high));
    } else {
      // The normal approximation is rounded outwards, by no more than a rank.
      assertThat(ranks.low()).isBetween(low - 1, low);
      assertThat(ranks.high()).isBetween(high, high + 1);
    }
  }

  /** Whatever the distribution, so uniform values stand for all. */
  @ParameterizedTest
  @CsvSource({"0.5, 6", "0.5, 37", "0.95, 72", "0.95, 400", "0.99, 368", "0.99, 1500"})
  void theIntervalHoldsTheQuantileIn95OfAHundredSamples(double level, int n) {
    QuantileRanks ranks = QuantileRanks.of(level, n);
    SplittableRandom random = new SplittableRandom(n);
    int samples = 4000;
    int held = 0;
    for (int sample = 0; sample < samples; sample++) {
      double[] values = random.doubles(n).sorted().toArray();
      held +=
          values[(int) ranks.low() - 1] <= level && level <= values[(int) ranks.high() - 1] ? 1 : 0;
    }
    // Four standard errors of 4,000 samples below 95 %.
    assertThat((double) held / samples).isGreaterThan(0.95 - 4 * Math.sqrt(0.95 * 0.05 / samples));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.05, 0.3, 0.5, 0.7, 0.95, 0.99, 0.999})
  void needIsTheSmallestNumberThatHasBothEnds(double level) {
    long needed = QuantileRanks.needed(level);
    assertThat(hasBothEnds(level, needed)).isTrue();
    for (long fewer = 1; fewer < needed; fewer++) {
      assertThat(hasBothEnds(level, fewer)).as("%d values", fewer).isFalse();
    }
  }

  /** By hand: 0.5^5 is 0.031 and 0.5^6 0.016; 0.95^71 is 0.0262; 0.99^367 is 0.02501. */
  @Test
  void whatThePageSaysIsNeeded() {
    assertThat(Arrays.asList(QuantileRanks.needed(0.5), QuantileRanks.needed(0.95)))
        .containsExactly(6L, 72L);
    assertThat(QuantileRanks.needed(0.99)).isEqualTo(368);
    assertThat(Math.pow(0.99, 367)).isCloseTo(0.02501, within(1e-5));
  }

  private static boolean hasBothEnds(double level, long n) {
    QuantileRanks ranks = QuantileRanks.of(level, n);
    return ranks.low() >= 1 && ranks.high() <= n;
  }

  @Test
  void whatIsNoQuantileIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> QuantileRanks.of(0, 10));
    assertThatIllegalArgumentException().isThrownBy(() -> QuantileRanks.of(1, 10));
    assertThatIllegalArgumentException().isThrownBy(() -> QuantileRanks.of(Double.NaN, 10));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> QuantileRanks.of(0.5, 0))
        .withMessage("0.5 of 0");
  }
}
