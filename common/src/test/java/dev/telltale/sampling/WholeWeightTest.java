package dev.telltale.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WholeWeightTest {
  @ParameterizedTest
  @ValueSource(doubles = {0.25, 1, 1.5, 37.2, 99.999, 1e6 + 0.75})
  void theExpectationIsTheWeight(double weight) {
    int rows = 100_000;
    double sum = 0;
    for (int i = 0; i < rows; i++) {
      long whole = WholeWeight.of(weight, 0x9E3779B97F4A7C15L * i * i + i);
      assertThat(whole).isBetween((long) Math.floor(weight), (long) Math.ceil(weight));
      sum += whole - Math.floor(weight);
    }
    // Four standard errors of a share.
    assertThat(sum / rows).isCloseTo(weight - Math.floor(weight), within(0.0064));
  }

  @Test
  void noWeightIsNotPositiveOrHuge() {
    assertThat(WholeWeight.isWeight(Double.NaN)).isFalse();
    assertThat(WholeWeight.isWeight(0)).isFalse();
    assertThat(WholeWeight.isWeight(-1)).isFalse();
    assertThat(WholeWeight.isWeight(Double.POSITIVE_INFINITY)).isFalse();
    assertThat(WholeWeight.isWeight(0.5)).isTrue();
  }
}
