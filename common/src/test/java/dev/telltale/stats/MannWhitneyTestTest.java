package dev.telltale.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.EnumSource;

class MannWhitneyTestTest {
  @ParameterizedTest(name = "{index}")
  @CsvFileSource(
      resources = "mann-whitney.csv",
      useHeadersInDisplayName = true,
      maxCharsPerColumn = 20_000)
  void theNumbersAreThoseOfSciPy(
      String control,
      String variant,
      boolean exact,
      double u,
      String p,
      String asymptotic,
      String brunnerMunzel,
      double low,
      double high) {
    MannWhitneyTest test = of(Numbers.doubles(control), Numbers.doubles(variant));
    assertThat(test.isExact()).isEqualTo(exact);
    assertThat(test.statistic()).isEqualTo(u);
    for (Alternative alternative : Alternative.values()) {
      assertSame(test.pValue(alternative), p, alternative);
      assertSame(test.asymptoticPValue(alternative), asymptotic, alternative);
      assertSame(test.brunnerMunzelPValue(alternative), brunnerMunzel, alternative);
    }
    ConfidenceInterval interval = test.superiorityInterval(0.95);
    // The library's quantile of Student's distribution has nine digits.
    assertThat(interval.low()).isCloseTo(low, within(1e-9));
    assertThat(interval.high()).isCloseTo(high, within(1e-9));
  }

  private static void assertSame(double value, String expected, Alternative alternative) {
    double number = Numbers.of(expected, alternative);
    assertThat(value).as("%s", alternative).isCloseTo(number, within(1e-10 * number));
  }

  private static MannWhitneyTest of(double[] control, double[] variant) {
    TreeMap<Double, long[]> groups = new TreeMap<>();
    for (double value : control) {
      groups.computeIfAbsent(value, any -> new long[2])[0]++;
    }
    for (double value : variant) {
      groups.computeIfAbsent(value, any -> new long[2])[1]++;
    }
    MannWhitneyTest test = new MannWhitneyTest();
    groups.values().forEach(group -> test.add(group[0], group[1]));
    return test;
  }

  @Property(tries = 200)
  void theArmsMayBeSwapped(
      @ForAll @Size(min = 1, max = 12) int @IntRange(min = 0, max = 6) [] control,
      @ForAll @Size(min = 1, max = 12) int @IntRange(min = 0, max = 6) [] variant) {
    double[] first = java.util.Arrays.stream(control).asDoubleStream().toArray();
    double[] second = java.util.Arrays.stream(variant).asDoubleStream().toArray();
    MannWhitneyTest test = of(first, second);
    MannWhitneyTest swapped = of(second, first);
    assertThat(swapped.superiority()).isCloseTo(1 - test.superiority(), within(1e-15));
    for (Alternative alternative : Alternative.values()) {
      double p = test.pValue(alternative);
      assertThat(p).isBetween(0.0, 1.0);
      assertThat(swapped.pValue(alternative.reversed())).isCloseTo(p, within(1e-12));
    }
    ConfidenceInterval interval = test.superiorityInterval(0.9);
    assertThat(interval.contains(test.superiority())).isTrue();
    assertThat(swapped.superiorityInterval(0.9).low()).isCloseTo(1 - interval.high(), within(1e-9));
  }

  /** Newcombe's interval of 1 with 10 and 10 units leaves room: no data are proof. */
  @Test
  void armsThatDoNotOverlapHaveAnInterval() {
    MannWhitneyTest test = new MannWhitneyTest();
    test.add(10, 0);
    test.add(0, 10);
    assertThat(test.superiority()).isEqualTo(1);
    assertThat(test.rankBiserial()).isEqualTo(1);
    assertThat(test.superiorityInterval(0.95).low()).isBetween(0.7, 0.9);
    assertThat(test.superiorityInterval(0.95).high()).isEqualTo(1);
    assertThat(test.superiorityInterval(0.99).low())
        .isLessThan(test.superiorityInterval(0.95).low());
  }

  @Test
  void theIntervalHoldsTheTruthAboutAsOftenAsItSays() {
    SplittableRandom random = new SplittableRandom(7);
    int held = 0;
    for (int run = 0; run < 2000; run++) {
      double[] control = random.doubles(25).toArray();
      // Above with probability 0.2 + 0.8 / 2.
      double[] variant = random.doubles(35).map(x -> 0.2 + 0.8 * x).toArray();
      held += of(control, variant).superiorityInterval(0.95).contains(0.6) ? 1 : 0;
    }
    // Four standard errors of 2,000 runs are two percent.
    assertThat(held / 2000.0).isBetween(0.93, 0.97);
  }

  @ParameterizedTest
  @EnumSource
  void emptyArmsAndEqualValuesTellNothing(Alternative alternative) {
    MannWhitneyTest test = new MannWhitneyTest();
    assertThat(test.pValue(alternative)).isEqualTo(1);
    assertThat(test.superiority()).isNaN();
    test.add(5, 0);
    assertThat(test.pValue(alternative)).isEqualTo(1);
    assertThat(test.asymptoticPValue(alternative)).isEqualTo(1);
    assertThat(test.brunnerMunzelPValue(alternative)).isEqualTo(1);
    MannWhitneyTest equal = new MannWhitneyTest();
    equal.add(5, 6);
    assertThat(equal.pValue(alternative)).isEqualTo(1);
    assertThat(equal.brunnerMunzelPValue(alternative)).isEqualTo(1);
    assertThat(equal.superiority()).isEqualTo(0.5);
  }

  @Test
  void aThousandMillionUnitsAreNoTrouble() {
    MannWhitneyTest test = new MannWhitneyTest();
    for (int value = 0; value < 100; value++) {
      test.add(10_000_000, 10_000_000 + 100L * (value - 50));
    }
    assertThat(test.controlUnits()).isEqualTo(1_000_000_000);
    // 0.00001 of 8.3325 places of a hundred, against the root of 2e9 / 12e18, ties aside.
    double z = 8.3325e-5 / Math.sqrt(1 / 6e9);
    double p = StandardNormal.upperTail(z);
    assertThat(test.pValue(Alternative.GREATER)).isCloseTo(p, within(0.01 * p));
    assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> test.add(0, 1L << 60));
  }

  @Test
  void negativeCountsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MannWhitneyTest().add(-1, 2))
        .withMessage("-1 and 2 units");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MannWhitneyTest().superiorityInterval(1))
        .withMessage("Not a confidence level: 1.0");
  }
}
