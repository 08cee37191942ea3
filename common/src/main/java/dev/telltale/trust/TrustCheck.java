package dev.telltale.trust;

import java.time.LocalDate;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What one check found.
 *
 * @param check name of the check
 * @param metric metric it is about; empty = the experiment
 * @param variant variant it is about; empty = all
 * @param segmentKey segment it is about
 * @param segmentValue the segment's value that stands out most
 * @param day day that stands out most
 * @param statistic finite, what it is says the check; 0 where nothing could be computed
 * @param pValue 0 to 1; empty if the check is no test, or had too little data
 * @param pValueAdjusted the same, corrected for all tests of the check; empty likewise
 * @param status what follows
 * @param because the reason in a sentence
 */
public record TrustCheck(
    String check,
    Optional<String> metric,
    Optional<String> variant,
    Optional<String> segmentKey,
    Optional<String> segmentValue,
    Optional<LocalDate> day,
    double statistic,
    OptionalDouble pValue,
    OptionalDouble pValueAdjusted,
    Status status,
    String because) {
  /** What follows from a check. */
  public enum Status {
    /** Nothing stands out. */
    OK,
    /** Look into it before the result is used. */
    WARNING,
    /** No result of the experiment may be believed. */
    INVALID,
    /** Too little data to ask. */
    INSUFFICIENT_DATA
  }

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if the statistic is not finite, or a p-value is none
   */
  public TrustCheck {
    if (!Double.isFinite(statistic)) {
      throw new IllegalArgumentException(check + " has the statistic " + statistic);
    }
    requireProbability(check, pValue);
    requireProbability(check, pValueAdjusted);
  }

  private static void requireProbability(String check, OptionalDouble value) {
    if (value.isPresent() && !(value.getAsDouble() >= 0 && value.getAsDouble() <= 1)) {
      throw new IllegalArgumentException(check + " has the p-value " + value.getAsDouble());
    }
  }

  /** A finding about the experiment as a whole, by no test. */
  static TrustCheck of(String check, double statistic, Status status, String because) {
    return new TrustCheck(
        check,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        statistic,
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        status,
        because);
  }

  static TrustCheck insufficient(String check, String because) {
    return of(check, 0, Status.INSUFFICIENT_DATA, because);
  }

  TrustCheck ofMetric(String name, String compared) {
    return new TrustCheck(
        check,
        Optional.of(name),
        Optional.of(compared),
        segmentKey,
        segmentValue,
        day,
        statistic,
        pValue,
        pValueAdjusted,
        status,
        because);
  }

  TrustCheck ofVariant(String name) {
    return new TrustCheck(
        check,
        metric,
        Optional.of(name),
        segmentKey,
        segmentValue,
        day,
        statistic,
        pValue,
        pValueAdjusted,
        status,
        because);
  }

  TrustCheck ofSegment(String key, Optional<String> value) {
    return new TrustCheck(
        check,
        metric,
        variant,
        Optional.of(key),
        value,
        day,
        statistic,
        pValue,
        pValueAdjusted,
        status,
        because);
  }

  TrustCheck on(LocalDate date) {
    return new TrustCheck(
        check,
        metric,
        variant,
        segmentKey,
        segmentValue,
        Optional.of(date),
        statistic,
        pValue,
        pValueAdjusted,
        status,
        because);
  }

  TrustCheck tested(double p, double adjusted) {
    return new TrustCheck(
        check,
        metric,
        variant,
        segmentKey,
        segmentValue,
        day,
        statistic,
        OptionalDouble.of(p),
        OptionalDouble.of(adjusted),
        status,
        because);
  }
}
