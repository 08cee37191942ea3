package dev.telltale.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StandardNormalTest {
  /** SciPy 1.17.1: stats.norm.isf(p). */
  @ParameterizedTest
  @CsvSource({
    "0.5, 0.0",
    "0.4999, 0.0002506628300880075",
    "0.975, -1.959963984540054",
    "0.025, 1.959963984540054",
    "1e-6, 4.753424308822899",
    "1e-15, 7.941345326170998",
    "1e-100, 21.273453560965322",
    "1e-300, 37.0470962993612"
  })
  void quantilesAreThoseOfSciPy(double probability, double z) {
    assertThat(StandardNormal.upperQuantile(probability)).isCloseTo(z, within(1e-12));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-290, 1e-50, 1e-9, 0.01, 0.3, 0.5, 0.7})
  void theTailIsTheInverseOfTheQuantile(double probability) {
    assertThat(StandardNormal.upperTail(StandardNormal.upperQuantile(probability)))
        .isCloseTo(probability, within(1e-11 * probability));
  }

  @ParameterizedTest
  @EnumSource
  void theReversedAlternativeTurnsTheSign(Alternative alternative) {
    assertThat(StandardNormal.pValue(1.3, alternative))
        .isEqualTo(StandardNormal.pValue(-1.3, alternative.reversed()));
  }

  @Test
  void theEndsAreInfiniteAndBeyondIsRefused() {
    assertThat(StandardNormal.upperQuantile(0)).isInfinite().isPositive();
    assertThat(StandardNormal.upperQuantile(1)).isInfinite().isNegative();
    assertThat(StandardNormal.upperTail(Double.NaN)).isNaN();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StandardNormal.upperQuantile(Double.NaN))
        .withMessage("Not a probability: NaN");
  }
}
