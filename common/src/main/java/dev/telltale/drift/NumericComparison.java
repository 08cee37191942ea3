package dev.telltale.drift;

import dev.telltale.profile.NumericState;
import dev.telltale.stats.ExceedanceTest;
import dev.telltale.stats.KolmogorovSmirnovTest;
import dev.telltale.stats.Moments;
import dev.telltale.stats.ProportionTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * A numeric column against a reference.
 *
 * <p>From states, everything is counted on the baseline's cuts: exact where the baseline has at
 * most 1,024 different values, otherwise with the {@code errorBound} of the metric; rows with
 * weights are as many as they are worth. From raw values everything is exact.
 *
 * <p>Nulls and NaN are missing. Infinities are values of the Kolmogorov-Smirnov test and of the
 * outermost bins, not of the Wasserstein distance. Wasserstein distances too large for a double
 * saturate at its maximum.
 */
public final class NumericComparison {
  /** The exact distribution up to this n: beyond, it takes long and changes nothing. */
  private static final int EXACT_LIMIT_OF_MANY = 1000;

  private final Steps steps;
  private final long referenceMissing;
  private final long currentMissing;
  private final Bins bins;

  private NumericComparison(Steps steps, long referenceMissing, long currentMissing) {
    this.steps = steps;
    this.referenceMissing = referenceMissing;
    this.currentMissing = currentMissing;
    this.bins = NumericBins.of(steps, referenceMissing, currentMissing);
  }

  private Comparison comparison(
      double[] referenceRange, double[] currentRange, double referenceDeviation, int exactLimit) {
    List<MetricValue> metrics = metrics(referenceDeviation, exactLimit);
    return new Comparison(
        referenceRows(),
        currentRows(),
        referenceMissing,
        currentMissing,
        metrics,
        bins,
        driftTest(metrics),
        novelty(referenceRange),
        constancy(referenceRange, currentRange));
  }

  /**
   * Compares two states over the same anchors, one comparison of many.
   *
   * @throws IllegalArgumentException if the anchors differ
   */
  public static Comparison of(NumericState reference, NumericState current) {
    return of(reference, current, EXACT_LIMIT_OF_MANY);
  }

  /**
   * Compares two states over the same anchors.
   *
   * @param exactLimit larger samples than this get the asymptotic Kolmogorov-Smirnov test
   * @throws IllegalArgumentException if the anchors differ
   */
  public static Comparison of(NumericState reference, NumericState current, int exactLimit) {
    if (!reference.anchors().equals(current.anchors())) {
      throw new IllegalArgumentException("States over different baselines do not compare");
    }
    return new NumericComparison(
            new Steps(reference.anchors().cuts(), side(reference), side(current)),
            missing(reference),
            missing(current))
        .comparison(
            new double[] {reference.min(), reference.max()},
            new double[] {current.min(), current.max()},
            reference.moments().populationStandardDeviation(),
            exactLimit);
  }

  private static Steps.Side side(NumericState state) {
    Worth worth = new Worth(state);
    long[] counts =
        state.anchors().cutCount() == 0 ? new long[] {state.moments().count()} : state.counts();
    return new Steps.Side(
        worth.of(counts),
        worth.of(state.negativeInfinities()),
        worth.of(state.positiveInfinities()),
        worth.of(state.below()),
        worth.of(state.above()));
  }

  private static long missing(NumericState state) {
    return new Worth(state).of(state.nulls() + state.nans());
  }

  /**
   * Compares raw values.
   *
   * @param reference in any order; NaN is missing
   * @param referenceMissing nulls besides
   * @param current in any order; NaN is missing
   * @param currentMissing nulls besides
   */
  public static Comparison ofValues(
      double[] reference, long referenceMissing, double[] current, long currentMissing) {
    double[] finite = finiteSorted(reference);
    double[] finiteCurrent = finiteSorted(current);
    Steps steps =
        Steps.ofSorted(finite, finiteCurrent)
            .withInfinities(
                new long[] {
                  count(reference, Double.NEGATIVE_INFINITY),
                  count(current, Double.NEGATIVE_INFINITY)
                },
                new long[] {
                  count(reference, Double.POSITIVE_INFINITY),
                  count(current, Double.POSITIVE_INFINITY)
                });
    Moments moments = new Moments();
    moments.add(finite, 0, finite.length);
    return new NumericComparison(
            steps,
            referenceMissing + reference.length - steps.reference().values(),
            currentMissing + current.length - steps.current().values())
        .comparison(
            range(finite),
            range(finiteCurrent),
            moments.populationStandardDeviation(),
            KolmogorovSmirnovTest.EXACT_LIMIT);
  }

  private static double[] finiteSorted(double[] values) {
    return Arrays.stream(values).filter(Double::isFinite).sorted().toArray();
  }

  private static long count(double[] values, double wanted) {
    return Arrays.stream(values).filter(value -> value == wanted).count();
  }

  private static double[] range(double[] sorted) {
    return sorted.length == 0
        ? new double[] {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}
        : new double[] {sorted[0], sorted[sorted.length - 1]};
  }

  private List<MetricValue> metrics(double referenceDeviation, int exactLimit) {
    List<MetricValue> list = new ArrayList<>();
    if (referenceRows() == 0 || currentRows() == 0) {
      return list;
    }
    boolean counted = steps.positions() > 1;
    if (counted && referenceValues() > 0 && currentValues() > 0) {
      Steps.Bounded ks = steps.kolmogorovSmirnov();
      double p =
          KolmogorovSmirnovTest.pValue(
              Math.min(1, ks.value()), referenceValues(), currentValues(), exactLimit);
      list.add(
          new MetricValue(
              Metrics.KS, ks.value(), OptionalDouble.of(p), OptionalInt.empty(), ks.errorBound()));
    }
    if (counted && steps.reference().finite > 0 && steps.current().finite > 0) {
      Steps.Bounded distance = steps.wasserstein();
      list.add(MetricValue.bounded(Metrics.WASSERSTEIN, distance.value(), distance.errorBound()));
      if (referenceDeviation > 0 && Double.isFinite(referenceDeviation)) {
        list.add(
            MetricValue.bounded(
                Metrics.WASSERSTEIN_NORMALIZED,
                distance.value() / referenceDeviation,
                distance.errorBound() / referenceDeviation));
      }
    }
    list.addAll(Metrics.ofBins(bins.reference(), bins.current()));
    return List.copyOf(list);
  }

  /**
   * The Kolmogorov-Smirnov test of the values; where values are missing, together with the test of
   * the missing share, which is independent of it: the smaller p-value, corrected by Šidák for
   * being the smaller of two.
   */
  private Optional<Comparison.DriftTest> driftTest(List<MetricValue> metrics) {
    Optional<MetricValue> ks =
        metrics.stream().filter(metric -> metric.name().equals(Metrics.KS)).findFirst();
    if (ks.isEmpty()) {
      return Optional.empty();
    }
    double p = ks.get().pValue().orElseThrow();
    if (referenceMissing + currentMissing == 0) {
      return Optional.of(new Comparison.DriftTest(Metrics.KS, p, true));
    }
    double missing =
        ProportionTest.different(currentMissing, currentRows(), referenceMissing, referenceRows());
    double smaller = Math.min(p, missing);
    double combined = -Math.expm1(2 * Math.log1p(-smaller));
    return Optional.of(new Comparison.DriftTest("ks and missing share", combined, false));
  }

  private Comparison.Novelty novelty(double[] range) {
    long n = referenceValues();
    long m = currentValues();
    if (steps.reference().finite == 0 || m == 0) {
      return new Comparison.Novelty(CheckKind.OUT_OF_RANGE, 0, 1);
    }
    long outside = 0;
    if (steps.reference().negativeInfinities == 0) {
      outside += steps.current().negativeInfinities;
      outside += sum(0, steps.position(range[0]));
    }
    if (steps.reference().positiveInfinities == 0) {
      outside += steps.current().positiveInfinities;
      outside += sum(steps.position(range[1]) + 1, steps.positions());
    }
    return new Comparison.Novelty(
        CheckKind.OUT_OF_RANGE, (double) outside / m, ExceedanceTest.pValue(n, m, outside));
  }

  private long sum(int from, int to) {
    long sum = 0;
    for (int position = from; position < to; position++) {
      sum += steps.current().counts[position];
    }
    return sum;
  }

  private Comparison.Constancy constancy(double[] referenceRange, double[] currentRange) {
    boolean constant = constant(steps.reference(), referenceRange);
    boolean constantNow = constant(steps.current(), currentRange);
    if (constant == constantNow || referenceValues() == 0 || currentValues() == 0) {
      return new Comparison.Constancy(constant, constantNow, 0, 1);
    }
    double value = constant ? referenceRange[0] : currentRange[0];
    Steps.Side varying = constant ? steps.current() : steps.reference();
    long same = varying.counts[steps.position(value)];
    long n = constant ? referenceValues() : currentValues();
    long m = varying.values();
    double p = ProportionTest.greater(n, n, same, m);
    return new Comparison.Constancy(constant, constantNow, 1 - (double) same / m, p);
  }

  private static boolean constant(Steps.Side side, double[] range) {
    return side.finite > 0 && side.values() == side.finite && range[0] == range[1];
  }

  private long referenceRows() {
    return steps.reference().values() + referenceMissing;
  }

  private long currentRows() {
    return steps.current().values() + currentMissing;
  }

  private long referenceValues() {
    return steps.reference().values();
  }

  private long currentValues() {
    return steps.current().values();
  }
}
