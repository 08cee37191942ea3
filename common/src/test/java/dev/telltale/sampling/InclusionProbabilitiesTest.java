package dev.telltale.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class InclusionProbabilitiesTest {
  private static double expected(long[] counts, double[] probabilities) {
    double sum = 0;
    for (int i = 0; i < counts.length; i++) {
      sum += counts[i] * probabilities[i];
    }
    return sum;
  }

  @Test
  void aShareIsForAllAlikeAndTheRestInProportionToSize() {
    long[] counts = {900, 100};
    double[] found = InclusionProbabilities.of(counts, new double[] {0, 2}, 50, 0.2);
    assertThat(found[0]).isCloseTo(0.01, within(1e-15));
    assertThat(found[1]).isCloseTo(0.01 + 0.4, within(1e-15));
    assertThat(expected(counts, found)).isCloseTo(50, within(1e-12));
  }

  @Test
  void whatIsDrawnForCertainLeavesTheRestToTheOthers() {
    long[] counts = {10_000, 500, 20};
    double[] found = InclusionProbabilities.of(counts, new double[] {0.1, 1, 100}, 120, 0.1);
    assertThat(found[2]).isEqualTo(1);
    assertThat(found[0]).isGreaterThan(0.1 * 120 / 10_520 - 1e-15);
    assertThat(found[1]).isGreaterThan(found[0]);
    assertThat(expected(counts, found)).isCloseTo(120, within(1e-9));
  }

  @Test
  void withoutSizesAllAreAlike() {
    assertThat(InclusionProbabilities.of(new long[] {100}, new double[] {0}, 25, 0.2))
        .containsExactly(0.25);
    assertThat(InclusionProbabilities.of(new long[] {60, 40}, new double[] {0, 0}, 25, 0.2))
        .containsExactly(0.25, 0.25);
  }

  @Test
  void fewerThanTheBudgetAreAllDrawn() {
    assertThat(InclusionProbabilities.of(new long[] {3, 0}, new double[] {1, 5}, 25, 0.2))
        .containsExactly(1, 1);
    assertThat(InclusionProbabilities.of(new long[0], new double[0], 25, 0.2)).isEmpty();
  }

  @Test
  void nonsenseIsRefused() {
    assertThatThrownBy(() -> InclusionProbabilities.of(new long[] {1}, new double[] {-1}, 1, 0.2))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> InclusionProbabilities.of(new long[] {1}, new double[] {1}, 0, 0.2))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
