package dev.telltale.drift;

import java.util.List;
import java.util.Optional;

/**
 * A column's distribution in a window against the one in a reference. Made by {@link
 * NumericComparison} and {@link CategoricalComparison}; holds what was found, not the data, so that
 * thousands of them fit in a small heap.
 *
 * @param referenceRows rows of the reference, missing ones included
 * @param currentRows rows of the window, missing ones included
 * @param referenceMissing rows of the reference with null or NaN
 * @param currentMissing rows of the window with null or NaN
 * @param metrics the metrics that are defined, in the order of {@link Metrics#ALL}: none if a side
 *     has no rows; those of values only need values on both sides
 * @param bins the bins of the distances, for drawing; categories beyond the most frequent are one
 * @param driftTest the test that decides about {@link CheckKind#DRIFT}; empty if a side has no
 *     values
 * @param novelty values that the reference does not have
 * @param constancy whether a column stopped or began to vary
 */
public record Comparison(
    long referenceRows,
    long currentRows,
    long referenceMissing,
    long currentMissing,
    List<MetricValue> metrics,
    Bins bins,
    Optional<DriftTest> driftTest,
    Novelty novelty,
    Constancy constancy) {
  /** Copies the list. */
  public Comparison {
    metrics = List.copyOf(metrics);
  }

  /** Rows of the reference with a value: the n of its tests. */
  public long referenceValues() {
    return referenceRows - referenceMissing;
  }

  /** Rows of the window with a value: the n of its tests. */
  public long currentValues() {
    return currentRows - currentMissing;
  }

  /** The metric of this name, where it is defined. */
  public Optional<MetricValue> metric(String name) {
    return metrics.stream().filter(metric -> metric.name().equals(name)).findFirst();
  }

  /**
   * The test that decides.
   *
   * @param name for the reader: {@code ks}, {@code chi_squared}, or what was combined
   * @param pValue 0 to 1
   * @param metric whether this is the p-value of the metric called {@code name}
   */
  public record DriftTest(String name, double pValue, boolean metric) {}

  /**
   * Values outside what the reference has.
   *
   * @param kind NEW_CATEGORY or OUT_OF_RANGE
   * @param share of the window's values, less what the reference has of them, 0 to 1
   * @param pValue of so many by chance, one-sided; 1 without any
   */
  public record Novelty(CheckKind kind, double share, double pValue) {}

  /**
   * Whether the values, missing ones aside, are all the same.
   *
   * @param reference whether those of the reference are
   * @param current whether those of the window are
   * @param share of the varying side's values that differ from the other side's only value; 0
   *     unless exactly one side is constant
   * @param pValue of a constant side if both have the same distribution; 1 unless exactly one is
   */
  public record Constancy(boolean reference, boolean current, double share, double pValue) {
    static final Constancy NONE = new Constancy(false, false, 0, 1);
  }
}
