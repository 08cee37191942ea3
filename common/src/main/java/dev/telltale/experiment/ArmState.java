package dev.telltale.experiment;

import dev.telltale.bytes.StateBytes;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/**
 * The mergeable state of one arm, or of one arm's segment: its units, and by block the {@link
 * CrossMoments} of columns or the {@link QuantileState} of rows. A unit counts in a block of
 * columns if all of the block's values are finite, and in one of rows if it has any; a block per
 * metric keeps one metric's missing values from taking units away from the others. Of each block of
 * columns the unit that is farthest from zero is kept, for its influence. Not safe for concurrent
 * use.
 */
public final class ArmState {
  /** Width of a block of rows, of which there are quantiles. */
  public static final int QUANTILE = 0;

  private static final byte KIND = 'I';

  /** How it was stored before there were blocks of rows. */
  private static final byte KIND_OF_COLUMNS = 'G';

  /** How it was stored before largest units were kept. */
  private static final byte KIND_WITHOUT_LARGEST = 'E';

  /** Null where the block is of rows. */
  private final CrossMoments[] blocks;

  /** Null where the block is of columns. */
  private final QuantileState[] quantiles;

  private final long[] missing;
  private final long[] negative;

  /** Null where there are no units, or where there are and they were stored without. */
  private final double[][] largest;

  private long units;

  /**
   * A state of no units.
   *
   * @param widths columns of each block, or {@link #QUANTILE}
   */
  public ArmState(int... widths) {
    blocks = new CrossMoments[widths.length];
    quantiles = new QuantileState[widths.length];
    for (int block = 0; block < widths.length; block++) {
      if (widths[block] == QUANTILE) {
        quantiles[block] = new QuantileState();
      } else {
        blocks[block] = new CrossMoments(widths[block]);
      }
    }
    missing = new long[widths.length];
    negative = new long[widths.length];
    largest = new double[widths.length][];
  }

  /** Counts a unit, whatever its values. */
  public void addUnit() {
    units++;
  }

  /**
   * Adds a unit's values to a block of columns.
   *
   * @param values as many as the block has columns; not finite where missing
   * @param denominator column that must not be negative, or {@link Estimand#NONE}
   */
  public void add(int block, double[] values, int denominator) {
    CrossMoments moments = moments(block);
    for (double value : values) {
      if (!Double.isFinite(value)) {
        missing[block]++;
        return;
      }
    }
    if (denominator != Estimand.NONE && values[denominator] < 0) {
      negative[block]++;
    }
    if (moments.n() == 0 || (largest[block] != null && isLarger(values, largest[block]))) {
      largest[block] = values.clone();
    }
    moments.add(values);
  }

  /**
   * Adds a unit's rows to a block of rows; the unit lacks the metric if there are none.
   *
   * @param bins see {@link QuantileState#bin}; ascending, each once
   * @param counts rows in each, at least 1
   * @param length how many of both are the unit's
   * @throws ArithmeticException if the sums would no longer be exact
   */
  public void add(int block, int[] bins, long[] counts, int length) {
    if (length == 0) {
      missing[block]++;
    } else {
      quantiles(block).add(bins, counts, length);
    }
  }

  /** By the size of the first value; the others decide between equals, in whatever order. */
  private static boolean isLarger(double[] values, double[] others) {
    if (values.length == 0) {
      return false;
    }
    int order = Double.compare(Math.abs(values[0]), Math.abs(others[0]));
    return order == 0 ? Arrays.compare(values, others) > 0 : order > 0;
  }

  /** Adds the units of another state of the same blocks, which keeps its value. */
  public void merge(ArmState other) {
    units += other.units;
    for (int block = 0; block < blocks.length; block++) {
      if (quantiles[block] != null) {
        quantiles[block].merge(other.quantiles(block));
      } else {
        mergeLargest(other, block);
        blocks[block].merge(other.moments(block));
      }
      missing[block] += other.missing[block];
      negative[block] += other.negative[block];
    }
  }

  /** Before the moments are merged: they tell who has units. */
  private void mergeLargest(ArmState other, int block) {
    double[] theirs = other.largest[block];
    if (other.moments(block).n() == 0) {
      return;
    }
    if (blocks[block].n() == 0) {
      largest[block] = theirs;
    } else if (theirs == null) {
      largest[block] = null;
    } else if (largest[block] != null && isLarger(theirs, largest[block])) {
      largest[block] = theirs;
    }
  }

  /** Units, those with missing values too. */
  public long units() {
    return units;
  }

  /** What a comparison needs of the metric of a block of columns. */
  public Comparison.Side side(String name, int block) {
    return new Comparison.Side(name, moments(block), missing[block], negative[block]);
  }

  /**
   * The same of a quantile of a block of rows: {@link QuantileEstimate#moments}, of one column.
   *
   * @param quantile above 0, below 1
   */
  public Comparison.Side side(String name, int block, double quantile) {
    QuantileEstimate estimate = quantiles(block).estimate(quantile);
    return new Comparison.Side(
        name, estimate.moments(), missing[block], 0, estimate.insufficient());
  }

  /**
   * Moments of the units that have all values of a block of columns.
   *
   * @throws IllegalArgumentException if the block is of rows
   */
  public CrossMoments moments(int block) {
    if (blocks[block] == null) {
      throw new IllegalArgumentException("block " + block + " is of rows and has no moments");
    }
    return blocks[block];
  }

  /**
   * Rows of the units of a block of rows.
   *
   * @throws IllegalArgumentException if the block is of columns
   */
  public QuantileState quantiles(int block) {
    if (quantiles[block] == null) {
      throw new IllegalArgumentException("block " + block + " is of columns and has no quantiles");
    }
    return quantiles[block];
  }

  /** Whether a block is of rows. */
  public boolean isQuantile(int block) {
    return quantiles[block] != null;
  }

  /** Units that count in a block. */
  public long counted(int block) {
    return isQuantile(block) ? quantiles[block].units() : blocks[block].n();
  }

  /**
   * Values of the unit of a block whose first value is farthest from zero; empty without units, of
   * rows, and where some were stored before this was kept.
   */
  public Optional<double[]> largest(int block) {
    return Optional.ofNullable(largest[block]).map(double[]::clone);
  }

  /** Units that lack a value of a block. */
  public long missing(int block) {
    return missing[block];
  }

  /** Units of a block whose denominator is negative. */
  public long negativeDenominators(int block) {
    return negative[block];
  }

  /** The stored form: of each block its counts, and its rows or its moments and largest unit. */
  public byte[] toBytes() {
    return StateBytes.encode(
        KIND,
        out -> {
          StateBytes.writeCount(out, units);
          StateBytes.writeCount(out, blocks.length);
          for (int block = 0; block < blocks.length; block++) {
            StateBytes.writeCount(out, missing[block]);
            StateBytes.writeCount(out, negative[block]);
            out.writeBoolean(isQuantile(block));
            byte[] own = isQuantile(block) ? quantiles[block].toBytes() : blocks[block].toBytes();
            StateBytes.writeCount(out, own.length);
            out.write(own);
            if (isQuantile(block)) {
              continue;
            }
            out.writeBoolean(largest[block] != null);
            for (int i = 0; largest[block] != null && i < largest[block].length; i++) {
              out.writeDouble(largest[block][i]);
            }
          }
        });
  }

  /**
   * Reads what {@link #toBytes} wrote.
   *
   * @throws dev.telltale.error.TelltaleException if the bytes are no such state
   */
  public static ArmState read(byte[] bytes) {
    return StateBytes.decode(
        bytes,
        (kind, in) -> {
          if (kind != KIND && kind != KIND_OF_COLUMNS && kind != KIND_WITHOUT_LARGEST) {
            throw new IOException("It is of kind " + kind + ", no arm of an experiment");
          }
          long units = StateBytes.readCount(in);
          ArmState state = new ArmState(new int[StateBytes.readSize(in, 3)]);
          state.units = units;
          for (int block = 0; block < state.blocks.length; block++) {
            state.missing[block] = StateBytes.readCount(in);
            state.negative[block] = StateBytes.readCount(in);
            boolean isQuantile = kind == KIND && in.readBoolean();
            byte[] own = new byte[StateBytes.readSize(in, 1)];
            in.readFully(own);
            if (isQuantile) {
              state.quantiles[block] = QuantileState.read(own);
              continue;
            }
            state.quantiles[block] = null;
            state.blocks[block] = CrossMoments.read(own);
            if (kind != KIND_WITHOUT_LARGEST && in.readBoolean()) {
              state.largest[block] = new double[state.blocks[block].columns()];
              for (int i = 0; i < state.largest[block].length; i++) {
                state.largest[block][i] = in.readDouble();
              }
            }
          }
          return state;
        });
  }
}
