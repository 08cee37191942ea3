package dev.telltale.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** A state of weighted rows is the state of rows repeated as often. */
class WeightedStateTest {
  private static final Anchors CUTS = Anchors.ofCuts(new double[] {-1, 0, 0.5, 2});

  private static NumericState numeric() {
    return (NumericState) ColumnState.create(ColumnKind.NUMERIC, CUTS);
  }

  @Property(tries = 50)
  void numbersCountAsOftenAsTheirWeight(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int rows = 1 + random.nextInt(600);
    double[] values = new double[rows];
    long[] weights = new long[rows];
    NumericState repeated = numeric();
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < rows; i++) {
      int kind = random.nextInt(12);
      values[i] =
          kind == 0 ? Double.NaN : kind == 1 ? 1 / 0.0 : kind == 2 ? 0 : random.nextGaussian();
      weights[i] = random.nextInt(5) == 0 ? 0 : 1 + random.nextInt(40);
      sum += weights[i];
      squares += weights[i] * weights[i];
      for (int k = 0; k < weights[i]; k++) {
        repeated.add(values[i]);
      }
    }
    int half = rows / 2;
    NumericState weighted = numeric();
    add(weighted, values, weights, 0, half);
    NumericState rest = numeric();
    add(rest, values, weights, half, rows);
    weighted.merge(StateFormat.read(rest.toBytes(), CUTS));

    assertThat(weighted.rows()).isEqualTo(repeated.rows());
    assertThat(weighted.nans()).isEqualTo(repeated.nans());
    assertThat(weighted.positiveInfinities()).isEqualTo(repeated.positiveInfinities());
    assertThat(weighted.zeros()).isEqualTo(repeated.zeros());
    assertThat(weighted.min()).isEqualTo(repeated.min());
    assertThat(weighted.max()).isEqualTo(repeated.max());
    assertThat(weighted.counts()).isEqualTo(repeated.counts());
    if (repeated.moments().count() > 1) {
      // Rounding of sums of 12,000 terms.
      assertThat(weighted.moments().mean()).isCloseTo(repeated.moments().mean(), within(1e-12));
      assertThat(weighted.moments().m2())
          .isCloseTo(repeated.moments().m2(), within(1e-10 * repeated.moments().m2() + 1e-12));
    }
    assertThat(weighted.effectiveRows())
        .isCloseTo(sum == 0 ? 0 : sum * sum / squares, within(1e-9 * rows));
    assertQuantiles(weighted, values, weights);
  }

  private static void add(NumericState state, double[] values, long[] weights, int from, int to) {
    state.add(
        Arrays.copyOfRange(values, from, to), Arrays.copyOfRange(weights, from, to), to - from);
    state.addRepeats(Arrays.stream(weights, from, to).map(weight -> weight * (weight - 1)).sum());
  }

  /** Each quantile has the rank asked for within the stated error, which holds in 99 of 100. */
  private static void assertQuantiles(NumericState state, double[] values, long[] weights) {
    double all = state.moments().count();
    if (all == 0) {
      return;
    }
    double error = 2 * state.quantileRankError() + 1e-9;
    for (double probability : new double[] {0.1, 0.5, 0.9}) {
      double quantile = state.quantiles(probability)[0];
      double below = 0;
      double atMost = 0;
      for (int i = 0; i < values.length; i++) {
        if (Double.isFinite(values[i])) {
          below += values[i] < quantile ? weights[i] : 0;
          atMost += values[i] <= quantile ? weights[i] : 0;
        }
      }
      assertThat(below / all).isLessThanOrEqualTo(probability + error);
      assertThat(atMost / all).isGreaterThanOrEqualTo(probability - error);
    }
  }

  @Test
  void unweightedRowsAreWorthThemselvesAndAreStoredAsBefore() {
    NumericState plain = numeric();
    plain.add(1);
    plain.addNulls(2);
    NumericState ones = numeric();
    ones.add(new double[] {1}, new long[] {1}, 1);
    ones.addNulls(2);
    assertThat(plain.effectiveRows()).isEqualTo(3);
    assertThat(ones.toBytes()).isEqualTo(plain.toBytes());
  }

  @Test
  void categoriesKeepWhatTheirRowsAreWorth() {
    CategoryState state =
        (CategoryState) ColumnState.create(ColumnKind.CATEGORICAL, Anchors.learn(3));
    state.add("a", 10);
    state.add("b", 1);
    state.addNulls(4);
    state.addRepeats(10 * 9 + 4 * 3);
    CategoryState stored = (CategoryState) StateFormat.read(state.toBytes(), Anchors.learn(3));
    CategoryState merged = stored.empty();
    merged.merge(state);
    merged.merge(stored);

    assertThat(stored.effectiveRows()).isCloseTo(15.0 * 15 / (100 + 1 + 16), within(1e-12));
    assertThat(merged.effectiveRows()).isCloseTo(30.0 * 30 / (2 * 117), within(1e-12));
    assertThat(merged.rows()).isEqualTo(30);
  }
}
