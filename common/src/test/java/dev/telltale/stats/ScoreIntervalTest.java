package dev.telltale.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class ScoreIntervalTest {
  @ParameterizedTest
  @CsvFileSource(resources = "score-intervals.csv", useHeadersInDisplayName = true)
  void theNumbersAreThoseOfTheReference(
      long variant,
      long n,
      long control,
      long m,
      String difference0,
      String difference3,
      String ratio1,
      String ratio125,
      double differenceLow,
      double differenceHigh,
      double ratioLow,
      double ratioHigh) {
    TwoProportions counts = new TwoProportions(variant, n, control, m);
    // Of a p-value of 1e-272 the exponent takes digits.
    double digits = n > 1000 ? 1e-8 : 1e-10;
    for (Alternative alternative : Alternative.values()) {
      assertSame(
          ScoreInterval.differencePValue(counts, 0, alternative), difference0, alternative, 1e-10);
      assertSame(
          ScoreInterval.differencePValue(counts, 0.03, alternative),
          difference3,
          alternative,
          digits);
      assertSame(ScoreInterval.ratioPValue(counts, 1, alternative), ratio1, alternative, 1e-10);
      assertSame(
          ScoreInterval.ratioPValue(counts, 1.25, alternative), ratio125, alternative, 1e-10);
    }
    ConfidenceInterval difference = ScoreInterval.difference(counts, 0.95);
    assertThat(difference.low()).isCloseTo(differenceLow, within(1e-12));
    assertThat(difference.high()).isCloseTo(differenceHigh, within(1e-12));
    ConfidenceInterval ratio = ScoreInterval.ratio(counts, 0.95);
    assertThat(ratio.low()).isCloseTo(ratioLow, within(1e-10 * ratioLow));
    assertThat(ratio.high()).isCloseTo(ratioHigh, within(1e-10 * ratioHigh));
    assertPValuesAtTheEnds(counts, 0.95);
  }

  /** Newcombe (1998, Statistics in Medicine 17, table II, method 6): 56 of 70 and 48 of 80. */
  @Test
  void theIntervalIsThatOfTheLiterature() {
    ConfidenceInterval interval =
        ScoreInterval.difference(new TwoProportions(56, 70, 48, 80), 0.95);
    assertThat(interval.low()).isCloseTo(0.0528, within(5e-5));
    assertThat(interval.high()).isCloseTo(0.3382, within(5e-5));
    ConfidenceInterval few = ScoreInterval.difference(new TwoProportions(9, 10, 3, 10), 0.95);
    assertThat(few.low()).isCloseTo(0.1700, within(5e-5));
    assertThat(few.high()).isCloseTo(0.8406, within(5e-5));
  }

  private static void assertSame(
      double value, String expected, Alternative alternative, double digits) {
    double number = Numbers.of(expected, alternative);
    assertThat(value).as("%s", alternative).isCloseTo(number, within(digits * number));
  }

  /** Where an end is inside of what is possible, its p-value is the complement of the level. */
  private static void assertPValuesAtTheEnds(TwoProportions counts, double level) {
    ConfidenceInterval difference = ScoreInterval.difference(counts, level);
    for (double end : new double[] {difference.low(), difference.high()}) {
      if (Math.abs(end) < 1 - 1e-6) {
        assertThat(ScoreInterval.differencePValue(counts, end, Alternative.TWO_SIDED))
            .as("difference %s", end)
            .isCloseTo(1 - level, within(1e-7));
      }
    }
    ConfidenceInterval ratio = ScoreInterval.ratio(counts, level);
    for (double end : new double[] {ratio.low(), ratio.high()}) {
      if (end > 0 && end < Double.POSITIVE_INFINITY) {
        assertThat(ScoreInterval.ratioPValue(counts, end, Alternative.TWO_SIDED))
            .as("ratio %s", end)
            .isCloseTo(1 - level, within(1e-9));
      }
    }
  }

  @Property(tries = 100)
  void pValueAndIntervalAgreeAndArmsMayBeSwapped(
      @ForAll @LongRange(min = 0, max = 20) long x,
      @ForAll @LongRange(min = 0, max = 20) long xRest,
      @ForAll @LongRange(min = 0, max = 50) long y,
      @ForAll @LongRange(min = 0, max = 50) long yRest) {
    TwoProportions counts = new TwoProportions(x, x + xRest, y, y + yRest);
    TwoProportions swapped = new TwoProportions(y, y + yRest, x, x + xRest);
    ConfidenceInterval difference = ScoreInterval.difference(counts, 0.9);
    ConfidenceInterval other = ScoreInterval.difference(swapped, 0.9);
    assertThat(other.low()).isCloseTo(-difference.high(), within(1e-9));
    assertThat(other.high()).isCloseTo(-difference.low(), within(1e-9));
    boolean rejected = ScoreInterval.differencePValue(counts, 0, Alternative.TWO_SIDED) < 0.1;
    assertThat(difference.contains(0)).isEqualTo(!rejected);
    ConfidenceInterval ratio = ScoreInterval.ratio(counts, 0.9);
    boolean ratioRejected = ScoreInterval.ratioPValue(counts, 1, Alternative.TWO_SIDED) < 0.1;
    assertThat(ratio.contains(1)).isEqualTo(!ratioRejected);
    if (!counts.isEmpty()) {
      assertThat(difference.contains(counts.variant() - counts.control())).isTrue();
      assertPValuesAtTheEnds(counts, 0.9);
    }
  }

  @Test
  void noneAndAllOfATrialAreNoException() {
    TwoProportions none = new TwoProportions(0, 50, 0, 60);
    assertThat(ScoreInterval.differencePValue(none, 0, Alternative.TWO_SIDED)).isEqualTo(1);
    assertThat(ScoreInterval.ratioPValue(none, 2, Alternative.GREATER)).isEqualTo(0.5);
    ConfidenceInterval difference = ScoreInterval.difference(none, 0.95);
    assertThat(difference.low()).isBetween(-0.1, -0.03);
    assertThat(difference.high()).isBetween(0.03, 0.1);
    assertThat(ScoreInterval.ratio(none, 0.95).low()).isZero();
    assertThat(ScoreInterval.ratio(none, 0.95).high()).isInfinite();

    TwoProportions all = new TwoProportions(50, 50, 60, 60);
    assertThat(ScoreInterval.difference(all, 0.95).low())
        .isCloseTo(-difference.high(), within(0.02));
    assertThat(ScoreInterval.ratio(all, 0.95).low()).isBetween(0.9, 0.97);
    assertThat(ScoreInterval.ratio(all, 0.95).high()).isBetween(1.03, 1.1);

    TwoProportions apart = new TwoProportions(50, 50, 0, 60);
    assertThat(ScoreInterval.difference(apart, 0.95).low()).isBetween(0.9, 0.95);
    assertThat(ScoreInterval.difference(apart, 0.95).high()).isEqualTo(1);
    assertThat(ScoreInterval.ratio(apart, 0.95).low()).isGreaterThan(10);
    assertThat(ScoreInterval.ratio(apart, 0.95).high()).isInfinite();

    TwoProportions rare = new TwoProportions(3, 1_000_000_000, 0, 1_000_000_000);
    assertPValuesAtTheEnds(rare, 0.95);
    assertThat(ScoreInterval.difference(rare, 0.95).high()).isBetween(6e-9, 1.2e-8);
  }

  @Test
  void anEmptyArmTellsNothing() {
    TwoProportions empty = new TwoProportions(0, 0, 3, 10);
    assertThat(ScoreInterval.differencePValue(empty, 0.1, Alternative.TWO_SIDED)).isEqualTo(1);
    assertThat(ScoreInterval.ratioPValue(empty, 0.1, Alternative.TWO_SIDED)).isEqualTo(1);
    assertThat(ScoreInterval.difference(empty, 0.95))
        .isEqualTo(new ConfidenceInterval(-1, 1, 0.95));
    assertThat(ScoreInterval.ratio(empty, 0.95))
        .isEqualTo(new ConfidenceInterval(0, Double.POSITIVE_INFINITY, 0.95));
  }

  @Test
  void whatCannotBeIsRefused() {
    TwoProportions counts = new TwoProportions(1, 2, 1, 2);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ScoreInterval.differencePValue(counts, 1, Alternative.LESS))
        .withMessage("Not a difference of proportions: 1.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ScoreInterval.ratioPValue(counts, 0, Alternative.LESS))
        .withMessage("Not a ratio of proportions: 0.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ScoreInterval.ratio(counts, Double.NaN))
        .withMessage("Not a confidence level: NaN");
  }
}
