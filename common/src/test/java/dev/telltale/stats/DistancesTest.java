package dev.telltale.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class DistancesTest {
  /** A few dozen rounded operations on shares; roots of rounding errors are larger. */
  private static final double ROUNDING = 1e-12;

  private static final double ROOT_OF_ROUNDING = 1e-7;

  @ParameterizedTest
  @CsvFileSource(resources = "distances.csv", useHeadersInDisplayName = true)
  void areThoseOfSciPy(
      String referenceCell,
      String currentCell,
      double psi,
      double kullbackLeibler,
      double jensenShannon,
      double hellinger,
      double totalVariation,
      double chebyshev) {
    long[] reference = Numbers.counts(referenceCell);
    long[] current = Numbers.counts(currentCell);

    assertThat(Distances.populationStabilityIndex(reference, current))
        .isCloseTo(psi, within(ROUNDING));
    assertThat(Distances.kullbackLeibler(reference, current))
        .isCloseTo(kullbackLeibler, within(ROUNDING));
    double root = jensenShannon > 1e-3 ? ROUNDING : ROOT_OF_ROUNDING;
    assertThat(Distances.jensenShannon(reference, current)).isCloseTo(jensenShannon, within(root));
    assertThat(Distances.hellinger(reference, current)).isCloseTo(hellinger, within(ROUNDING));
    assertThat(Distances.totalVariation(reference, current))
        .isCloseTo(totalVariation, within(ROUNDING));
    assertThat(Distances.chebyshev(reference, current)).isCloseTo(chebyshev, within(ROUNDING));
  }

  @Test
  void samplesThatShareNothingAreAtTheLargestDistance() {
    long[] one = {5, 0, 7, 0};
    long[] other = {0, 3, 0, 9};
    assertThat(Distances.jensenShannon(one, other)).isCloseTo(1, within(ROUNDING));
    assertThat(Distances.hellinger(one, other)).isCloseTo(1, within(ROUNDING));
    assertThat(Distances.totalVariation(one, other)).isCloseTo(1, within(ROUNDING));
    assertThat(Distances.populationStabilityIndex(one, other)).isBetween(1.0, 100.0);
    assertThat(Distances.kullbackLeibler(one, other)).isBetween(1.0, 100.0);
  }

  @Test
  void anEmptySampleHasNoDistance() {
    long[] some = {1, 2};
    long[] none = {0, 0};
    for (long[][] pair : new long[][][] {{some, none}, {none, some}, {none, none}}) {
      assertThat(Distances.populationStabilityIndex(pair[0], pair[1])).isNaN();
      assertThat(Distances.kullbackLeibler(pair[0], pair[1])).isNaN();
      assertThat(Distances.jensenShannon(pair[0], pair[1])).isNaN();
      assertThat(Distances.hellinger(pair[0], pair[1])).isNaN();
      assertThat(Distances.totalVariation(pair[0], pair[1])).isNaN();
      assertThat(Distances.chebyshev(pair[0], pair[1])).isNaN();
    }
  }

  @Property
  void areSymmetricBoundedAndZeroForTheSameShares(
      @ForAll @Size(6) List<@LongRange(min = 0, max = 1_000_000_000_000L) Long> reference,
      @ForAll @Size(6) List<@LongRange(min = 0, max = 50) Long> current) {
    long[] one = counts(reference);
    long[] two = counts(current);
    double jensenShannon = Distances.jensenShannon(one, two);
    double hellinger = Distances.hellinger(one, two);
    double totalVariation = Distances.totalVariation(one, two);

    assertThat(Distances.jensenShannon(two, one))
        .isCloseTo(jensenShannon, within(ROOT_OF_ROUNDING));
    assertThat(Distances.hellinger(two, one)).isCloseTo(hellinger, within(ROUNDING));
    assertThat(Distances.totalVariation(two, one)).isCloseTo(totalVariation, within(ROUNDING));
    double psi = Distances.populationStabilityIndex(one, two);
    assertThat(Distances.populationStabilityIndex(two, one)).isCloseTo(psi, within(1e-9));
    assertThat(psi)
        .isCloseTo(
            Distances.kullbackLeibler(one, two) + Distances.kullbackLeibler(two, one),
            within(1e-9));
    assertThat(jensenShannon).isBetween(0.0, 1.0);
    // H² <= TV <= sqrt(2) H holds for every pair of distributions.
    assertThat(totalVariation)
        .isBetween(hellinger * hellinger - ROUNDING, Math.sqrt(2) * hellinger + ROUNDING);
    assertThat(Distances.chebyshev(one, two)).isBetween(0.0, totalVariation + ROUNDING);
    assertThat(Distances.jensenShannon(two, two)).isCloseTo(0, within(ROOT_OF_ROUNDING));
    assertThat(Distances.kullbackLeibler(two, two)).isZero();
  }

  /** With one row more, so that no sample is empty. */
  private static long[] counts(List<Long> counts) {
    long[] result = counts.stream().mapToLong(Long::longValue).toArray();
    result[0]++;
    return result;
  }

  @Test
  void binsThatNeitherSampleHasDoNotCount() {
    long[] reference = {10, 0, 20};
    long[] current = {30, 0, 15};
    long[] shortReference = {10, 20};
    long[] shortCurrent = {30, 15};
    assertThat(Distances.populationStabilityIndex(reference, current))
        .isEqualTo(Distances.populationStabilityIndex(shortReference, shortCurrent));
    assertThat(Distances.jensenShannon(reference, current))
        .isEqualTo(Distances.jensenShannon(shortReference, shortCurrent));
    assertThat(Distances.hellinger(reference, current))
        .isEqualTo(Distances.hellinger(shortReference, shortCurrent));
  }
}
