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

  /** SciPy 1.17.1: stats.norm.sf(z). */
  @ParameterizedTest
  @CsvSource({
    "-1.5, 0.9331927987311419",
    "0.0, 0.5",
    "0.3, 0.3820885778110474",
    "0.6744, 0.2500285213729406",
    "0.6745, 0.24999674286369916",
    "1.0, 0.15865525393145707",
    "2.5, 0.006209665325776132",
    "5.0, 2.866515718791933e-07",
    "5.499, 1.9097556760413317e-08",
    "5.5, 1.898956246588768e-08",
    "7.0, 1.279812543885835e-12",
    "12.0, 1.776482112077653e-33",
    "30.0, 4.906713927147908e-198"
  })
  void tailsAreThoseOfSciPy(double z, double probability) {
    assertThat(StandardNormal.upperTail(z)).isCloseTo(probability, within(1e-13 * probability));
  }

  /** Its derivative is minus the tail, so that differences of it are areas, also at the seam. */
  @ParameterizedTest
  @ValueSource(doubles = {-2, 0, 0.7, 3, 5.4995, 5.5, 8, 25})
  void theExcessIsTheAreaUnderTheTail(double z) {
    double step = 1e-3;
    double area =
        (StandardNormal.upperTail(z)
                + 4 * StandardNormal.upperTail(z + step / 2)
                + StandardNormal.upperTail(z + step))
            * step
            / 6;
    assertThat(StandardNormal.upperExcess(z) - StandardNormal.upperExcess(z + step))
        .isCloseTo(area, within(1e-8 * area));
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
    assertThat(StandardNormal.upperTail(Double.POSITIVE_INFINITY)).isZero();
    assertThat(StandardNormal.upperTail(Double.NEGATIVE_INFINITY)).isOne();
    assertThat(StandardNormal.upperExcess(Double.NaN)).isNaN();
    assertThat(StandardNormal.upperExcess(Double.POSITIVE_INFINITY)).isZero();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StandardNormal.upperQuantile(Double.NaN))
        .withMessage("Not a probability: NaN");
  }
}
