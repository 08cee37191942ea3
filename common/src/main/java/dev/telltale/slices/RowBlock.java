package dev.telltale.slices;

import java.io.Serializable;

/**
 * Some rows as bin codes and losses. Crosses to executors, hence a class.
 *
 * <p>Losses are whole numbers, so that sums do not depend on the order of rows: 0 or 1 for right
 * and wrong, else multiples of a unit.
 */
public final class RowBlock implements Serializable {
  /** Largest loss of a row; with it a block's sum stays below 2^31. */
  public static final int MAX_LOSS = 1 << 14;

  /** Most rows of a block. */
  public static final int MAX_ROWS = 1 << 16;

  private static final long serialVersionUID = 1L;

  final byte[][] codes;
  final short[] losses;

  /**
   * Arrays are not copied.
   *
   * @param codes by feature, then row: below the feature's bins
   * @param losses by row, 0 to {@link #MAX_LOSS}
   */
  public RowBlock(byte[][] codes, short[] losses) {
    this.codes = codes;
    this.losses = losses;
  }

  /** Loss of a row. */
  public int loss(int row) {
    return losses[row];
  }

  /** Number of rows. */
  public int rows() {
    return losses.length;
  }
}
