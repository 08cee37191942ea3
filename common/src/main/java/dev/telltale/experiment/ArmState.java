package dev.telltale.experiment;

import dev.telltale.bytes.StateBytes;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/**
 * The mergeable state of one arm, or of one arm's segment: its units, and the {@link CrossMoments}
 * of blocks of columns. A unit counts in a block if all of the block's values are finite; a block
 * per metric keeps one metric's missing values from taking units away from the others. Of each
 * block the unit that is farthest from zero is kept, for its influence. Not safe for concurrent
 * use.
 */
public final class ArmState {
  private static final byte KIND = 'G';

  /** How it was stored before largest units were kept. */
  private static final byte KIND_WITHOUT_LARGEST = 'E';

  private final CrossMoments[] blocks;
  private final long[] missing;
  private final long[] negative;

  /** Null where there are no units, or where there are and they were stored without. */
  private final double[][] largest;

  private long units;

  /**
   * A state of no units.
   *
   * @param widths columns of each block
   */
  public ArmState(int... widths) {
    blocks = Arrays.stream(widths).mapToObj(CrossMoments::new).toArray(CrossMoments[]::new);
    missing = new long[widths.length];
    negative = new long[widths.length];
    largest = new double[widths.length][];
  }

  /** Counts a unit, whatever its values. */
  public void addUnit() {
    units++;
  }

  /**
   * Adds a unit's values to a block.
   *
   * @param values as many as the block has columns; not finite where missing
   * @param denominator column that must not be negative, or {@link Estimand#NONE}
   */
  public void add(int block, double[] values, int denominator) {
    for (double value : values) {
      if (!Double.isFinite(value)) {
        missing[block]++;
        return;
      }
    }
    if (denominator != Estimand.NONE && values[denominator] < 0) {
      negative[block]++;
    }
    if (blocks[block].n() == 0 || (largest[block] != null && isLarger(values, largest[block]))) {
      largest[block] = values.clone();
    }
    blocks[block].add(values);
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
      mergeLargest(other, block);
      blocks[block].merge(other.blocks[block]);
      missing[block] += other.missing[block];
      negative[block] += other.negative[block];
    }
  }

  /** Before the moments are merged: they tell who has units. */
  private void mergeLargest(ArmState other, int block) {
    double[] theirs = other.largest[block];
    if (other.blocks[block].n() == 0) {
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

  /** What a comparison needs of a block's metric. */
  public Comparison.Side side(String name, int block) {
    return new Comparison.Side(name, blocks[block], missing[block], negative[block]);
  }

  /** Moments of the units that have all values of a block. */
  public CrossMoments moments(int block) {
    return blocks[block];
  }

  /**
   * Values of the unit of a block whose first value is farthest from zero; empty without units, and
   * where some were stored before this was kept.
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

  /** The stored form: of each block its counts, its moments, and its largest unit if known. */
  public byte[] toBytes() {
    return StateBytes.encode(
        KIND,
        out -> {
          StateBytes.writeCount(out, units);
          StateBytes.writeCount(out, blocks.length);
          for (int block = 0; block < blocks.length; block++) {
            StateBytes.writeCount(out, missing[block]);
            StateBytes.writeCount(out, negative[block]);
            byte[] moments = blocks[block].toBytes();
            StateBytes.writeCount(out, moments.length);
            out.write(moments);
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
          if (kind != KIND && kind != KIND_WITHOUT_LARGEST) {
            throw new IOException("It is of kind " + kind + ", no arm of an experiment");
          }
          long units = StateBytes.readCount(in);
          ArmState state = new ArmState(new int[StateBytes.readSize(in, 3)]);
          state.units = units;
          for (int block = 0; block < state.blocks.length; block++) {
            state.missing[block] = StateBytes.readCount(in);
            state.negative[block] = StateBytes.readCount(in);
            byte[] moments = new byte[StateBytes.readSize(in, 1)];
            in.readFully(moments);
            state.blocks[block] = CrossMoments.read(moments);
            if (kind == KIND && in.readBoolean()) {
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
