package dev.telltale.experiment;

import dev.telltale.bytes.StateBytes;
import java.io.IOException;
import java.util.Arrays;

/**
 * The mergeable state of the rows of one arm whose rows are clustered in units: any quantile of the
 * rows with a standard error over the units. Not safe for concurrent use.
 *
 * <p>Rows are counted in logarithmic bins, see {@link #bin}. With C the rows of a unit at or below
 * the upper edge of a bin and N all its rows, the sums over units of C, C² and C N are exact at
 * every edge: of a unit only the steps are added, in the bins that it has rows in, so that adding a
 * unit costs as much as it has bins, and merging adds, in any order to the same bytes.
 *
 * <p>The sums are whole numbers below 2<sup>63</sup>, none of them above the sum of N²: room for a
 * million units of three million rows each.
 */
public final class QuantileState {
  /**
   * Width of a bin as a share of its smaller edge: how far a quantile may be off at most, its own
   * value and rounding aside. Where the rows are spread within a bin interpolation leaves far less.
   */
  public static final double BIN_WIDTH = 0.005;

  private static final byte KIND = 'H';
  private static final double LOG_WIDTH = StrictMath.log1p(BIN_WIDTH);

  /** The bin that ends at 1; smaller values than the smallest double's take none. */
  private static final int ONE = 149_300;

  private static final int LAST = bin(Double.MAX_VALUE);
  private static final int EMPTY = Integer.MIN_VALUE;

  /** Steps of a bin: of the sums of C, of C² and of C N. */
  private static final int STEPS = 3;

  private static final int FIRST_CAPACITY = 16;

  /** An open hash table: the bin at a place, and its steps at three times that place. */
  private int[] bins = empty(FIRST_CAPACITY);

  private long[] steps = new long[STEPS * FIRST_CAPACITY];
  private int used;
  private long units;
  private long rows;
  private long squares;

  /**
   * The bin of a value. Bins of greater values have greater numbers; zero has the bin 0. Positive
   * bins are (e, (1 + {@link #BIN_WIDTH}) e], negative ones their mirror images. On every machine
   * it is the same.
   *
   * @throws IllegalArgumentException if the value is not finite
   */
  public static int bin(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("a value of " + value + " has no bin");
    }
    if (value == 0) {
      return 0;
    }
    int place = ONE + (int) Math.ceil(StrictMath.log(Math.abs(value)) / LOG_WIDTH);
    return value > 0 ? place : -place;
  }

  /**
   * A value of a bin from which all others of it, but those below the smallest normal double, are
   * away by at most 0.25 % of their own.
   *
   * @throws IllegalArgumentException if no value has the bin
   */
  public static double value(int bin) {
    requireBin(bin);
    return Math.signum(bin) * edge(Math.abs(bin)) / (1 + BIN_WIDTH / 2);
  }

  /** The greater end of a positive bin. */
  private static double edge(int place) {
    return Math.min(Double.MAX_VALUE, StrictMath.exp((place - ONE) * LOG_WIDTH));
  }

  static double low(int bin) {
    return bin > 0 ? edge(bin - 1) : bin < 0 ? -edge(-bin) : 0;
  }

  static double high(int bin) {
    return bin > 0 ? edge(bin) : bin < 0 ? -edge(-bin - 1) : 0;
  }

  private static void requireBin(int bin) {
    if (bin < -LAST || bin > LAST) {
      throw new IllegalArgumentException("no value has the bin " + bin);
    }
  }

  /**
   * Adds a unit.
   *
   * @param bins of its rows, ascending, each once; see {@link #bin}
   * @param counts rows in each, at least 1
   * @param length how many of both are the unit's, at least 1
   * @throws IllegalArgumentException if they are not so; the state keeps its value
   * @throws ArithmeticException if the sums would no longer be exact; the state keeps its value
   */
  public void add(int[] bins, long[] counts, int length) {
    if (length < 1) {
      throw new IllegalArgumentException("a unit without rows");
    }
    long total = 0;
    for (int i = 0; i < length; i++) {
      requireBin(bins[i]);
      if (counts[i] < 1 || (i > 0 && bins[i] <= bins[i - 1])) {
        throw new IllegalArgumentException(
            "bin " + bins[i] + " with " + counts[i] + " rows is not ascending with a row each");
      }
      total = Math.addExact(total, counts[i]);
    }
    squares = Math.addExact(squares, Math.multiplyExact(total, total));
    long below = 0;
    for (int i = 0; i < length; i++) {
      long upTo = below + counts[i];
      step(bins[i], counts[i], upTo * upTo - below * below, counts[i] * total);
      below = upTo;
    }
    rows += total;
    units++;
  }

  /**
   * Adds the units of another state, which keeps its value.
   *
   * @throws ArithmeticException if the sums would no longer be exact; the state keeps its value
   */
  public void merge(QuantileState other) {
    squares = Math.addExact(squares, other.squares);
    int[] theirBins = other.bins;
    long[] theirSteps = other.steps;
    for (int place = 0, at = 0; place < theirBins.length; place++, at += STEPS) {
      if (theirBins[place] != EMPTY) {
        step(theirBins[place], theirSteps[at], theirSteps[at + 1], theirSteps[at + 2]);
      }
    }
    rows += other.rows;
    units += other.units;
  }

  private void step(int bin, long count, long square, long product) {
    if (2 * used >= bins.length) {
      grow();
    }
    int place = place(bins, bin);
    if (bins[place] == EMPTY) {
      bins[place] = bin;
      used++;
    }
    int at = STEPS * place;
    steps[at] += count;
    steps[at + 1] += square;
    steps[at + 2] += product;
  }

  private void grow() {
    int[] wider = empty(2 * bins.length);
    long[] moved = new long[STEPS * wider.length];
    for (int place = 0; place < bins.length; place++) {
      if (bins[place] != EMPTY) {
        int to = place(wider, bins[place]);
        wider[to] = bins[place];
        System.arraycopy(steps, STEPS * place, moved, STEPS * to, STEPS);
      }
    }
    bins = wider;
    steps = moved;
  }

  /** Where a bin is, or would be. */
  private static int place(int[] bins, int bin) {
    int mask = bins.length - 1;
    int hash = bin * 0x9E3779B9;
    int place = (hash ^ (hash >>> 16)) & mask;
    while (bins[place] != EMPTY && bins[place] != bin) {
      place = (place + 1) & mask;
    }
    return place;
  }

  private static int[] empty(int capacity) {
    int[] bins = new int[capacity];
    Arrays.fill(bins, EMPTY);
    return bins;
  }

  /** Units. */
  public long units() {
    return units;
  }

  /** Rows of all units. */
  public long rows() {
    return rows;
  }

  /** Bins with rows, ascending. */
  int[] usedBins() {
    return Arrays.stream(bins).filter(bin -> bin != EMPTY).sorted().toArray();
  }

  /** The sums over units of C, C² and C N at the upper edge of each used bin, in this order. */
  long[][] sums(int[] usedBins) {
    long[][] sums = new long[STEPS][usedBins.length];
    long[] running = new long[STEPS];
    for (int i = 0; i < usedBins.length; i++) {
      int at = STEPS * place(bins, usedBins[i]);
      for (int sum = 0; sum < STEPS; sum++) {
        running[sum] += steps[at + sum];
        sums[sum][i] = running[sum];
      }
    }
    return sums;
  }

  /** Sum over units of N². */
  long squares() {
    return squares;
  }

  /**
   * A quantile of the rows of all units, with its standard error over units.
   *
   * @param quantile above 0, below 1
   */
  public QuantileEstimate estimate(double quantile) {
    if (!(quantile > 0 && quantile < 1)) {
      throw new IllegalArgumentException("a quantile of " + quantile + ", must be in 0 to 1");
    }
    return new ShareCurve(this).estimate(quantile);
  }

  /** The stored form. */
  public byte[] toBytes() {
    int[] sorted = usedBins();
    return StateBytes.encode(
        KIND,
        out -> {
          StateBytes.writeCount(out, units);
          StateBytes.writeCount(out, sorted.length);
          int last = -LAST - 1;
          for (int bin : sorted) {
            StateBytes.writeCount(out, bin - last);
            int at = STEPS * place(bins, bin);
            for (int sum = 0; sum < STEPS; sum++) {
              StateBytes.writeCount(out, steps[at + sum]);
            }
            last = bin;
          }
        });
  }

  /**
   * Reads what {@link #toBytes} wrote.
   *
   * @throws dev.telltale.error.TelltaleException if the bytes are no such state
   */
  public static QuantileState read(byte[] bytes) {
    return StateBytes.decode(
        bytes,
        (kind, in) -> {
          if (kind != KIND) {
            throw new IOException("It is of kind " + kind + ", no rows of an arm in bins");
          }
          QuantileState state = new QuantileState();
          state.units = StateBytes.readCount(in);
          int size = StateBytes.readSize(in, 1 + STEPS);
          long products = 0;
          long bin = -LAST - 1L;
          for (int i = 0; i < size; i++) {
            long gap = StateBytes.readCount(in);
            if (gap < 1 || gap > LAST - bin) {
              throw new IOException("A bin in it is not above the last one, or has no value");
            }
            bin += gap;
            long[] read = new long[STEPS];
            for (int sum = 0; sum < STEPS; sum++) {
              read[sum] = StateBytes.readCount(in);
            }
            if (read[0] == 0) {
              throw new IOException("A bin in it has no rows");
            }
            state.step((int) bin, read[0], read[1], read[2]);
            state.rows = Math.addExact(state.rows, read[0]);
            state.squares = Math.addExact(state.squares, read[1]);
            products = Math.addExact(products, read[2]);
          }
          // All rows of a unit are at or below the last edge.
          if (products != state.squares
              || state.rows < state.units
              || (state.units == 0 && size > 0)) {
            throw new IOException("Its sums do not fit each other");
          }
          return state;
        });
  }
}
