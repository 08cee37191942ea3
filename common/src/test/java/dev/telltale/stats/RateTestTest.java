package dev.telltale.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

class RateTestTest {
  @ParameterizedTest
  @CsvFileSource(resources = "rates.csv", useHeadersInDisplayName = true)
  void pValuesAreTheDoubledBinomialTailOfSciPy(
      long first, double firstHours, long second, double secondHours, double p) {
    double value = RateTest.different(first, firstHours, second, secondHours);
    if (first + second <= 100_000) {
      // The continued fraction of the incomplete beta function, to ten digits.
      assertThat(value).isCloseTo(p, within(1e-10 * p));
    } else {
      // Without continuity correction the normal tail is off by half an event of 450.
      assertThat(value).isCloseTo(p, within(0.05 * p));
    }
    assertThat(RateTest.different(second, secondHours, first, firstHours))
        .isCloseTo(value, within(1e-10)); // the other tail of the same fraction
  }

  @ParameterizedTest
  @CsvSource({"49990, 50009", "50000, 50500", "49000, 51000"})
  void theNormalTailTakesOverWhereTheExactOneEnds(long first, long second) {
    double exact = RateTest.different(first, 24, second, 24);
    double normal = RateTest.different(first + 500, 24, second + 500, 24);
    // One percent more events are a slightly smaller deviation.
    assertThat(normal).isBetween(exact * 0.97, exact * 1.3 + 1e-6);
  }

  @Test
  void noEventsTellNothing() {
    assertThat(RateTest.different(0, 1, 0, 1000)).isEqualTo(1);
  }

  @Test
  void whatIsNoRateIsRefused() {
    assertThatThrownBy(() -> RateTest.different(-1, 1, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("-1 in 1.0 h, 0 in 1.0 h");
    assertThatThrownBy(() -> RateTest.different(1, 0, 0, 1)).hasMessage("1 in 0.0 h, 0 in 1.0 h");
    assertThatThrownBy(() -> RateTest.different(1, 1, 0, Double.NaN))
        .hasMessage("1 in 1.0 h, 0 in NaN h");
  }
}
