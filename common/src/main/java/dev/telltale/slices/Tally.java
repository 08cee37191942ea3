package dev.telltale.slices;

import java.io.Serializable;

/**
 * Rows and their losses by the bins of up to three features. Merging is exact whatever the order.
 * Crosses to executors, hence a class.
 */
public final class Tally implements Serializable {
  private static final long serialVersionUID = 1L;

  /** A block is counted into small numbers, rows above and losses below these bits. */
  private static final int LOSS_BITS = 31;

  private static final long ONE_ROW = 1L << LOSS_BITS;
  private static final long LOSS_MASK = ONE_ROW - 1;

  private final int[] features;
  private final long[] rows;
  private final long[] losses;

  /**
   * An empty tally.
   *
   * @param features one to three indexes of features, ascending
   * @param bins bins of all features
   */
  public Tally(int[] features, int[] bins) {
    this.features = features;
    int cells = 1;
    for (int feature : features) {
      cells *= bins[feature];
    }
    this.rows = new long[cells];
    this.losses = new long[cells];
  }

  /** Number of cells. */
  public int cells() {
    return rows.length;
  }

  /**
   * Counts a block. O(rows).
   *
   * @param scratch zeros, at least {@link #cells}; zeros again afterwards
   */
  public void add(RowBlock rowBlock, int[] bins, long[] scratch) {
    count(rowBlock, bins, scratch);
    for (int cell = 0; cell < rows.length; cell++) {
      rows[cell] += scratch[cell] >>> LOSS_BITS;
      losses[cell] += scratch[cell] & LOSS_MASK;
      scratch[cell] = 0;
    }
  }

  private void count(RowBlock rowBlock, int[] bins, long[] block) {
    short[] loss = rowBlock.losses;
    byte[] first = rowBlock.codes[features[0]];
    if (features.length == 1) {
      for (int row = 0; row < loss.length; row++) {
        block[first[row]] += ONE_ROW + loss[row];
      }
      return;
    }
    byte[] second = rowBlock.codes[features[1]];
    int width = bins[features[1]];
    if (features.length == 2) {
      for (int row = 0; row < loss.length; row++) {
        block[first[row] * width + second[row]] += ONE_ROW + loss[row];
      }
      return;
    }
    byte[] third = rowBlock.codes[features[2]];
    int depth = bins[features[2]];
    for (int row = 0; row < loss.length; row++) {
      block[(first[row] * width + second[row]) * depth + third[row]] += ONE_ROW + loss[row];
    }
  }

  /** Adds what another tally of the same features counted. */
  public Tally merge(Tally other) {
    for (int cell = 0; cell < rows.length; cell++) {
      rows[cell] += other.rows[cell];
      losses[cell] += other.losses[cell];
    }
    return this;
  }

  /** The features. */
  public int[] features() {
    return features.clone();
  }

  /**
   * Rows and losses of every conjunction of one condition of each feature; by the first feature's
   * condition, then the second's, then the third's.
   *
   * @return rows, then losses
   */
  long[][] conjunctions(Feature[] all) {
    return new long[][] {collapse(rows, all), collapse(losses, all)};
  }

  /** Turns bins into conditions, one feature after the other. */
  private long[] collapse(long[] cells, Feature[] all) {
    long[] current = cells;
    int before = 1;
    int after = cells.length;
    for (int feature : features) {
      Feature here = all[feature];
      after /= here.bins();
      long[] next = new long[before * here.conditions() * after];
      for (int b = 0; b < before; b++) {
        for (int condition = 0; condition < here.conditions(); condition++) {
          int to = (b * here.conditions() + condition) * after;
          for (int bin = here.first(condition); bin <= here.last(condition); bin++) {
            int from = (b * here.bins() + bin) * after;
            for (int a = 0; a < after; a++) {
              next[to + a] += current[from + a];
            }
          }
        }
      }
      current = next;
      before *= here.conditions();
    }
    return current;
  }
}
