package dev.telltale.sampling;

/**
 * Inclusion weights as whole numbers, so that a row can be counted as often as it stands for: the
 * next lower or the next higher one, at random in the proportion that keeps its expectation. What
 * this adds to the variance is at most a quarter of a row's, nothing beside that of the weight.
 */
public final class WholeWeight {
  /** Above this no number is a weight. */
  public static final double MAX = 1e12;

  private WholeWeight() {}

  /** Whether this is the weight of a row: positive and at most 1e12. */
  public static boolean isWeight(double weight) {
    return weight > 0 && weight <= MAX;
  }

  /**
   * The whole number, of expectation {@code weight}.
   *
   * @param weight a weight
   * @param hash of the row's id, evenly distributed: the same row always counts the same
   */
  public static long of(double weight, long hash) {
    long lower = (long) weight;
    double uniform = Math.scalb((double) ((hash * 0x9E3779B97F4A7C15L) >>> 11), -53);
    return uniform < weight - lower ? lower + 1 : lower;
  }
}
