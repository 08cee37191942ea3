package dev.telltale.system;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A metric held against an objective, the window before or the version before.
 *
 * @param version version of the model; empty = all
 * @param metric the metric
 * @param comparedWith what it is held against
 * @param reference the objective, or the value there; empty where there is too little data
 * @param effect what is held against {@code threshold}: the value, a ratio or a difference; empty
 *     where there is too little data
 * @param threshold from here on it matters
 * @param pValue empty where there is no test: of ages and silences, and with too little data
 * @param pValueAdjusted corrected over the family
 * @param familySize tests of the window; 0 without a test
 * @param nReference what the reference rests on; 0 for an objective
 * @param status whether it fires
 * @param because rule, value, threshold, n and p in one sentence
 */
public record SystemVerdict(
    Optional<String> version,
    SystemMetric metric,
    ComparedWith comparedWith,
    OptionalDouble reference,
    OptionalDouble effect,
    double threshold,
    OptionalDouble pValue,
    OptionalDouble pValueAdjusted,
    int familySize,
    long nReference,
    Status status,
    String because) {
  /** What a metric is held against. */
  public enum ComparedWith {
    /** What the model file says. */
    OBJECTIVE,
    /** The window before. */
    CONSECUTIVE,
    /** The version before, in the same window. */
    PREVIOUS_VERSION
  }

  /** What was decided. */
  public enum Status {
    /** As it should be, or not surely otherwise. */
    OK,
    /** Worse, surely and by as much as matters. */
    DEGRADED,
    /** Nobody can say. */
    INSUFFICIENT_DATA
  }
}
