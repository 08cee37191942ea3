package dev.telltale.jobs.slices;

import dev.telltale.slices.RowBlock;
import java.io.Serializable;

/** Rows and losses of all that is searched. Crosses to executors, hence a class. */
final class SliceTotals implements Serializable {
  private static final long serialVersionUID = 1L;

  long rows;
  long losses;
  long squares;
  int largest;

  SliceTotals add(RowBlock block) {
    for (int row = 0; row < block.rows(); row++) {
      int loss = block.loss(row);
      rows++;
      losses += loss;
      squares += (long) loss * loss;
      largest = Math.max(largest, loss);
    }
    return this;
  }

  SliceTotals merge(SliceTotals other) {
    rows += other.rows;
    losses += other.losses;
    squares += other.squares;
    largest = Math.max(largest, other.largest);
    return this;
  }
}
