package dev.telltale.drift;

import dev.telltale.finding.Severity;
import java.util.OptionalDouble;

/**
 * One judged question.
 *
 * @param kind the question
 * @param status the answer
 * @param metric name of the effect that was held against {@code threshold}
 * @param value the effect, finite
 * @param pValue of the test that goes with it; empty if there was too little data
 * @param pValueAdjusted {@code pValue} corrected over the family
 * @param familySize tests in the family; 0 if there was too little data
 * @param threshold materiality threshold
 * @param because rule, value and threshold in one sentence
 */
public record Verdict(
    CheckKind kind,
    VerdictStatus status,
    String metric,
    double value,
    OptionalDouble pValue,
    OptionalDouble pValueAdjusted,
    int familySize,
    double threshold,
    String because) {

  /**
   * How much it matters: CRITICAL for a column that is stuck and from twice the threshold on,
   * otherwise WARNING; INFO unless the check fired.
   */
  public Severity severity() {
    if (status != VerdictStatus.DRIFT) {
      return Severity.INFO;
    }
    if (kind == CheckKind.STUCK) {
      return Severity.CRITICAL;
    }
    double size = Math.abs(value);
    boolean loss = kind == CheckKind.ROW_COUNT && size < 1;
    return Severity.of(loss ? 1 / Math.max(size, Double.MIN_NORMAL) : size, threshold);
  }
}
