package dev.telltale.slices;

import dev.telltale.stats.ProportionTest;
import dev.telltale.stats.StandardNormal;

/**
 * Rows that had no part in the search, inside a slice and elsewhere.
 *
 * @param rows rows in the slice
 * @param losses their losses, in units
 * @param squares their squared losses
 * @param otherRows rows elsewhere
 * @param otherLosses their losses
 * @param otherSquares their squared losses
 */
public record HeldOut(
    long rows, long losses, long squares, long otherRows, long otherLosses, long otherSquares) {
  /** Mean loss in the slice, in units; NaN without rows. */
  public double mean() {
    return (double) losses / rows;
  }

  /** Mean loss elsewhere. */
  public double otherMean() {
    return (double) otherLosses / otherRows;
  }

  /** Loss that the slice has beyond what as many rows elsewhere have: excess loss times size. */
  public double excess() {
    return losses - otherMean() * rows;
  }

  /** Standard error of the difference between the means. */
  public double stdError() {
    return Math.sqrt(
        variance(rows, losses, squares) / rows
            + variance(otherRows, otherLosses, otherSquares) / otherRows);
  }

  private static double variance(long rows, long losses, long squares) {
    double mean = (double) losses / rows;
    return Math.max(0, (squares - mean * losses) / Math.max(1, rows - 1));
  }

  /**
   * P-value, one-sided, of a larger loss in the slice than elsewhere; 1 if either is empty.
   *
   * @param isWrong whether a loss is 0 or 1, so that it is a proportion; else Welch's statistic
   *     with the normal distribution
   */
  public double pValue(boolean isWrong) {
    if (rows == 0 || otherRows == 0) {
      return 1;
    }
    if (isWrong) {
      return ProportionTest.greater(losses, rows, otherLosses, otherRows);
    }
    double error = stdError();
    return error > 0 ? StandardNormal.upperTail((mean() - otherMean()) / error) : 1;
  }
}
