package dev.telltale.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.EnumSource;

class SignedRankTestTest {
  @ParameterizedTest(name = "{index}")
  @CsvFileSource(
      resources = "signed-rank.csv",
      useHeadersInDisplayName = true,
      maxCharsPerColumn = 20_000)
  void theNumbersAreThoseOfSciPy(
      String differences,
      boolean exact,
      String statistic,
      String p,
      String asymptotic,
      String continuous) {
    double[] values = Numbers.doubles(differences);
    SignedRankTest test = of(values, 1);
    SignedRankTest reversed = of(values, -1);
    assertThat(test.isExact()).isEqualTo(exact);
    for (Alternative alternative : Alternative.values()) {
      assertThat(test.statistic(alternative)).isEqualTo(Numbers.of(statistic, alternative));
      assertSame(test.pValue(alternative), p, alternative);
      assertSame(test.asymptoticPValue(alternative, false), asymptotic, alternative);
      assertSame(test.asymptoticPValue(alternative, true), continuous, alternative);
      assertSame(reversed.pValue(alternative.reversed()), p, alternative);
    }
    assertThat(reversed.rankBiserial()).isCloseTo(-test.rankBiserial(), within(1e-15));
  }

  private static void assertSame(double value, String expected, Alternative alternative) {
    double number = Numbers.of(expected, alternative);
    assertThat(value).as("%s", alternative).isCloseTo(number, within(1e-10 * number));
  }

  private static SignedRankTest of(double[] differences, int sign) {
    TreeMap<Double, long[]> groups = new TreeMap<>();
    SignedRankTest test = new SignedRankTest();
    for (double difference : differences) {
      if (difference == 0) {
        test.addZeros(1);
      } else {
        long[] group = groups.computeIfAbsent(Math.abs(difference), any -> new long[2]);
        group[difference * sign > 0 ? 1 : 0]++;
      }
    }
    groups.values().forEach(group -> test.add(group[0], group[1]));
    return test;
  }

  /** The example of the Javadoc's source by hand: of 2^5 signs one has the rank sum 15. */
  @Test
  void fiveDifferencesOfOneSign() {
    SignedRankTest test = new SignedRankTest();
    for (int rank = 1; rank <= 5; rank++) {
      test.add(0, 1);
    }
    assertThat(test.pValue(Alternative.GREATER)).isEqualTo(1.0 / 32);
    assertThat(test.pValue(Alternative.TWO_SIDED)).isEqualTo(1.0 / 16);
    assertThat(test.pValue(Alternative.LESS)).isEqualTo(1);
    assertThat(test.rankBiserial()).isEqualTo(1);
    assertThat(test.negativeRanks()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void zerosAloneTellNothing(Alternative alternative) {
    SignedRankTest test = new SignedRankTest();
    assertThat(test.pValue(alternative)).isEqualTo(1);
    test.addZeros(10);
    assertThat(test.pValue(alternative)).isEqualTo(1);
    assertThat(test.rankBiserial()).isNaN();
    assertThat(test.differences()).isZero();
  }

  @Test
  void whatCannotBeIsRefused() {
    SignedRankTest test = new SignedRankTest();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> test.add(1, -1))
        .withMessage("1 and -1 differences");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> test.addZeros(-1))
        .withMessage("-1 pairs");
    assertThatExceptionOfType(ArithmeticException.class)
        .isThrownBy(() -> test.add(0, 4_000_000_000L));
  }
}
