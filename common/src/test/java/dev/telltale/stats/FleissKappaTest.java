package dev.telltale.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class FleissKappaTest {
  @ParameterizedTest
  @CsvFileSource(resources = "fleiss-kappa.csv", useHeadersInDisplayName = true)
  void isThatOfIrrCacAndStatsmodels(
      String votes,
      double value,
      Double statsmodels,
      double standardError,
      double low,
      double high,
      double observed,
      double expected) {
    List<int[]> items = items(votes);
    Kappa kappa = of(items).kappa().orElseThrow();
    assertThat(kappa.value()).isCloseTo(value, within(1e-13));
    if (statsmodels != null) {
      assertThat(kappa.value()).isCloseTo(statsmodels, within(1e-13));
    }
    assertThat(kappa.standardError()).isCloseTo(standardError, within(1e-12));
    // The quantile of t is found by a search that ends at 1e-9; irrCAC does not end at -1.
    assertThat(kappa.low()).isCloseTo(Math.max(-1, low), within(1e-8));
    assertThat(kappa.high()).isCloseTo(high, within(1e-8));
    assertThat(kappa.observedAgreement()).isCloseTo(observed, within(1e-14));
    assertThat(kappa.expectedAgreement()).isCloseTo(expected, within(1e-14));
    assertThat(kappa.items()).isEqualTo(items.size());
  }

  private static List<int[]> items(String votes) {
    return Arrays.stream(votes.split("\\|"))
        .map(item -> Arrays.stream(Numbers.counts(item)).mapToInt(Math::toIntExact).toArray())
        .toList();
  }

  static FleissKappa of(List<int[]> items) {
    FleissKappa kappa = new FleissKappa(items.get(0).length);
    items.forEach(kappa::add);
    return kappa;
  }

  @Property(tries = 300)
  void theOrderOfAddingAndMergingNeverShows(
      @ForAll @Size(min = 1, max = 40) List<@Size(4) List<@IntRange(max = 5) Integer>> drawn,
      @ForAll long seed) {
    List<int[]> items = drawn.stream().map(FleissKappaTest::rated).toList();
    List<int[]> shuffled = new ArrayList<>(items);
    Random random = new Random(seed);
    Collections.shuffle(shuffled, random);
    List<FleissKappa> parts = new ArrayList<>(List.of(new FleissKappa(4), new FleissKappa(4)));
    for (int from = 0, to; from < shuffled.size(); from = to) {
      to = Math.min(shuffled.size(), from + 1 + random.nextInt(10));
      parts.add(of(shuffled.subList(from, to)));
    }
    while (parts.size() > 1) {
      FleissKappa last = parts.remove(parts.size() - 1);
      parts.get(random.nextInt(parts.size())).merge(last);
    }

    assertThat(parts.get(0).items()).isEqualTo(items.size());
    assertThat(parts.get(0).kappa()).isEqualTo(of(items).kappa());
    of(items).kappa().ifPresent(CohenKappaTest::assertInRange);
  }

  /** Two votes more where there are fewer than two. */
  private static int[] rated(List<Integer> votes) {
    int[] item = votes.stream().mapToInt(Integer::intValue).toArray();
    item[0] += Arrays.stream(item).sum() < 2 ? 2 : 0;
    return item;
  }

  @Test
  void mergingLeavesTheOtherAsItIs() {
    FleissKappa other = of(items("2 1|1 1|0 3"));
    Kappa before = other.kappa().orElseThrow();
    FleissKappa merged = of(items("4 0|1 2"));
    merged.merge(other);
    merged.add(new int[] {5, 5});

    assertThat(other.kappa()).contains(before);
    assertThat(other.items()).isEqualTo(3);
    assertThat(merged.items()).isEqualTo(6);
  }

  @Test
  void aClassWithoutVotesDoesNotMatter() {
    assertThat(of(items("2 0 1 0|0 0 4 0|1 0 1 0")).kappa())
        .isEqualTo(of(items("2 1|0 4|1 1")).kappa());
  }

  @Test
  void manyItemsHaveTheSameKappaAndTheirOwnError() {
    FleissKappa kappa = of(items("3 0|1 1|0 4|2 3|0 2|2 0|6 1|0 3"));
    Kappa few = kappa.kappa().orElseThrow();
    for (int doubled = 0; doubled < 20; doubled++) {
      FleissKappa same = new FleissKappa(2);
      same.merge(kappa);
      kappa.merge(same);
    }
    Kappa many = kappa.kappa().orElseThrow();

    assertThat(many.items()).isEqualTo(8 << 20);
    assertThat(many.value()).isCloseTo(few.value(), within(1e-14));
    assertThat(many.standardError())
        .isCloseTo(few.standardError() * Math.sqrt(7.0 / (many.items() - 1)), within(1e-14));
    assertThat((many.high() - many.value()) / many.standardError())
        .isCloseTo(WilsonInterval.Z, within(1e-9));
    // SciPy 1.17.1: stats.t.ppf(0.975, 7)
    assertThat((few.value() - few.low()) / few.standardError())
        .isCloseTo(2.364624251592784, within(1e-8));
  }

  @Test
  void completeAgreementOfFewItemsIsNoCertainty() {
    Kappa kappa = of(items("3 0|0 2|2 0|0 5|4 0|0 2")).kappa().orElseThrow();
    assertThat(kappa.value()).isEqualTo(1);
    assertThat(kappa.standardError()).isZero();
    assertThat(kappa.high()).isEqualTo(1);
    // statsmodels 0.15.0: 1 - (1 - proportion_confint(6, 6, method='wilson')[0]) / 0.5
    assertThat(kappa.low()).isCloseTo(0.2193314241956692, within(1e-12));
  }

  @Test
  void itemsThatAreAllAlikeHaveAnIntervalToo() {
    Kappa kappa =
        of(items("2 1 0|0 2 1|1 0 2|2 1 0|0 2 1|1 0 2|2 1 0|0 2 1|1 0 2|2 1 0|0 2 1|1 0 2"))
            .kappa()
            .orElseThrow();
    assertThat(kappa.value()).isCloseTo(0, within(1e-15));
    assertThat(kappa.standardError()).isZero();
    // statsmodels 0.15.0: 1 - proportion_confint(8, 12, method='wilson') / (2 / 3)
    assertThat(kappa.low()).isCloseTo(-0.29281986336318044, within(1e-12));
    assertThat(kappa.high()).isCloseTo(0.41406686669080073, within(1e-12));
  }

  @Property
  void itemsThatAreAllAlikeHaveNoErrorByRounding(
      @ForAll @IntRange(min = 1, max = 30) int first,
      @ForAll @IntRange(min = 1, max = 30) int second,
      @ForAll @IntRange(min = 2, max = 100) int size) {
    Kappa kappa = of(Collections.nCopies(size, new int[] {first, second, 1})).kappa().orElseThrow();
    assertThat(kappa.standardError()).isZero();
    CohenKappaTest.assertInRange(kappa);
  }

  @Test
  void isUndefinedWithFewerThanTwoItemsAndWithOneClass() {
    assertThat(new FleissKappa(3).kappa()).isEmpty();
    assertThat(of(items("2 1 0")).kappa()).isEmpty();
    assertThat(of(items("0 2 0|0 5 0|0 3 0")).kappa()).isEmpty();
    assertThat(of(items("0 2 0|0 5 0|0 3 1")).kappa()).isPresent();
  }

  @Test
  void whatIsNoItemIsRefusedAndNotAdded() {
    FleissKappa kappa = of(items("2 1|1 1"));
    Kappa before = kappa.kappa().orElseThrow();
    assertThatThrownBy(() -> kappa.add(new int[] {1, 0}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("An item takes two ratings, not 1");
    assertThatThrownBy(() -> kappa.add(new int[] {3, -1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Negative votes for 1: -1");
    assertThatThrownBy(() -> kappa.add(new int[] {1, 1, 1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("3 counts of votes for 2 classes");
    assertThatThrownBy(() -> kappa.merge(new FleissKappa(3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("3 classes into 2 classes");
    assertThatThrownBy(() -> new FleissKappa(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Classes: 0");
    assertThat(kappa.kappa()).contains(before);
  }
}
