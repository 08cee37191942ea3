package dev.telltale.quality;

/**
 * Scores of two classes, counted by cells of equal score, ascending. Rows of one cell are ties.
 *
 * <p>Where every distinct score has its own cell, what is computed from the cells is what the rows
 * would give.
 */
public final class ScoreCells {
  private final double[] scores;
  private final double[] negatives;
  private final double[] positives;
  private final double[] squaredNegatives;
  private final double[] squaredPositives;
  private final boolean exact;

  /**
   * Cells from parallel arrays, which are not copied.
   *
   * @param scores score of each cell, ascending; of a cell of several scores their mean
   * @param negatives weight of the rows whose label is false
   * @param positives weight of the rows whose label is true
   * @param squaredNegatives sum of the squared weights of the former; the same array where nothing
   *     is weighted
   * @param squaredPositives sum of the squared weights of the latter
   * @param exact whether every cell holds one score
   */
  public ScoreCells(
      double[] scores,
      double[] negatives,
      double[] positives,
      double[] squaredNegatives,
      double[] squaredPositives,
      boolean exact) {
    this.scores = scores;
    this.negatives = negatives;
    this.positives = positives;
    this.squaredNegatives = squaredNegatives;
    this.squaredPositives = squaredPositives;
    this.exact = exact;
  }

  /** Number of cells. */
  public int size() {
    return scores.length;
  }

  /** Score of a cell. */
  public double score(int cell) {
    return scores[cell];
  }

  /** Weight of a cell's rows whose label is false. */
  public double negative(int cell) {
    return negatives[cell];
  }

  /** Weight of a cell's rows whose label is true. */
  public double positive(int cell) {
    return positives[cell];
  }

  /** Sum of the squared weights of a cell's rows whose label is false. */
  public double squaredNegative(int cell) {
    return squaredNegatives[cell];
  }

  /** Sum of the squared weights of a cell's rows whose label is true. */
  public double squaredPositive(int cell) {
    return squaredPositives[cell];
  }

  /** Whether every cell holds one score. */
  public boolean isExact() {
    return exact;
  }
}
