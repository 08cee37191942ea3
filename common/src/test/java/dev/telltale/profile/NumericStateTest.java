package dev.telltale.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumericStateTest {
  private static final Anchors CUTS = Anchors.ofCuts(new double[] {-1, 0, 0.5, 3});

  private static NumericState state(double... values) {
    NumericState state = new NumericState(CUTS);
    for (double value : values) {
      state.add(value);
    }
    return state;
  }

  private static NumericState merged(NumericState... parts) {
    NumericState whole = new NumericState(CUTS);
    for (NumericState part : parts) {
      whole.merge(part);
    }
    return whole;
  }

  private static double[] values(SplittableRandom random, int n) {
    double[] special = {Double.NaN, 1 / 0.0, -1 / 0.0, 0, -0.0, 0.5, 3};
    double[] values = new double[n];
    Arrays.setAll(
        values,
        i ->
            random.nextInt(10) == 0
                ? special[random.nextInt(special.length)]
                : 100 + 2 * random.nextGaussian() - random.nextInt(2) * 100);
    return values;
  }

  @Property(tries = 200)
  void partsInAnyOrderMergeToTheWhole(
      @ForAll long seed,
      @ForAll @IntRange(max = 2_000) int n,
      @ForAll @IntRange(max = 2_000) int from,
      @ForAll @IntRange(max = 2_000) int to) {
    double[] values = values(new SplittableRandom(seed), n);
    int first = Math.min(n, Math.min(from, to));
    int second = Math.min(n, Math.max(from, to));
    double[][] parts = {
      Arrays.copyOfRange(values, 0, first),
      Arrays.copyOfRange(values, first, second),
      Arrays.copyOfRange(values, second, n)
    };
    NumericState whole = state(values);

    assertSame(merged(state(parts[0]), state(parts[1]), state(parts[2])), whole);
    assertSame(merged(state(parts[2]), state(parts[0]), state(parts[1])), whole);
    assertSame(merged(state(parts[0]), merged(state(parts[1]), state(parts[2]))), whole);
  }

  private static void assertSame(NumericState actual, NumericState whole) {
    assertThat(actual.rows()).isEqualTo(whole.rows());
    assertThat(actual.nans()).isEqualTo(whole.nans());
    assertThat(actual.positiveInfinities()).isEqualTo(whole.positiveInfinities());
    assertThat(actual.negativeInfinities()).isEqualTo(whole.negativeInfinities());
    assertThat(actual.zeros()).isEqualTo(whole.zeros());
    assertThat(actual.counts()).isEqualTo(whole.counts());
    assertThat(actual.min() + 0.0).isEqualTo(whole.min() + 0.0);
    assertThat(actual.max() + 0.0).isEqualTo(whole.max() + 0.0);
    // The promise of the states.
    double size = Math.max(1, whole.moments().count());
    assertThat(actual.below()).isCloseTo(whole.below(), within(1e-12 * (1 + whole.below())));
    assertThat(actual.above()).isCloseTo(whole.above(), within(1e-12 * (1 + whole.above())));
    assertThat(actual.moments().m2())
        .isCloseTo(whole.moments().m2(), within(1e-12 * (1 + whole.moments().m2())));
    if (whole.moments().count() > 0) {
      // A mean may be near zero among values of a hundred.
      assertThat(actual.moments().mean()).isCloseTo(whole.moments().mean(), within(1e-12 * 100));
      assertThat(actual.moments().m4()).isCloseTo(whole.moments().m4(), within(1e-12 * 1e8 * size));
    }
  }

  @Test
  void everyKindOfValueIsCountedForWhatItIs() {
    NumericState state =
        state(Double.NaN, 1 / 0.0, -1 / 0.0, -1 / 0.0, 0, -0.0, 1e308, -1e308, -1, 2, 0.5);
    state.addNulls(4);

    assertThat(state.rows()).isEqualTo(15);
    assertThat(state.nulls()).isEqualTo(4);
    assertThat(state.nans()).isEqualTo(1);
    assertThat(state.positiveInfinities()).isEqualTo(1);
    assertThat(state.negativeInfinities()).isEqualTo(2);
    assertThat(state.zeros()).isEqualTo(2);
    assertThat(state.moments().count()).isEqualTo(7);
    assertThat(state.min()).isEqualTo(-1e308);
    assertThat(state.max()).isEqualTo(1e308);
    // Below -1, on it, between, on 0 (negative zero too), between, on 0.5, between, on 3, above.
    assertThat(state.counts()).containsExactly(1, 1, 0, 2, 0, 1, 1, 0, 1);
    assertThat(state.moments().mean()).isFinite();
  }

  @Test
  void anEmptyStateHasNothing() {
    NumericState empty = state();
    assertThat(empty.rows()).isZero();
    assertThat(empty.quantiles(0, 0.5, 1)).containsOnly(Double.NaN);
    assertThat(empty.counts()).hasSize(9).containsOnly(0);
    NumericState one = state(7);
    one.merge(empty);
    empty.merge(one);
    assertThat(empty.quantiles(0, 0.5, 1)).containsOnly(7);
  }

  @Test
  void statesOfOtherColumnsDoNotMerge() {
    NumericState other = new NumericState(Anchors.ofCuts(new double[] {1}));
    assertThatThrownBy(() -> state(1).merge(other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("States of different columns or baselines do not merge");
    CategoryState category = new CategoryState(Anchors.NONE);
    assertThatThrownBy(() -> new NumericState(Anchors.NONE).merge(category))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 5_000, 100_000})
  void quantilesKeepTheirRankErrorAlsoWhenMerged(int n) {
    double[] probabilities = {0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99};
    int seeds = 60;
    int outside = 0;
    for (int seed = 0; seed < seeds; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      NumericState whole = new NumericState(CUTS);
      double[] values = random.doubles(n).toArray();
      for (int hour = 0; hour < 8; hour++) {
        whole.merge(
            state(Arrays.copyOfRange(values, n / 8 * hour, hour == 7 ? n : n / 8 * (hour + 1))));
      }
      Arrays.sort(values);
      double bound = whole.quantileRankError();
      assertThat(bound).isLessThan(0.05);
      double[] quantiles = whole.quantiles(probabilities);
      for (int i = 0; i < quantiles.length; i++) {
        double rank = (Arrays.binarySearch(values, quantiles[i]) + 1.0) / n;
        // The smallest value that reaches a rank may lie one row above it.
        outside += Math.abs(rank - probabilities[i]) > bound + 1.0 / n ? 1 : 0;
      }
    }
    // The bound holds with 99 %: of 420 ranks 4 may be outside; 12 come by chance in 1 of 2,000.
    assertThat(outside).isLessThanOrEqualTo(12);
  }

  @Test
  void fewValuesAreLearnedWhole() {
    NumericState learner = new NumericState(Anchors.learn(4));
    for (double value : new double[] {3, -0.0, 0, 1, 3, 7, Double.NaN}) {
      learner.add(value);
    }
    assertThat(learner.learned().cuts()).containsExactly(0, 1, 3, 7);
    assertThat(learner.learnedAll()).isTrue();
    learner.add(8);
    assertThat(learner.learnedAll()).isFalse();
    assertThat(learner.learned().cuts()).startsWith(0).endsWith(8);
  }
}
