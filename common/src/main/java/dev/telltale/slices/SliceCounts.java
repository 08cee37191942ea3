package dev.telltale.slices;

import java.io.Serializable;
import java.util.List;

/**
 * What is counted of the strongest slices once they are known: among the rows that were searched,
 * how much each two share; among the rows that were held out, their losses. Merging is exact
 * whatever the order. Crosses to executors, hence a class.
 */
public final class SliceCounts implements Serializable {
  private static final long serialVersionUID = 1L;

  private final long[][] sharedRows;
  private final long[][] sharedLosses;
  private final long[] rows;
  private final long[] losses;
  private final long[] squares;
  private long allRows;
  private long allLosses;
  private long allSquares;

  /** Empty counts of so many slices. */
  public SliceCounts(int slices) {
    sharedRows = new long[slices][slices];
    sharedLosses = new long[slices][slices];
    rows = new long[slices];
    losses = new long[slices];
    squares = new long[slices];
  }

  /** Counts rows that were searched. O(rows × slices), and the square of those that share a row. */
  public SliceCounts addSearched(RowBlock block, List<Slice> slices, Feature[] features) {
    int[] members = new int[slices.size()];
    for (int row = 0; row < block.rows(); row++) {
      int size = 0;
      for (int i = 0; i < members.length; i++) {
        if (slices.get(i).contains(block, row, features)) {
          members[size++] = i;
        }
      }
      for (int a = 0; a < size; a++) {
        for (int b = 0; b < a; b++) {
          sharedRows[members[a]][members[b]]++;
          sharedLosses[members[a]][members[b]] += block.losses[row];
        }
      }
    }
    return this;
  }

  /** Counts rows that were held out. */
  public SliceCounts addHeldOut(RowBlock block, List<Slice> slices, Feature[] features) {
    for (int row = 0; row < block.rows(); row++) {
      long loss = block.losses[row];
      allRows++;
      allLosses += loss;
      allSquares += loss * loss;
      for (int i = 0; i < rows.length; i++) {
        if (slices.get(i).contains(block, row, features)) {
          rows[i]++;
          losses[i] += loss;
          squares[i] += loss * loss;
        }
      }
    }
    return this;
  }

  /** Adds what others counted of the same slices. */
  public SliceCounts merge(SliceCounts other) {
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < i; j++) {
        sharedRows[i][j] += other.sharedRows[i][j];
        sharedLosses[i][j] += other.sharedLosses[i][j];
      }
      rows[i] += other.rows[i];
      losses[i] += other.losses[i];
      squares[i] += other.squares[i];
    }
    allRows += other.allRows;
    allLosses += other.allLosses;
    allSquares += other.allSquares;
    return this;
  }

  long sharedRows(int i, int j) {
    return sharedRows[Math.max(i, j)][Math.min(i, j)];
  }

  long sharedLosses(int i, int j) {
    return sharedLosses[Math.max(i, j)][Math.min(i, j)];
  }

  /** What the held-out rows say of a slice. */
  public HeldOut heldOut(int slice) {
    return new HeldOut(
        rows[slice],
        losses[slice],
        squares[slice],
        allRows - rows[slice],
        allLosses - losses[slice],
        allSquares - squares[slice]);
  }
}
