package dev.telltale.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class ContingencyTableTest {
  @ParameterizedTest
  @CsvFileSource(resources = "contingency.csv", useHeadersInDisplayName = true)
  void testsAreThoseOfSciPyWithoutYatesCorrection(
      String first,
      String second,
      double chiSquared,
      int freedom,
      double p,
      double g,
      double gP,
      double cramersV) {
    ContingencyTable table = ContingencyTable.of(Numbers.counts(first), Numbers.counts(second));
    // Counts up to 1e12 leave that many digits in the differences of shares that are squared.
    double loss = table.smallestExpected() > 1e9 ? 1e-3 : 1e-9;

    TestResult pearson = table.chiSquareTest();
    assertThat(pearson.degreesOfFreedom()).isEqualTo(freedom);
    assertThat(pearson.statistic()).isCloseTo(chiSquared, within(loss * chiSquared));
    assertThat(pearson.pValue()).isCloseTo(p, within(loss * p));
    TestResult likelihood = table.logLikelihoodTest();
    assertThat(likelihood.degreesOfFreedom()).isEqualTo(freedom);
    // The terms of G are of the size of the counts and cancel: 1e-16 of the largest is left.
    double cancelled = 2e-16 * Arrays.stream(Numbers.counts(first)).max().getAsLong();
    assertThat(likelihood.statistic()).isCloseTo(g, within(loss * g + 10 * cancelled));
    assertThat(likelihood.pValue()).isCloseTo(gP, within(loss * gP + 10 * cancelled));
    assertThat(table.cramersV()).isCloseTo(cramersV, within(loss * cramersV));
  }

  @ParameterizedTest
  @CsvFileSource(resources = "matched-chi-square.csv", useHeadersInDisplayName = true)
  void theMatchedTestHasTheMomentsOfAllTablesWithTheMargins(
      String first, String second, double statistic, double p) {
    TestResult result =
        ContingencyTable.of(Numbers.counts(first), Numbers.counts(second)).matchedChiSquareTest();
    // A few dozen rounded operations each.
    assertThat(result.statistic()).isCloseTo(statistic, within(1e-12 * statistic));
    assertThat(result.pValue()).isCloseTo(p, within(1e-12));
  }

  @Test
  void theMatchedTestTendsToThePlainOne() {
    ContingencyTable table =
        ContingencyTable.of(
            new long[] {100_000, 200_300, 300_000}, new long[] {50_400, 99_900, 150_000});
    double plain = table.chiSquareTest().pValue();
    // The moments differ by the order of one over the smallest count.
    assertThat(table.matchedChiSquareTest().pValue()).isCloseTo(plain, within(1e-4 * plain));
  }

  @Test
  void theMatchedTestOfTablesThatAreAllAlikeFindsNothing() {
    // One row of one category against four: every such table has the same statistic.
    TestResult result =
        ContingencyTable.of(new long[] {1, 3}, new long[] {0, 4}).matchedChiSquareTest();
    assertThat(result.statistic()).isPositive();
    assertThat(result.pValue()).isEqualTo(1);
    assertThat(ContingencyTable.of(new long[] {1, 0}, new long[] {0, 1}).matchedChiSquareTest())
        .isEqualTo(new TestResult(2, 1, 1));
    assertThat(
            ContingencyTable.of(new long[] {1, 1, 0}, new long[] {0, 0, 1}).matchedChiSquareTest())
        .extracting(TestResult::pValue)
        .isEqualTo(1.0);
  }

  @Test
  void aTableWithoutTwoCategoriesOrTwoSamplesTestsNothing() {
    for (ContingencyTable table :
        List.of(
            ContingencyTable.of(new long[0], new long[0]),
            ContingencyTable.of(new long[] {0, 0}, new long[] {0, 0}),
            ContingencyTable.of(new long[] {5, 0}, new long[] {7, 0}),
            ContingencyTable.of(new long[] {5, 3}, new long[] {0, 0}))) {
      assertThat(table.testable()).isFalse();
      assertThat(table.chiSquareTest()).isEqualTo(new TestResult(0, 0, 1));
      assertThat(table.matchedChiSquareTest()).isEqualTo(new TestResult(0, 0, 1));
      assertThat(table.logLikelihoodTest()).isEqualTo(new TestResult(0, 0, 1));
      assertThat(table.cramersV()).isZero();
    }
  }

  @Test
  void categoriesThatNeitherSampleHasAreLeftOut() {
    ContingencyTable table =
        ContingencyTable.of(new long[] {0, 10, 0, 20}, new long[] {0, 20, 0, 10});
    assertThat(table.categories()).isEqualTo(2);
    assertThat(table.chiSquareTest())
        .isEqualTo(ContingencyTable.of(new long[] {10, 20}, new long[] {20, 10}).chiSquareTest());
  }

  @Test
  void theSmallestExpectedCountIsThatOfTheRarestCategoryInTheSmallerSample() {
    // 100 against 300 rows; the rarest category has 8 of all 400, a quarter of them expected.
    assertThat(ContingencyTable.of(new long[] {97, 3}, new long[] {295, 5}).smallestExpected())
        .isEqualTo(2);
    assertThat(ContingencyTable.of(new long[0], new long[0]).smallestExpected()).isInfinite();
  }

  @Test
  void rareCategoriesArePooledUntilTheirPoolIsNotRare() {
    // 20 of 40 rows in each sample: a category is expected half as often as it occurs.
    ContingencyTable table =
        ContingencyTable.of(new long[] {1, 0, 0, 4, 15}, new long[] {0, 1, 1, 8, 10});
    assertThat(table.pooled(1))
        .satisfies(
            pooled -> {
              assertThat(pooled.categories()).isEqualTo(3);
              assertThat(pooled.smallestExpected()).isEqualTo(1.5);
            });
    // The three rare ones are expected 1.5 times, too few: the category of 12 joins them.
    assertThat(table.pooled(2))
        .satisfies(
            pooled -> {
              assertThat(pooled.categories()).isEqualTo(2);
              assertThat(pooled.smallestExpected()).isEqualTo(7.5);
            });
    assertThat(table.pooled(0).categories()).isEqualTo(5);
    assertThat(table.pooled(1000).categories()).isEqualTo(1);
  }

  @Property
  void poolingKeepsTheRowsAndLeavesNoRareCategory(
      @ForAll @Size(min = 2, max = 30) List<@LongRange(min = 0, max = 12) Long> first,
      @ForAll @Size(min = 2, max = 30) List<@LongRange(min = 0, max = 200) Long> second) {
    int size = Math.min(first.size(), second.size());
    long[] one = first.subList(0, size).stream().mapToLong(Long::longValue).toArray();
    long[] two = second.subList(0, size).stream().mapToLong(Long::longValue).toArray();
    ContingencyTable table = ContingencyTable.of(one, two);
    ContingencyTable pooled = table.pooled(1);

    assertThat(pooled.categories()).isLessThanOrEqualTo(table.categories());
    assertThat(pooled.categories() == 1 || !(pooled.smallestExpected() < 1)).isTrue();
    // The statistic of a coarser table is never larger.
    assertThat(pooled.chiSquareTest().statistic())
        .isLessThanOrEqualTo(table.chiSquareTest().statistic() * (1 + 1e-9) + 1e-9);
  }

  @Property
  void neitherTheOrderOfSamplesNorOfCategoriesCounts(
      @ForAll @Size(5) List<@LongRange(min = 0, max = 1_000_000) Long> first,
      @ForAll @Size(5) List<@LongRange(min = 0, max = 1_000) Long> second) {
    long[] one = first.stream().mapToLong(Long::longValue).toArray();
    long[] two = second.stream().mapToLong(Long::longValue).toArray();
    ContingencyTable table = ContingencyTable.of(one, two);
    ContingencyTable turned = ContingencyTable.of(reversed(two), reversed(one));

    // The sums run in another order.
    assertThat(turned.chiSquareTest().statistic())
        .isCloseTo(
            table.chiSquareTest().statistic(),
            within(1e-9 + 1e-9 * table.chiSquareTest().statistic()));
    assertThat(turned.matchedChiSquareTest().pValue())
        .isCloseTo(table.matchedChiSquareTest().pValue(), within(1e-9));
    assertThat(table.cramersV()).isBetween(0.0, 1.0);
    assertThat(table.matchedChiSquareTest().pValue()).isBetween(0.0, 1.0);
  }

  private static long[] reversed(long[] counts) {
    long[] result = new long[counts.length];
    Arrays.setAll(result, i -> counts[counts.length - 1 - i]);
    return result;
  }

  @Test
  void whatAreNoCountsIsRefused() {
    assertThatThrownBy(() -> ContingencyTable.of(new long[] {1}, new long[] {1, 2}))
        .hasMessage("1 counts against 2");
    assertThatThrownBy(() -> ContingencyTable.of(new long[] {1, 2}, new long[] {1, -2}))
        .hasMessage("Negative count at 1");
  }
}
