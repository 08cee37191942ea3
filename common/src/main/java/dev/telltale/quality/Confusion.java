package dev.telltale.quality;

/**
 * Predictions of two classes against the truth.
 *
 * @param truePositive predicted and true
 * @param falsePositive predicted and not true
 * @param falseNegative true and not predicted
 * @param trueNegative neither
 */
public record Confusion(
    Mass truePositive, Mass falsePositive, Mass falseNegative, Mass trueNegative) {
  /** All rows. */
  public Mass all() {
    return truePositive.plus(falsePositive).plus(falseNegative).plus(trueNegative);
  }

  /** Rows that are true. */
  public Mass positive() {
    return truePositive.plus(falseNegative);
  }

  /** Rows that are predicted. */
  public Mass predicted() {
    return truePositive.plus(falsePositive);
  }
}
