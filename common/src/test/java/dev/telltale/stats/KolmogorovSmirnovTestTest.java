package dev.telltale.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

class KolmogorovSmirnovTestTest {
  @ParameterizedTest
  @CsvFileSource(resources = "ks-samples.csv", useHeadersInDisplayName = true)
  void theStatisticAndExactPValueOfSamplesAreThoseOfSciPy(
      String first, String second, double statistic, double p) {
    double[] one = Numbers.doubles(first);
    double[] two = Numbers.doubles(second);
    double d = KolmogorovSmirnovTest.statistic(one, two);

    // One division and one subtraction each.
    assertThat(d).isCloseTo(statistic, within(1e-15));
    assertThat(KolmogorovSmirnovTest.statistic(two, one)).isEqualTo(d);
    // Sums of at most 45 products of rounded numbers.
    assertThat(KolmogorovSmirnovTest.pValue(d, one.length, two.length))
        .isCloseTo(p, within(1e-13 * p));
  }

  @ParameterizedTest
  @CsvFileSource(resources = "ks-exact.csv", useHeadersInDisplayName = true)
  void exactPValuesAreThoseOfSciPy(long n, long m, double statistic, double p) {
    // Both round in each of up to 10,000 steps.
    assertThat(KolmogorovSmirnovTest.pValue(statistic, n, m)).isCloseTo(p, within(1e-11 * p));
    assertThat(KolmogorovSmirnovTest.pValue(statistic, m, n)).isCloseTo(p, within(1e-11 * p));
  }

  @ParameterizedTest
  @CsvFileSource(resources = "ks-asymptotic.csv", useHeadersInDisplayName = true)
  void aboveTheExactLimitPValuesAreThoseOfSciPy(long n, long m, double statistic, double p) {
    double value = KolmogorovSmirnovTest.pValue(statistic, n, m);
    if (p > 1e-80) {
      // The expansions of the tail err by less than 0.2 %, which moves no decision.
      assertThat(value).isCloseTo(p, withinPercentage(0.2));
    } else {
      // Their error grows with the exponent; nothing distinguishes 1e-125 from 1e-126.
      assertThat(value).isCloseTo(p, withinPercentage(2));
    }
    assertThat(KolmogorovSmirnovTest.pValue(statistic, m, n)).isEqualTo(value);
  }

  @Test
  void theExactAndTheAsymptoticPValueMeetAtTheLimit() {
    int limit = KolmogorovSmirnovTest.EXACT_LIMIT;
    for (double d = 0.005; d < 0.05; d += 0.005) {
      double exact = KolmogorovSmirnovTest.pValue(d, limit, limit - 1, limit);
      double asymptotic = KolmogorovSmirnovTest.pValue(d, limit, limit - 1, limit - 1);
      // The lattice of 10,000 a side moves a p-value by a few percent of itself.
      assertThat(asymptotic).isCloseTo(exact, withinPercentage(5));
    }
  }

  /** commons-math has NaN for many a D a little above 1 / n, and no end for others. */
  @Test
  void samplesThatAreNearlyAlikeAreNoEvidence() {
    assertThat(KolmogorovSmirnovTest.pValue(0.0034308681672026164, 8_000, 311, 1_000)).isEqualTo(1);
    for (double d = 1e-5; d < 0.02; d *= 1.1) {
      double p = KolmogorovSmirnovTest.pValue(d, 20_000, 311);
      assertThat(p).isBetween(0.99, 1.0);
    }
  }

  @ParameterizedTest
  @CsvSource({"10, 10", "3, 7", "1000, 1000", "20000, 50", "1000000, 1000000"})
  void theExtremesAreOneAndAlmostZero(long n, long m) {
    assertThat(KolmogorovSmirnovTest.pValue(0, n, m)).isEqualTo(1);
    // 2 / comb(10, 3) is the chance that three values are all below or all above seven others.
    double most = n == 3 ? 2.0 / 120 + 1e-15 : 1.1e-5;
    assertThat(KolmogorovSmirnovTest.pValue(1, n, m)).isBetween(0.0, most);
  }

  @Property(tries = 300)
  void aLargerStatisticIsNeverMoreProbable(
      @ForAll @LongRange(min = 1, max = 40_000) long n,
      @ForAll @LongRange(min = 1, max = 40_000) long m,
      @ForAll @DoubleRange(min = 0, max = 1) double d,
      @ForAll @DoubleRange(min = 0, max = 1) double e) {
    // A low limit keeps the exact sums of the property cheap.
    double small = KolmogorovSmirnovTest.pValue(Math.min(d, e), n, m, 500);
    double large = KolmogorovSmirnovTest.pValue(Math.max(d, e), n, m, 500);

    assertThat(small).isBetween(0.0, 1.0);
    // The approximations on either side of a switch differ by their error.
    assertThat(large).isBetween(0.0, Math.min(1, small * 1.02));
  }

  @Property(tries = 200)
  void onlyTheOrderOfTheValuesCounts(
      @ForAll double[] first, @ForAll double[] second, @ForAll @IntRange(min = 1) int seed) {
    double[] one = prepared(first, seed);
    double[] two = prepared(second, seed + 1);
    double d = KolmogorovSmirnovTest.statistic(one, two);

    double[] oneMoved = one.clone();
    double[] twoMoved = two.clone();
    Arrays.setAll(oneMoved, i -> Math.atan(one[i]));
    Arrays.setAll(twoMoved, i -> Math.atan(two[i]));
    assertThat(KolmogorovSmirnovTest.statistic(oneMoved, twoMoved)).isEqualTo(d);
    assertThat(d).isBetween(0.0, 1.0);
  }

  /** Small whole numbers: ties are frequent, and atan keeps them apart. */
  private static double[] prepared(double[] values, int other) {
    double[] result = new double[values.length + 1];
    result[0] = other % 10;
    for (int i = 0; i < values.length; i++) {
      result[i + 1] = Math.rint(Double.isFinite(values[i]) ? values[i] % 10 : 0);
    }
    Arrays.sort(result);
    return result;
  }

  @Test
  void infinitiesAreValuesAndAnEmptySampleHasNoStatistic() {
    double infinity = Double.POSITIVE_INFINITY;
    assertThat(
            KolmogorovSmirnovTest.statistic(
                new double[] {-infinity, 1, infinity}, new double[] {-infinity, 1, 2}))
        .isCloseTo(1.0 / 3, within(1e-15)); // one subtraction
    assertThat(KolmogorovSmirnovTest.statistic(new double[0], new double[] {1})).isNaN();
  }

  @Test
  void whatIsNoStatisticIsRefused() {
    assertThatThrownBy(() -> KolmogorovSmirnovTest.pValue(Double.NaN, 5, 5))
        .hasMessage("No test of D NaN at 5 and 5");
    assertThatThrownBy(() -> KolmogorovSmirnovTest.pValue(1.5, 5, 5))
        .hasMessage("No test of D 1.5 at 5 and 5");
    assertThatThrownBy(() -> KolmogorovSmirnovTest.pValue(0.5, 0, 5))
        .hasMessage("No test of D 0.5 at 0 and 5");
  }
}
