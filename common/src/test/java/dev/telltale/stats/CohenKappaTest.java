package dev.telltale.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class CohenKappaTest {
  @ParameterizedTest
  @CsvFileSource(resources = "cohen-kappa.csv", useHeadersInDisplayName = true)
  void isThatOfStatsmodelsAndScikitLearn(
      String table,
      double value,
      double scikitLearn,
      double standardError,
      double low,
      double high,
      double observed,
      double expected) {
    long[][] square = square(Numbers.counts(table));
    Kappa kappa = CohenKappa.of(square).orElseThrow();
    // statsmodels loses digits where the expected agreement is close to 1.
    assertThat(kappa.value()).isCloseTo(value, within(1e-13));
    assertThat(kappa.value()).isCloseTo(scikitLearn, within(1e-13));
    assertThat(kappa.standardError()).isCloseTo(standardError, within(1e-12));
    // statsmodels does not end the interval where kappa does.
    assertThat(kappa.low()).isCloseTo(Math.max(-1, low), within(1e-12));
    assertThat(kappa.high()).isCloseTo(Math.min(1, high), within(1e-12));
    assertThat(kappa.observedAgreement()).isCloseTo(observed, within(1e-15));
    assertThat(kappa.expectedAgreement()).isCloseTo(expected, within(1e-15));
    assertThat(kappa.items()).isEqualTo(Arrays.stream(square).flatMapToLong(Arrays::stream).sum());
  }

  private static long[][] square(long[] counts) {
    int classes = (int) Math.sqrt(counts.length);
    long[][] table = new long[classes][];
    Arrays.setAll(table, i -> Arrays.copyOfRange(counts, i * classes, (i + 1) * classes));
    return table;
  }

  @Property
  void neitherTheOrderOfAnnotatorsNorOfClassesCounts(
      @ForAll @Size(9) List<@LongRange(min = 0, max = 6) Long> counts) {
    long[][] table = square(counts.stream().mapToLong(Long::longValue).toArray());
    long[][] turned = new long[3][3];
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        turned[2 - j][2 - i] = table[i][j];
      }
    }
    Optional<Kappa> kappa = CohenKappa.of(table);
    Optional<Kappa> other = CohenKappa.of(turned);

    assertThat(other.isPresent()).isEqualTo(kappa.isPresent());
    kappa.ifPresent(
        some -> {
          assertInRange(some);
          // The sums run in another order.
          assertThat(other.orElseThrow().value()).isCloseTo(some.value(), within(1e-13));
          assertThat(other.orElseThrow().low()).isCloseTo(some.low(), within(1e-12));
          assertThat(other.orElseThrow().high()).isCloseTo(some.high(), within(1e-12));
        });
  }

  static void assertInRange(Kappa kappa) {
    assertThat(kappa.value()).isBetween(kappa.low(), kappa.high());
    assertThat(kappa.low()).isBetween(-1.0, 1.0);
    assertThat(kappa.high()).isBetween(-1.0, 1.0);
    assertThat(kappa.high()).isGreaterThan(kappa.low());
    assertThat(kappa.standardError()).isFinite().isNotNegative();
    assertThat(kappa.observedAgreement()).isBetween(0.0, 1.0);
    assertThat(kappa.expectedAgreement()).isBetween(0.0, 1.0);
  }

  @Test
  void completeAgreementOfFewItemsIsNoCertainty() {
    Kappa kappa = CohenKappa.of(new long[][] {{30, 0}, {0, 20}}).orElseThrow();
    assertThat(kappa.value()).isEqualTo(1);
    assertThat(kappa.standardError()).isZero();
    assertThat(kappa.high()).isEqualTo(1);
    // statsmodels 0.15.0: 1 - (1 - proportion_confint(50, 50, method='wilson')[0]) / 0.48
    assertThat(kappa.low()).isCloseTo(0.8513591684721693, within(1e-12));
  }

  @Test
  void completeDisagreementOfFewItemsIsNoCertaintyEither() {
    Kappa kappa = CohenKappa.of(new long[][] {{0, 5}, {5, 0}}).orElseThrow();
    assertThat(kappa.value()).isEqualTo(-1);
    assertThat(kappa.standardError()).isZero();
    assertThat(kappa.low()).isEqualTo(-1);
    // statsmodels 0.15.0: 1 - proportion_confint(10, 10, method='wilson')[0] / 0.5
    assertThat(kappa.high()).isCloseTo(-0.44493440027422126, within(1e-12));
  }

  @Property
  void itemsThatAreAllAlikeHaveNoErrorByRounding(
      @ForAll @LongRange(min = 1, max = 999) long count) {
    Kappa kappa =
        CohenKappa.of(new long[][] {{0, count, 0}, {0, 0, count}, {count, 0, 0}}).orElseThrow();
    assertThat(kappa.value()).isCloseTo(-0.5, within(1e-15));
    assertThat(kappa.standardError()).isZero();
    assertInRange(kappa);
  }

  @Test
  void oneRareRatingOfManyLosesNoDigits() {
    // 1 - E is 2e-12 here, and the difference of 1 and a rounded E has four digits.
    long n = 1_000_000_000_000L;
    Kappa kappa = CohenKappa.of(new long[][] {{n - 3, 1}, {1, 1}}).orElseThrow();
    // (A - E) / (1 - E) with A = 1 - 2 / n, E = 1 - 4 (n - 2) / n^2.
    assertThat(kappa.value()).isCloseTo(1 - 2.0 * n / (4.0 * (n - 2)), within(1e-15));
    assertThat(kappa.standardError()).isBetween(0.25, 0.5);
  }

  @Test
  void isUndefinedWithoutItemsAndWithOneClass() {
    assertThat(CohenKappa.of(new long[0][0])).isEmpty();
    assertThat(CohenKappa.of(new long[3][3])).isEmpty();
    assertThat(CohenKappa.of(new long[][] {{0, 0}, {0, 12}})).isEmpty();
    assertThat(CohenKappa.of(new long[][] {{7}})).isEmpty();
    assertThat(CohenKappa.of(new long[][] {{0, 0}, {12, 0}})).isPresent();
  }

  @Test
  void whatIsNoSquareOfCountsIsRefused() {
    assertThatThrownBy(() -> CohenKappa.of(new long[][] {{1, 2}, {3}}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("1 counts in row 1 of 2");
    assertThatThrownBy(() -> CohenKappa.of(new long[][] {{1, 2}, {3, -4}}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Negative count at 1, 1: -4");
    assertThatThrownBy(() -> CohenKappa.of(new long[][] {{1, 0}, {0, Long.MAX_VALUE}}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("More items than a long can count");
  }
}
