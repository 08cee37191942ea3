package dev.telltale.quality;

import dev.telltale.bytes.StateBytes;
import dev.telltale.stats.ExactSum;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * Scores in 0 to 1, counted by score, predicted class and label, in any order with the same result.
 *
 * <p>Up to a stated number of distinct scores every score has its own cell. Beyond, scores share
 * cells of a fixed grid, {@value #CELLS_PER_OCTAVE} for each halving of the score and, above one
 * half, of its distance from 1; below {@value #LEAST} the cells are no finer. Whether the grid is
 * used depends on the scores alone, not on how they were divided before merging. Not safe for
 * concurrent use.
 */
final class ScoreHistogram {
  /** Cells for each halving. */
  static final int CELLS_PER_OCTAVE = 256;

  /** Scores below share the cells of this one. */
  static final double LEAST = 0x1p-30;

  /** Slots of a cell: label false, true, unknown; each predicted false, then true. */
  private static final int SLOTS = 6;

  private static final int UNKNOWN = 2;
  private static final int FIRST_CAPACITY = 64;
  private static final int MANTISSA_BITS = 52;
  private static final int DROPPED_BITS =
      MANTISSA_BITS - Integer.numberOfTrailingZeros(CELLS_PER_OCTAVE);
  private static final long HALF = Double.doubleToRawLongBits(0.5);
  private static final long LEAST_KEY = Double.doubleToRawLongBits(LEAST);
  private static final long EMPTY = Long.MIN_VALUE;

  private final int exactScores;
  private boolean coarse;
  private int size;
  private long[] keys;
  private long[] counts;

  /** Weights other than one: Σw then Σw² of each slot that has any; or null. */
  private ExactSum[] weights;

  ScoreHistogram(int exactScores) {
    this.exactScores = exactScores;
    allocate(FIRST_CAPACITY);
  }

  private void allocate(int capacity) {
    keys = new long[capacity];
    Arrays.fill(keys, EMPTY);
    counts = new long[capacity * SLOTS];
    weights = weights == null ? null : new ExactSum[capacity * SLOTS * 2];
    size = 0;
  }

  /**
   * Adds a row.
   *
   * @param score in 0 to 1
   * @param label 0, 1, or 2 = not known yet
   * @param predicted 0 or 1
   */
  void add(double score, int label, int predicted, double weight) {
    int cell = cell(coarse ? coarsened(key(score)) : key(score));
    int slot = cell * SLOTS + 2 * label + predicted;
    if (weight == 1) {
      counts[slot]++;
    } else {
      if (weights == null) {
        weights = new ExactSum[keys.length * SLOTS * 2];
      }
      weights(2 * slot).add(weight);
      weights(2 * slot + 1).add(weight * weight);
    }
    if (!coarse && size > exactScores) {
      coarsen();
    }
  }

  private ExactSum weights(int index) {
    if (weights[index] == null) {
      weights[index] = new ExactSum();
    }
    return weights[index];
  }

  void merge(ScoreHistogram other) {
    if (other.coarse && !coarse) {
      coarsen();
    }
    addAll(other);
    if (!coarse && size > exactScores) {
      coarsen();
    }
  }

  private void addAll(ScoreHistogram other) {
    if (other.weights != null && weights == null) {
      weights = new ExactSum[keys.length * SLOTS * 2];
    }
    for (int from = 0; from < other.keys.length; from++) {
      if (other.keys[from] == EMPTY) {
        continue;
      }
      long key = other.keys[from];
      int cell = cell(coarse && !other.coarse ? coarsened(key) : key);
      for (int slot = 0; slot < SLOTS; slot++) {
        counts[cell * SLOTS + slot] += other.counts[from * SLOTS + slot];
      }
      if (other.weights != null) {
        for (int i = 0; i < 2 * SLOTS; i++) {
          ExactSum sum = other.weights[from * SLOTS * 2 + i];
          if (sum != null) {
            weights(cell * SLOTS * 2 + i).add(sum);
          }
        }
      }
    }
  }

  private void coarsen() {
    ScoreHistogram fine = new ScoreHistogram(exactScores);
    fine.keys = keys;
    fine.counts = counts;
    fine.weights = weights;
    coarse = true;
    allocate(FIRST_CAPACITY);
    addAll(fine);
  }

  /** Ascending with the score, and as fine near one as near zero. */
  private static long key(double score) {
    return score <= 0.5
        ? Double.doubleToRawLongBits(score + 0.0)
        : 2 * HALF - Double.doubleToRawLongBits(1 - score);
  }

  private static double score(long key) {
    return key <= HALF ? Double.longBitsToDouble(key) : 1 - Double.longBitsToDouble(2 * HALF - key);
  }

  private static long coarsened(long key) {
    long within = Math.min(Math.max(key, LEAST_KEY), 2 * HALF - LEAST_KEY);
    return within >> DROPPED_BITS;
  }

  /** Middle of a cell of the grid. */
  private static double middle(long key) {
    long first = key << DROPPED_BITS;
    return (score(first) + score(first + (1L << DROPPED_BITS))) / 2;
  }

  private int cell(long key) {
    int mask = keys.length - 1;
    long mixed = key * 0x9E3779B97F4A7C15L;
    int cell = (int) (mixed >>> 33) & mask;
    while (keys[cell] != key) {
      if (keys[cell] == EMPTY) {
        if (4 * (size + 1) > 3 * keys.length) {
          grow();
          return cell(key);
        }
        keys[cell] = key;
        size++;
        return cell;
      }
      cell = (cell + 1) & mask;
    }
    return cell;
  }

  private void grow() {
    ScoreHistogram old = new ScoreHistogram(exactScores);
    old.keys = keys;
    old.counts = counts;
    old.weights = weights;
    old.coarse = coarse;
    allocate(2 * keys.length);
    addAll(old);
  }

  /** Cells in ascending order of their scores. */
  private int[] sorted() {
    long[] present = new long[size];
    int next = 0;
    for (long key : keys) {
      if (key != EMPTY) {
        present[next++] = key;
      }
    }
    Arrays.sort(present);
    return Arrays.stream(present).mapToInt(this::cell).toArray();
  }

  /** The labelled rows, by label. */
  ScoreCells labelled() {
    return cells((cell, label, power) -> weight(cell, label, power));
  }

  /** All rows, labelled or not, by answer: those answered no as negatives, yes as positives. */
  ScoreCells answers() {
    return cells(
        (cell, predicted, power) -> {
          double sum = 0;
          for (int label = 0; label <= UNKNOWN; label++) {
            sum += weight(cell, label, predicted, power);
          }
          return sum;
        });
  }

  /** Σw (power 0) or Σw² (power 1) of one of the two parts of a cell. */
  private interface Part {
    double weight(int cell, int part, int power);
  }

  private ScoreCells cells(Part part) {
    int[] cells =
        Arrays.stream(sorted())
            .filter(cell -> part.weight(cell, 0, 0) + part.weight(cell, 1, 0) > 0)
            .toArray();
    double[][] columns = new double[5][cells.length];
    for (int i = 0; i < cells.length; i++) {
      columns[0][i] = coarse ? middle(keys[cells[i]]) : score(keys[cells[i]]);
      for (int one = 0; one < 2; one++) {
        columns[1 + one][i] = part.weight(cells[i], one, 0);
        columns[3 + one][i] = part.weight(cells[i], one, 1);
      }
    }
    return new ScoreCells(columns[0], columns[1], columns[2], columns[3], columns[4], !coarse);
  }

  /** Σw (power 0) or Σw² (power 1) of a cell's rows with a label. */
  private double weight(int cell, int label, int power) {
    return weight(cell, label, 0, power) + weight(cell, label, 1, power);
  }

  private double weight(int cell, int label, int predicted, int power) {
    int slot = cell * SLOTS + 2 * label + predicted;
    ExactSum sum = weights == null ? null : weights[2 * slot + power];
    return counts[slot] + (sum == null ? 0 : sum.value());
  }

  boolean isEmpty() {
    return size == 0;
  }

  void write(DataOutput out) throws IOException {
    out.writeBoolean(coarse);
    out.writeBoolean(weights != null);
    StateBytes.writeCount(out, exactScores);
    int[] cells = sorted();
    StateBytes.writeCount(out, cells.length);
    long before = 0;
    for (int cell : cells) {
      StateBytes.writeCount(out, keys[cell] - before);
      before = keys[cell];
      for (int slot = 0; slot < SLOTS; slot++) {
        StateBytes.writeCount(out, counts[cell * SLOTS + slot]);
      }
      if (weights != null) {
        for (int i = 0; i < 2 * SLOTS; i++) {
          ExactSum sum = weights[cell * SLOTS * 2 + i];
          Sums.write(out, sum == null ? new ExactSum() : sum);
        }
      }
    }
  }

  static ScoreHistogram read(DataInputStream in) throws IOException {
    boolean coarse = in.readBoolean();
    boolean weighted = in.readBoolean();
    ScoreHistogram histogram = new ScoreHistogram((int) StateBytes.readCount(in));
    histogram.coarse = coarse;
    int cells = StateBytes.readSize(in, 1 + SLOTS);
    histogram.weights = weighted ? new ExactSum[0] : null;
    histogram.allocate(Math.max(FIRST_CAPACITY, Integer.highestOneBit(2 * cells + 1) * 2));
    long key = 0;
    for (int i = 0; i < cells; i++) {
      key += StateBytes.readCount(in);
      histogram.readCell(in, histogram.cell(key));
    }
    return histogram;
  }

  private void readCell(DataInputStream in, int cell) throws IOException {
    for (int slot = 0; slot < SLOTS; slot++) {
      counts[cell * SLOTS + slot] = StateBytes.readCount(in);
    }
    if (weights != null) {
      for (int i = 0; i < 2 * SLOTS; i++) {
        Sums.read(in, weights(cell * SLOTS * 2 + i));
      }
    }
  }
}
