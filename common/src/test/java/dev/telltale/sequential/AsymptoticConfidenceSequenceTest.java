package dev.telltale.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.stats.ConfidenceInterval;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AsymptoticConfidenceSequenceTest {
  @ParameterizedTest
  @CsvFileSource(resources = "confidence-sequences.csv", useHeadersInDisplayName = true)
  void theNumbersAreThoseOfTheIntegral(
      double alpha, int sides, double tuned, double units, double bound, double z, double p) {
    AsymptoticConfidenceSequence sequence =
        AsymptoticConfidenceSequence.tightestAt(alpha, Sides.of(sides), tuned);
    assertThat(sequence.bound(units)).isCloseTo(bound, within(1e-9 * bound));
    assertThat(sequence.pValue(2 * z, 2, units)).isCloseTo(p, within(1e-8 * p));
    ConfidenceInterval interval = sequence.interval(2 * z, 2, units);
    assertThat(interval.low()).isCloseTo(2 * (z - bound), within(1e-8));
    if (sides == 2) {
      assertThat(interval.high()).isCloseTo(2 * (z + bound), within(1e-8));
      assertThat(sequence.pValue(-2 * z, 2, units)).isEqualTo(sequence.pValue(2 * z, 2, units));
    } else {
      assertThat(interval.high()).isInfinite();
      assertThat(sequence.pValue(-2 * z, 2, units)).isOne();
    }
    assertThat(interval.level()).isEqualTo(1 - alpha);
  }

  /** Looking at 28 nights of units, or at each of 2,000, the error stays below alpha. */
  @ParameterizedTest
  @EnumSource
  void anyNumberOfLooksKeepsAlpha(Sides sides) {
    int units = 2_000;
    AsymptoticConfidenceSequence sequence =
        AsymptoticConfidenceSequence.tightestAt(0.05, sides, units);
    double[] bounds = new double[units + 1];
    for (int n = 1; n <= units; n++) {
      bounds[n] = sequence.bound(n) * Math.sqrt(n);
    }
    SplittableRandom random = new SplittableRandom(5);
    int trials = 4_000;
    int always = 0;
    int nightly = 0;
    for (int trial = 0; trial < trials; trial++) {
      double sum = 0;
      boolean ever = false;
      boolean atNight = false;
      for (int n = 1; n <= units; n++) {
        sum += random.nextGaussian();
        boolean isBeyond = sides.size(sum) >= bounds[n];
        ever |= isBeyond;
        atNight |= isBeyond && n % (units / 28) == 0;
      }
      always += ever ? 1 : 0;
      nightly += atNight ? 1 : 0;
    }
    double scatter = 2.576 * Math.sqrt(0.05 * 0.95 / trials);
    assertThat((double) always / trials).isBetween(0.004, 0.05 + scatter);
    assertThat(nightly).isBetween(1, always);
  }

  @ParameterizedTest
  @EnumSource
  void thePValueDecidesAsTheInterval(Sides sides) {
    SplittableRandom random = new SplittableRandom(9);
    for (int trial = 0; trial < 2_000; trial++) {
      double alpha = 0.2 * random.nextDouble() + 1e-6;
      double units = 1 + Math.floor(1e6 * random.nextDouble());
      double error = 1e-3 + random.nextDouble();
      AsymptoticConfidenceSequence sequence =
          AsymptoticConfidenceSequence.tightestAt(alpha, sides, 5_000);
      double bound = sequence.bound(units);
      double effect = error * bound;
      for (double one : new double[] {Math.nextDown(effect), effect, Math.nextUp(effect)}) {
        for (double signed : new double[] {one, -one}) {
          ConfidenceInterval interval = sequence.interval(signed, error, units);
          boolean isOutside = !(interval.low() < 0 && 0 < interval.high());
          assertThat(sequence.pValue(signed, error, units) <= alpha).isEqualTo(isOutside);
        }
      }
      assertThat(sequence.pValue(1.01 * effect, error, units)).isLessThan(alpha);
      assertThat(sequence.pValue(0.99 * effect, error, units)).isGreaterThan(alpha);
    }
  }

  @Test
  void itIsTightWhereItIsTuned() {
    double tuned = AsymptoticConfidenceSequence.tightestAt(0.05, Sides.TWO, 1000).bound(1000);
    for (double other : new double[] {500, 800, 1250, 2000}) {
      assertThat(AsymptoticConfidenceSequence.tightestAt(0.05, Sides.TWO, other).bound(1000))
          .isGreaterThan(tuned - 0.003);
    }
    assertThat(AsymptoticConfidenceSequence.tightestAt(0.05, Sides.TWO, 10).bound(1000))
        .isGreaterThan(tuned + 0.1);
  }

  @Test
  void theEnds() {
    AsymptoticConfidenceSequence sequence =
        AsymptoticConfidenceSequence.tightestAt(0.05, Sides.TWO, 1000);
    assertThat(sequence.pValue(0, 1, 1000)).isOne();
    assertThat(sequence.pValue(1e6, 1, 1000)).isZero();
    assertThat(AsymptoticConfidenceSequence.tightestAt(0.05, Sides.ONE, 9).pValue(1e6, 1, 9))
        .isZero();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void whatIsNoArgumentIsRefused(double wrong) {
    AsymptoticConfidenceSequence sequence = new AsymptoticConfidenceSequence(0.05, Sides.TWO, 0.1);
    assertThatIllegalArgumentException().isThrownBy(() -> sequence.bound(wrong));
    assertThatIllegalArgumentException().isThrownBy(() -> sequence.pValue(1, wrong, 10));
    assertThatIllegalArgumentException().isThrownBy(() -> sequence.interval(Double.NaN, 1, 10));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AsymptoticConfidenceSequence(wrong, Sides.ONE, 1))
        .withMessage("An alpha of " + wrong);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AsymptoticConfidenceSequence(0.1, Sides.ONE, wrong))
        .withMessage("A scale of " + wrong);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AsymptoticConfidenceSequence.tightestAt(0.1, Sides.ONE, wrong))
        .withMessage("A number of units of " + wrong);
  }
}
