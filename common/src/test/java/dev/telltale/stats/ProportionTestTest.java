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

class ProportionTestTest {
  @ParameterizedTest
  @CsvFileSource(resources = "proportions.csv", useHeadersInDisplayName = true)
  void pValuesAreThoseOfStatsmodelsAndSciPy(
      long first, long n, long second, long m, String method, double different, double greater) {
    // The error function and sums of a few hundred probabilities keep ten digits; of logarithms of
    // factorials, which grow as n ln n, only the absolute precision counts.
    double size = (double) n + m;
    double tolerance = 1e-10 + 1e-15 * size * Math.log(size);
    assertThat(ProportionTest.different(first, n, second, m))
        .as(method)
        .isCloseTo(different, within(tolerance * different));
    assertThat(ProportionTest.greater(first, n, second, m))
        .as(method)
        .isCloseTo(greater, within(tolerance * greater));
  }

  @Property
  void samplesAndOutcomesMayBeSwapped(
      @ForAll @LongRange(min = 0, max = 60) long first,
      @ForAll @LongRange(min = 0, max = 400) long second,
      @ForAll @LongRange(min = 0, max = 60) long firstRest,
      @ForAll @LongRange(min = 0, max = 400) long secondRest) {
    long n = first + firstRest;
    long m = second + secondRest;
    double p = ProportionTest.different(first, n, second, m);

    assertThat(p).isBetween(0.0, 1.0);
    // The same numbers in another order of operations.
    assertThat(ProportionTest.different(second, m, first, n)).isCloseTo(p, within(1e-9));
    assertThat(ProportionTest.different(n - first, n, m - second, m)).isCloseTo(p, within(1e-9));
    double greater = ProportionTest.greater(first, n, second, m);
    assertThat(greater).isBetween(0.0, 1.0);
    assertThat(ProportionTest.greater(m - second, m, n - first, n))
        .isCloseTo(greater, within(1e-9));
  }

  @Property
  void moreSuccessesAreEverLessProbable(
      @ForAll @LongRange(min = 0, max = 30) long first,
      @ForAll @LongRange(min = 0, max = 400) long second) {
    // Within one method: the tail of Fisher's test lies above that of the normal distribution.
    double few = ProportionTest.greater(first, 31, second, 4_000_000_000L);
    double more = ProportionTest.greater(first + 1, 31, second, 4_000_000_000L);
    assertThat(more).isLessThanOrEqualTo(few);
  }

  @Test
  void anEmptySampleAndNoVariationTellNothing() {
    assertThat(ProportionTest.different(0, 0, 3, 10)).isEqualTo(1);
    assertThat(ProportionTest.greater(0, 0, 3, 10)).isEqualTo(1);
    assertThat(ProportionTest.different(0, 1_000_000, 0, 1_000)).isEqualTo(1);
    assertThat(ProportionTest.greater(1_000, 1_000, 1_000, 1_000)).isEqualTo(1);
  }

  @Test
  void whatIsNoProportionIsRefused() {
    assertThatThrownBy(() -> ProportionTest.different(5, 4, 1, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("5 of 4 and 1 of 2");
    assertThatThrownBy(() -> ProportionTest.greater(1, 2, -1, 2)).hasMessage("1 of 2 and -1 of 2");
  }
}
