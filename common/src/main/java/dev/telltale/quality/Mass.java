package dev.telltale.quality;

/**
 * Weighted rows: what a proportion and its error need to know of them.
 *
 * @param rows number of rows
 * @param weight sum of their weights; {@code rows} where nothing is weighted
 * @param squaredWeight sum of their squared weights
 */
public record Mass(long rows, double weight, double squaredWeight) {
  /** No rows. */
  public static final Mass NONE = new Mass(0, 0, 0);

  /** Rows of weight one. */
  public static Mass of(long rows) {
    return new Mass(rows, (double) rows, (double) rows);
  }

  /** Both together. */
  public Mass plus(Mass other) {
    return new Mass(rows + other.rows, weight + other.weight, squaredWeight + other.squaredWeight);
  }

  /**
   * Kish's effective number of rows, (Σw)²/Σw²: the unweighted rows that would be as informative.
   * Kish, Survey Sampling (1965), section 11.7. 0 without weight.
   */
  public double effectiveRows() {
    return squaredWeight == 0 ? 0 : weight * weight / squaredWeight;
  }
}
