package dev.telltale.drift;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.profile.Anchors;
import dev.telltale.profile.CategoryState;
import dev.telltale.profile.ColumnKind;
import dev.telltale.profile.ColumnState;
import dev.telltale.profile.NumericState;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * A window that is a sample with unequal weights, of the distribution that the reference has: the
 * tests keep their level, which they would not if weighted rows counted as so many. Prints the
 * rates.
 */
class WeightedNullTest {
  private static final int WINDOWS = 2_000;
  private static final int ROWS = 2_000;

  /** 5 % and three standard errors of 0.49 points, and a point for the approximation. */
  private static final double HIGHEST = 0.075;

  private static final double LOWEST = 0.025;

  /** Strata kept whole, at 1 in 20 and at 1 in 100, whatever the row's values are. */
  private static long weight(SplittableRandom random) {
    int stratum = random.nextInt(10);
    return stratum == 0 ? 1 : stratum < 5 ? 20 : 100;
  }

  @Test
  void kolmogorovSmirnovKeepsItsLevel() {
    SplittableRandom random = new SplittableRandom(7);
    double[] reference = random.doubles(20_000).toArray();
    NumericState learning = state(Anchors.learn(Anchors.MAX_CUTS));
    learning.add(reference, reference.length);
    NumericState before = state(learning.learned());
    before.add(reference, reference.length);
    int fired = 0;
    for (int window = 0; window < WINDOWS; window++) {
      NumericState now = before.empty();
      double[] values = random.doubles(ROWS).toArray();
      long[] weights = random.longs(ROWS).map(any -> weight(random)).toArray();
      now.add(values, weights, ROWS);
      now.addRepeats(repeats(weights));
      Comparison comparison = NumericComparison.of(before, now);
      assertThat(comparison.currentRows()).isLessThan(ROWS);
      fired += comparison.driftTest().orElseThrow().pValue() < 0.05 ? 1 : 0;
    }
    assertLevel("ks", fired);
  }

  @Test
  void chiSquaredKeepsItsLevel() {
    SplittableRandom random = new SplittableRandom(8);
    Anchors anchors = Anchors.ofLabels(java.util.List.of("0", "1", "2", "3", "4", "5"), false);
    CategoryState before = (CategoryState) ColumnState.create(ColumnKind.CATEGORICAL, anchors);
    for (int i = 0; i < 20_000; i++) {
      before.add(category(random), 1);
    }
    int fired = 0;
    for (int window = 0; window < WINDOWS; window++) {
      CategoryState now = before.empty();
      for (int i = 0; i < ROWS; i++) {
        long weight = weight(random);
        now.add(category(random), weight);
        now.addRepeats(weight * (weight - 1));
      }
      Comparison comparison = CategoricalComparison.of(before, now);
      fired += comparison.driftTest().orElseThrow().pValue() < 0.05 ? 1 : 0;
    }
    assertLevel("chi_squared", fired);
  }

  private static void assertLevel(String test, int fired) {
    double rate = (double) fired / WINDOWS;
    System.out.printf(Locale.ROOT, "weighted window, %s: %.1f %% at 5 %%%n", test, 100 * rate);
    assertThat(rate).isBetween(LOWEST, HIGHEST);
  }

  private static String category(SplittableRandom random) {
    return Integer.toString((int) (6 * random.nextDouble() * random.nextDouble()));
  }

  private static NumericState state(Anchors anchors) {
    return (NumericState) ColumnState.create(ColumnKind.NUMERIC, anchors);
  }

  private static long repeats(long[] weights) {
    long sum = 0;
    for (long weight : weights) {
      sum += weight * (weight - 1);
    }
    return sum;
  }
}
