package dev.telltale.drift;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * One row of a result: a metric, with the verdict if it decided one.
 *
 * @param name one of {@link Metrics}, or the effect of another check such as {@code
 *     missing_share_change}
 * @param value finite
 * @param pValue of a metric that is a test, or of the check whose effect this is; the deciding test
 *     of a distance is in its verdict
 * @param pValueAdjusted {@code pValue} corrected over the family; empty without one, and where
 *     there was too little data
 * @param familySize tests in the family; empty without an adjusted p-value
 * @param degreesOfFreedom of a chi-squared statistic
 * @param errorBound the value of the raw data is within this of {@code value}; 0 = exact
 * @param verdict what the metric decided
 */
public record JudgedMetric(
    String name,
    double value,
    OptionalDouble pValue,
    OptionalDouble pValueAdjusted,
    OptionalInt familySize,
    OptionalInt degreesOfFreedom,
    double errorBound,
    Optional<Verdict> verdict) {

  /** Materiality threshold, where the metric decides. */
  public OptionalDouble threshold() {
    return verdict.isPresent()
        ? OptionalDouble.of(verdict.get().threshold())
        : OptionalDouble.empty();
  }

  /** The decision, where the metric decides. */
  public Optional<VerdictStatus> status() {
    return verdict.map(Verdict::status);
  }

  /** The reason, where the metric decides. */
  public Optional<String> because() {
    return verdict.map(Verdict::because);
  }
}
