package dev.telltale.drift;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.profile.Anchors;
import dev.telltale.profile.CategoryState;
import dev.telltale.profile.ColumnKind;
import dev.telltale.profile.ColumnState;
import dev.telltale.profile.NumericState;
import dev.telltale.profile.StateOfCounts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/**
 * How often the tests that decide about drift fire where reference and window are samples of one
 * distribution: 4 to 6 % at a nominal 5 %. Prints the table.
 *
 * <p>n is the window's rows; the reference has a tenth of them, as many, or ten times as many.
 * Pairs with fewer rows on a side than the default policy asks for are left out: nothing is tested
 * there, see {@link #tooFewRowsAreNotTested}. So 300 rows against 30 stand for 100 against 10.
 */
class NullSimulationTest {
  private static final double LEVEL = 0.05;
  private static final double HIGHEST = 0.06;
  private static final double LOWEST = 0.04;

  /** Of few rows the Kolmogorov-Smirnov statistic has few values: the next one may be far. */
  private static final double LOWEST_OF_FEW = 0.03;

  private static final long FEW = 1_000;

  /** Standard error of a rate of 5 %: 0.15 points. */
  private static final int REPLICATIONS = 20_000;

  /** Standard error of a rate of 5 %: 0.22 points. */
  private static final int EXPENSIVE = 10_000;

  private static final long CHEAP = 3_000;

  private static final List<String> LABELS =
      IntStream.range(0, 20).mapToObj(i -> "category " + i).toList();

  private static final int LEARN_LIMIT = Anchors.MAX_CUTS;

  /** A pair of sizes, and one draw of the p-value that decides. */
  private record Case(
      String name, long reference, long current, int replications, ToDoubleFunction<Draws> p) {

    double rate() {
      Draws draws = new Draws(31 * reference + current);
      int fired = 0;
      for (int i = 0; i < replications; i++) {
        fired += p.applyAsDouble(draws) < LEVEL ? 1 : 0;
      }
      return (double) fired / replications;
    }
  }

  private static List<long[]> sizes() {
    List<long[]> sizes = new ArrayList<>();
    for (long n : new long[] {100, 300, 1_000, 10_000, 100_000, 1_000_000}) {
      for (long reference : new long[] {n / 10, n, 10 * n}) {
        if (reference >= DriftPolicy.defaults().minimumRows()) {
          sizes.add(new long[] {reference, n});
        }
      }
    }
    return sizes;
  }

  @Test
  void kolmogorovSmirnovOfStatesKeepsItsLevel() {
    List<Case> cases = new ArrayList<>();
    for (long[] size : sizes()) {
      cases.add(ofStates(size[0], size[1]));
    }
    assertKeepTheirLevel(cases, true);
  }

  /**
   * The distribution of a column does not matter, only the order of the values, so that the values
   * of the reference are their ranks: the cuts are those that production learns from them, at one
   * order of arrival. How many of the window's rows fall between two cuts follows from how much of
   * the distribution lies there, which is a sum of spacings of uniform values.
   */
  private static Case ofStates(long n, long m) {
    NumericState learner = (NumericState) state(ColumnKind.NUMERIC, Anchors.learn(LEARN_LIMIT));
    for (int rank : shuffled((int) n)) {
      learner.add(rank);
    }
    Anchors anchors = learner.learned();
    NumericState reference = (NumericState) state(ColumnKind.NUMERIC, anchors);
    for (int rank = 1; rank <= n; rank++) {
      reference.add(rank);
    }
    double[] cuts = anchors.cuts();
    long[] spacings = new long[cuts.length + 1];
    for (int i = 0; i <= cuts.length; i++) {
      double from = i == 0 ? 0 : cuts[i - 1];
      spacings[i] = (long) ((i == cuts.length ? n + 1 : cuts[i]) - from);
    }
    return new Case(
        "ks of states",
        n,
        m,
        Math.max(n, m) > CHEAP ? EXPENSIVE : REPLICATIONS,
        draws -> {
          double[] weights = new double[spacings.length];
          Arrays.setAll(weights, i -> draws.gamma(spacings[i]));
          long[] between = draws.multinomial(m, weights);
          long[] counts = new long[2 * between.length - 1];
          for (int i = 0; i < between.length; i++) {
            counts[2 * i] = between[i];
          }
          NumericState current = StateOfCounts.numeric(anchors, 0, counts);
          return pValue(NumericComparison.of(reference, current));
        });
  }

  private static int[] shuffled(int n) {
    int[] ranks = new int[n];
    Arrays.setAll(ranks, i -> i + 1);
    SplittableRandom random = new SplittableRandom(n);
    for (int i = n - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int swapped = ranks[i];
      ranks[i] = ranks[other];
      ranks[other] = swapped;
    }
    return ranks;
  }

  @Test
  void kolmogorovSmirnovOfValuesKeepsItsLevel() {
    List<Case> cases = new ArrayList<>();
    cases.add(ofValues(30, 300, 0, REPLICATIONS));
    cases.add(ofValues(100, 100, 0, REPLICATIONS));
    cases.add(ofValues(1_000, 100, 0, EXPENSIVE));
    cases.add(ofValues(1_000, 1_000, 0, EXPENSIVE));
    cases.add(ofValues(30, 300, 0.1, REPLICATIONS));
    cases.add(ofValues(300, 300, 0.1, EXPENSIVE));
    assertKeepTheirLevel(cases, true);
  }

  private static Case ofValues(int n, int m, double missing, int replications) {
    return new Case(
        "ks of values, " + Math.round(100 * missing) + " % missing",
        n,
        m,
        replications,
        draws -> {
          int noReference = (int) draws.binomial(n, missing);
          int noCurrent = (int) draws.binomial(m, missing);
          double[] reference = draws.random().doubles(n - noReference).toArray();
          double[] current = draws.random().doubles(m - noCurrent).toArray();
          return pValue(NumericComparison.ofValues(reference, noReference, current, noCurrent));
        });
  }

  @Test
  void chiSquaredOfStatesKeepsItsLevel() {
    List<Case> cases = new ArrayList<>();
    for (long[] size : sizes()) {
      cases.add(ofStates("3 even categories", size[0], size[1], even(3)));
      cases.add(ofStates("10 skewed categories", size[0], size[1], skewed(10)));
      cases.add(ofStates("20 even categories", size[0], size[1], even(20)));
      cases.add(ofStates("20 skewed categories", size[0], size[1], skewed(20)));
    }
    assertKeepTheirLevel(cases, false);
  }

  private static double[] even(int k) {
    double[] weights = new double[k];
    Arrays.fill(weights, 1);
    return weights;
  }

  private static double[] skewed(int k) {
    double[] weights = new double[k];
    Arrays.setAll(weights, i -> 1.0 / (i + 1));
    return weights;
  }

  /** The labels are those of the drawn reference, as in production: it may lack some. */
  private static Case ofStates(String name, long n, long m, double[] weights) {
    return new Case(
        name,
        n,
        m,
        Math.max(n, m) > CHEAP ? EXPENSIVE : REPLICATIONS,
        draws -> {
          Map<String, Long> reference = labelled(draws.multinomial(n, weights));
          Map<String, Long> current = labelled(draws.multinomial(m, weights));
          Anchors anchors = category(Anchors.learn(LEARN_LIMIT), reference).learned();
          return pValue(
              CategoricalComparison.of(category(anchors, reference), category(anchors, current)));
        });
  }

  private static CategoryState category(Anchors anchors, Map<String, Long> counts) {
    CategoryState state = (CategoryState) state(ColumnKind.CATEGORICAL, anchors);
    counts.forEach(state::add);
    return state;
  }

  private static Map<String, Long> labelled(long[] counts) {
    Map<String, Long> map = new HashMap<>();
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0) {
        map.put(LABELS.get(i), counts[i]);
      }
    }
    return map;
  }

  @Test
  void tooFewRowsAreNotTested() {
    double[] reference = new Draws(1).random().doubles(10).toArray();
    double[] current = new Draws(2).random().doubles(100).toArray();
    Comparison comparison = NumericComparison.ofValues(reference, 0, current, 0);

    assertThat(new DriftJudge(DriftPolicy.defaults()).judge(List.of(Measurement.of(comparison))))
        .first()
        .satisfies(
            verdicts ->
                assertThat(verdicts)
                    .extracting(Verdict::status)
                    .containsOnly(VerdictStatus.INSUFFICIENT_DATA));
  }

  private static ColumnState state(ColumnKind kind, Anchors anchors) {
    return ColumnState.create(kind, anchors);
  }

  private static double pValue(Comparison comparison) {
    return comparison.driftTest().orElseThrow().pValue();
  }

  private static void assertKeepTheirLevel(List<Case> cases, boolean discrete) {
    double[] rates = new double[cases.size()];
    Arrays.parallelSetAll(rates, i -> cases.get(i).rate());
    SoftAssertions softly = new SoftAssertions();
    for (int i = 0; i < rates.length; i++) {
      Case tested = cases.get(i);
      String row =
          String.format(
              Locale.ROOT,
              "%-28s n %,10d in the reference, %,9d now: fires in %.2f %%",
              tested.name(),
              tested.reference(),
              tested.current(),
              100 * rates[i]);
      System.out.println(row);
      boolean few = discrete && Math.min(tested.reference(), tested.current()) < FEW;
      softly.assertThat(rates[i]).as(row).isBetween(few ? LOWEST_OF_FEW : LOWEST, HIGHEST);
    }
    softly.assertAll();
  }
}
