package dev.telltale.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PoissonRatioTestTest {
  @ParameterizedTest
  @CsvFileSource(resources = "poisson-ratios.csv", useHeadersInDisplayName = true)
  void theNumbersAreThoseOfSciPy(
      long variant,
      double variantExposure,
      long control,
      double controlExposure,
      String ratio1,
      String ratio12,
      double low95,
      double high95,
      double low99,
      double high99) {
    PoissonRatioTest test =
        new PoissonRatioTest(variant, variantExposure, control, controlExposure);
    PoissonRatioTest swapped =
        new PoissonRatioTest(control, controlExposure, variant, variantExposure);
    for (Alternative alternative : Alternative.values()) {
      assertSame(test.pValue(alternative), ratio1, alternative);
      assertSame(test.pValue(1.2, alternative), ratio12, alternative);
      assertSame(swapped.pValue(1 / 1.2, alternative.reversed()), ratio12, alternative);
    }
    assertInterval(test.interval(0.95), low95, high95);
    assertInterval(test.interval(0.99), low99, high99);
  }

  private static void assertSame(double value, String expected, Alternative alternative) {
    double number = Numbers.of(expected, alternative);
    // Tails beyond 1e-100 lose digits in the exponent.
    double digits = number < 1e-100 ? 1e-8 : 1e-10;
    assertThat(value).as("%s", alternative).isCloseTo(number, within(digits * number));
  }

  private static void assertInterval(ConfidenceInterval interval, double low, double high) {
    assertThat(interval.low()).isCloseTo(low, within(1e-10 * low));
    if (Double.isInfinite(high)) {
      assertThat(interval.high()).isInfinite();
    } else {
      assertThat(interval.high()).isCloseTo(high, within(1e-10 * high));
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 7", "3, 0", "5, 9", "120, 80", "600000000, 600050000"})
  void pValueAndIntervalAgree(long variant, long control) {
    PoissonRatioTest test = new PoissonRatioTest(variant, 2, control, 3);
    ConfidenceInterval interval = test.interval(0.9);
    if (variant > 0) {
      assertThat(test.pValue(interval.low(), Alternative.GREATER)).isCloseTo(0.05, within(1e-7));
      assertThat(test.pValue(interval.low(), Alternative.TWO_SIDED)).isCloseTo(0.1, within(1e-7));
      assertThat(interval.contains(test.ratio()) || control == 0).isTrue();
    }
    if (control > 0) {
      assertThat(test.pValue(interval.high(), Alternative.LESS)).isCloseTo(0.05, within(1e-7));
    }
  }

  @Test
  void theNormalTailTakesOverWhereTheExactOneEnds() {
    double exact =
        new PoissonRatioTest(499_980_000, 1, 499_990_000, 1).pValue(Alternative.TWO_SIDED);
    double normal =
        new PoissonRatioTest(500_000_000, 1, 500_010_001, 1).pValue(Alternative.TWO_SIDED);
    assertThat(normal).isCloseTo(exact, within(1e-4));
  }

  @ParameterizedTest
  @EnumSource
  void noEventsTellNothing(Alternative alternative) {
    PoissonRatioTest test = new PoissonRatioTest(0, 1, 0, 1000);
    assertThat(test.pValue(alternative)).isEqualTo(1);
    assertThat(test.ratio()).isNaN();
    assertThat(test.interval(0.95))
        .isEqualTo(new ConfidenceInterval(0, Double.POSITIVE_INFINITY, 0.95));
  }

  @Test
  void whatIsNoRateIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PoissonRatioTest(-1, 1, 0, 1))
        .withMessage("-1 in 1.0 and 0 in 1.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PoissonRatioTest(1, 0, 0, 1))
        .withMessage("1 in 0.0 and 0 in 1.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PoissonRatioTest(1, 1, 0, Double.NaN))
        .withMessage("1 in 1.0 and 0 in NaN");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PoissonRatioTest(1, 1, 1, 1).pValue(0, Alternative.LESS))
        .withMessage("Not a ratio of rates: 0.0");
  }
}
