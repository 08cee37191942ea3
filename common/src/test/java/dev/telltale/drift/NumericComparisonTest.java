package dev.telltale.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.profile.Anchors;
import dev.telltale.profile.ColumnKind;
import dev.telltale.profile.ColumnState;
import dev.telltale.profile.NumericState;
import dev.telltale.stats.ExceedanceTest;
import dev.telltale.stats.ProportionTest;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class NumericComparisonTest {
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  private static NumericState state(Anchors anchors, double... values) {
    NumericState state = (NumericState) ColumnState.create(ColumnKind.NUMERIC, anchors);
    for (double value : values) {
      state.add(value);
    }
    return state;
  }

  private static Anchors learned(double... values) {
    return state(Anchors.learn(Anchors.MAX_CUTS), values).learned();
  }

  /** Values on a grid, so that some are tied, with infinities and NaN among them. */
  private static double[] values(SplittableRandom random, int n, double shift) {
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      int kind = random.nextInt(30);
      values[i] =
          kind == 0
              ? INFINITY
              : kind == 1
                  ? -INFINITY
                  : kind == 2 ? Double.NaN : Math.rint(8 * (random.nextGaussian() + shift)) / 8;
    }
    return values;
  }

  @Property(tries = 200)
  void statesWhoseAnchorsHoldTheWholeReferenceCompareAsTheValuesDo(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 400) int n,
      @ForAll @IntRange(min = 1, max = 400) int m,
      @ForAll @DoubleRange(min = -2, max = 2) double shift) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] reference = values(random, n, 0);
    double[] current = values(random, m, shift);
    Anchors anchors = learned(reference);
    Comparison states = NumericComparison.of(state(anchors, reference), state(anchors, current));
    Comparison raw = NumericComparison.ofValues(reference, 0, current, 0);

    assertThat(states.metric(Metrics.KS).map(MetricValue::errorBound).orElse(0.0)).isZero();
    if (anchors.cutCount() == 0) {
      return;
    }
    for (String metric : Metrics.ALL) {
      if (!metric.startsWith(Metrics.WASSERSTEIN)) {
        assertThat(states.metric(metric)).as(metric).isEqualTo(raw.metric(metric));
      }
    }
    assertThat(states.driftTest()).isEqualTo(raw.driftTest());
    assertThat(states.novelty()).isEqualTo(raw.novelty());
    assertThat(states.constancy()).isEqualTo(raw.constancy());
  }

  @Property(tries = 300)
  void fewAnchorsKeepTheirErrorBound(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 300) int n,
      @ForAll @IntRange(min = 1, max = 300) int m,
      @ForAll @IntRange(min = 1, max = 12) int cuts,
      @ForAll @DoubleRange(min = -2, max = 2) double shift) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] reference = values(random, n, 0);
    double[] current = values(random, m, shift);
    double[] anchored = random.doubles(cuts, -2, 2).map(x -> Math.rint(8 * x) / 8 + 0.0).toArray();
    Anchors anchors = Anchors.ofCuts(Arrays.stream(anchored).sorted().distinct().toArray());
    Comparison states = NumericComparison.of(state(anchors, reference), state(anchors, current));
    Comparison raw = NumericComparison.ofValues(reference, 0, current, 0);

    for (String metric : new String[] {Metrics.KS, Metrics.WASSERSTEIN}) {
      assertThat(states.metric(metric).isPresent()).isEqualTo(raw.metric(metric).isPresent());
      states
          .metric(metric)
          .ifPresent(
              found ->
                  // Sums of some hundred rounded terms.
                  assertThat(found.value())
                      .isCloseTo(
                          raw.metric(metric).orElseThrow().value(),
                          within(found.errorBound() + 1e-12)));
    }
    states
        .metric(Metrics.KS)
        .ifPresent(
            found ->
                assertThat(found.value())
                    .isLessThanOrEqualTo(raw.metric(Metrics.KS).orElseThrow().value() + 1e-12));
  }

  @Test
  void aThousandAnchorsOfManyValuesAreCloseToTheValues() {
    SplittableRandom random = new SplittableRandom(3);
    double[] reference = DoubleStream.generate(random::nextGaussian).limit(30_000).toArray();
    double[] current = DoubleStream.generate(random::nextGaussian).limit(20_000).toArray();
    Anchors anchors = learned(reference);
    Comparison states = NumericComparison.of(state(anchors, reference), state(anchors, current));
    MetricValue exact =
        NumericComparison.ofValues(reference, 0, current, 0).metric(Metrics.KS).orElseThrow();
    MetricValue ks = states.metric(Metrics.KS).orElseThrow();

    assertThat(anchors.cutCount()).isEqualTo(Anchors.MAX_CUTS);
    // No interval holds more than 0.1 % of the reference, give or take the sketch's 0.07 %.
    assertThat(ks.errorBound()).isBetween(0.0, 0.003);
    assertThat(ks.value()).isBetween(exact.value() - ks.errorBound(), exact.value());
  }

  @Test
  void nullsAndNaNAreOneBinAndPartOfTheTest() {
    double[] values = DoubleStream.iterate(0, x -> x + 1).limit(100).toArray();
    double[] withNaN = Arrays.copyOf(values, 120);
    Arrays.fill(withNaN, 100, 120, Double.NaN);
    Comparison comparison = NumericComparison.ofValues(values, 0, withNaN, 30);

    assertThat(comparison.currentRows()).isEqualTo(150);
    assertThat(comparison.currentMissing()).isEqualTo(50);
    assertThat(comparison.metric(Metrics.KS).orElseThrow().value()).isZero();
    assertThat(comparison.bins().list())
        .last()
        .isEqualTo(new Bins.Bin(Bins.Kind.MISSING, "missing", 0, 50, 0, 50 / 150.0));
    // The missing share differs, the values do not: the smaller p-value of two, after Šidák.
    double p = ProportionTest.different(50, 150, 0, 100);
    assertThat(comparison.driftTest())
        .hasValueSatisfying(
            test -> {
              assertThat(test.name()).isEqualTo("ks and missing share");
              assertThat(test.metric()).isFalse();
              // Two roundings.
              assertThat(test.pValue())
                  .isCloseTo(1 - (1 - p) * (1 - p), within(1e-14))
                  .isPositive();
            });
  }

  @Test
  void valuesBeyondTheReferenceAreCounted() {
    double[] reference = DoubleStream.iterate(0, x -> x + 1).limit(100).toArray();
    double[] current = {-5, -INFINITY, 3, 50, 99, 100, INFINITY, 7};
    Comparison comparison = NumericComparison.ofValues(reference, 0, current, 0);

    assertThat(comparison.novelty())
        .isEqualTo(
            new Comparison.Novelty(CheckKind.OUT_OF_RANGE, 0.5, ExceedanceTest.pValue(100, 8, 4)));
    assertThat(comparison.bins().list().get(0).current()).isEqualTo(2);
    assertThat(comparison.bins().list().get(0).label()).isEqualTo("below 0");
    // Infinity is no news where the reference has it.
    double[] open = Arrays.copyOf(reference, 101);
    open[100] = INFINITY;
    assertThat(NumericComparison.ofValues(open, 0, current, 0).novelty().share()).isEqualTo(0.25);
  }

  @Test
  void aColumnThatStopsOrBeginsToVaryIsSeen() {
    double[] varying = {1, 1, 1, 2, 3, 4, 5, 6, 7, 8};
    double[] constant = {1, 1, 1, 1};
    double p = ProportionTest.greater(4, 4, 3, 10);

    assertThat(NumericComparison.ofValues(varying, 0, constant, 0).constancy())
        .isEqualTo(new Comparison.Constancy(false, true, 0.7, p));
    assertThat(NumericComparison.ofValues(constant, 0, varying, 0).constancy())
        .isEqualTo(new Comparison.Constancy(true, false, 0.7, p));
    assertThat(NumericComparison.ofValues(constant, 0, new double[] {2, 2}, 0).constancy())
        .isEqualTo(new Comparison.Constancy(true, true, 0, 1));
  }

  @Test
  void valuesAtTheEndOfTheRangeGiveFiniteMetrics() {
    double[] reference = {-1e308, 0, 1e308, -0.0, Double.MIN_VALUE};
    double[] current = {1e308, 1.7e308, -1.7e308};
    Comparison comparison = NumericComparison.ofValues(reference, 0, current, 0);

    assertThat(comparison.metrics()).extracting(MetricValue::value).allMatch(Double::isFinite);
    assertThat(comparison.metrics()).extracting(MetricValue::errorBound).allMatch(Double::isFinite);
    assertThat(comparison.metric(Metrics.WASSERSTEIN)).isPresent();
    assertThat(comparison.metric(Metrics.WASSERSTEIN_NORMALIZED)).isEmpty();
  }

  @Test
  void aSideWithoutValuesIsNotTested() {
    double[] some = {1, 2, 3};
    Comparison none = NumericComparison.ofValues(some, 0, new double[0], 0);
    assertThat(none.metrics()).isEmpty();
    assertThat(none.driftTest()).isEmpty();
    Comparison missing = NumericComparison.ofValues(some, 0, new double[] {Double.NaN}, 2);
    assertThat(missing.driftTest()).isEmpty();
    assertThat(missing.metric(Metrics.JS_DISTANCE).orElseThrow().value())
        .isCloseTo(1, within(1e-12)); // rounding
  }

  @Test
  void statesOverDifferentAnchorsAreRefused() {
    NumericState one = state(Anchors.ofCuts(new double[] {1, 2}), 1);
    NumericState other = state(Anchors.ofCuts(new double[] {1, 3}), 1);
    assertThatThrownBy(() -> NumericComparison.of(one, other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("States over different baselines do not compare");
  }
}
