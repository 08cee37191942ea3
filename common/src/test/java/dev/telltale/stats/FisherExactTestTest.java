package dev.telltale.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.commons.math3.distribution.HypergeometricDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.EnumSource;

class FisherExactTestTest {
  @ParameterizedTest
  @CsvFileSource(resources = "fisher.csv", useHeadersInDisplayName = true)
  void pValuesAreThoseOfExactArithmetic(long variant, long n, long control, long m, String p) {
    TwoProportions counts = new TwoProportions(variant, n, control, m);
    TwoProportions swapped = new TwoProportions(control, m, variant, n);
    // SciPy's, from 100,000 on, is a sum of exponentials of logarithms of factorials.
    double digits = n < 100_000 ? 1e-12 : 1e-8;
    for (Alternative alternative : Alternative.values()) {
      double expected = Numbers.of(p, alternative);
      assertThat(FisherExactTest.pValue(counts, alternative))
          .as("%s", alternative)
          .isCloseTo(expected, within(digits * expected));
      assertThat(FisherExactTest.pValue(swapped, alternative.reversed()))
          .isCloseTo(expected, within(digits * expected));
    }
  }

  @Property(tries = 300)
  void tailsOverlapInTheTableSeen(
      @ForAll @IntRange(min = 0, max = 30) int x,
      @ForAll @IntRange(min = 0, max = 30) int xRest,
      @ForAll @IntRange(min = 0, max = 200) int y,
      @ForAll @IntRange(min = 0, max = 200) int yRest) {
    int n = x + xRest;
    int m = y + yRest;
    TwoProportions counts = new TwoProportions(x, n, y, m);
    double greater = FisherExactTest.pValue(counts, Alternative.GREATER);
    double less = FisherExactTest.pValue(counts, Alternative.LESS);
    double both = FisherExactTest.pValue(counts, Alternative.TWO_SIDED);
    assertThat(both).isBetween(Math.min(greater, less) * (1 - 1e-12), 1.0);
    if (n > 0 && m > 0) {
      double here = new HypergeometricDistribution(null, n + m, n, x + y).probability(x);
      assertThat(greater + less).isCloseTo(1 + here, within(1e-10));
    }
  }

  /** Where the normal distribution is exact to five digits, and 38 deviations are a million. */
  @Test
  void aThousandMillionTrialsAreNoTrouble() {
    long n = 1_000_000_000;
    TwoProportions counts = new TwoProportions(n / 2 + 30_000, n, n / 2, n);
    double z = 30_000 / Math.sqrt(2.0 * n / 4);
    // With continuity correction: half a table of 22,361 a deviation.
    double p = StandardNormal.upperTail(z - 1 / Math.sqrt(2.0 * n / 4));
    assertThat(FisherExactTest.pValue(counts, Alternative.GREATER)).isCloseTo(p, within(1e-3 * p));
    TwoProportions apart = new TwoProportions(n, n, 0, n);
    assertThat(FisherExactTest.pValue(apart, Alternative.TWO_SIDED)).isZero();
    assertThat(FisherExactTest.pValue(apart, Alternative.LESS)).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void anEmptyArmTellsNothing(Alternative alternative) {
    assertThat(FisherExactTest.pValue(new TwoProportions(0, 0, 3, 10), alternative)).isEqualTo(1);
    assertThat(FisherExactTest.pValue(new TwoProportions(3, 10, 0, 0), alternative)).isEqualTo(1);
  }

  @Test
  void whatIsNoProportionIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TwoProportions(5, 4, 1, 2))
        .withMessage("5 of 4 and 1 of 2");
  }
}
