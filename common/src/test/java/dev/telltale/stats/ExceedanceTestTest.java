package dev.telltale.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class ExceedanceTestTest {
  @ParameterizedTest
  @CsvFileSource(resources = "exceedances.csv", useHeadersInDisplayName = true)
  void pValuesAreTheCountsOfAllOrders(long n, long m, long outside, double p) {
    // Logarithms of factorials of a million keep eight digits after the exponential.
    assertThat(ExceedanceTest.pValue(n, m, outside)).isCloseTo(p, within(1e-8 * p));
  }

  @Property
  void moreOutsideIsEverLessProbable(
      @ForAll @LongRange(min = 1, max = 10_000_000) long n,
      @ForAll @LongRange(min = 1, max = 1_000) long m,
      @ForAll @LongRange(min = 0, max = 999) long outside) {
    long few = Math.min(outside, m - 1);
    double p = ExceedanceTest.pValue(n, m, few);
    double more = ExceedanceTest.pValue(n, m, few + 1);
    assertThat(p).isBetween(0.0, 1.0);
    // Rounding of the factorials, as above.
    assertThat(more).isBetween(0.0, Math.min(1, p * (1 + 1e-6)));
  }

  @Test
  void theChanceThatANewValueIsOutsideIsTwoInNPlusOne() {
    // By symmetry, one new value is as likely to be any of the n + 1 in order.
    assertThat(ExceedanceTest.pValue(99, 1, 1)).isCloseTo(0.02, within(1e-12)); // rounding
    assertThat(ExceedanceTest.pValue(99, 1, 0)).isEqualTo(1);
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThatThrownBy(() -> ExceedanceTest.pValue(5, 3, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("4 of 3 outside the range of 5");
    assertThatThrownBy(() -> ExceedanceTest.pValue(0, 3, 1))
        .hasMessage("1 of 3 outside the range of 0");
    assertThatThrownBy(() -> ExceedanceTest.pValue(5, 3, -1))
        .hasMessage("-1 of 3 outside the range of 5");
  }
}
