package dev.telltale.profile;

import dev.telltale.bytes.StateBytes;
import dev.telltale.stats.Moments;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * State of a numeric column: exact counts, extremes, central moments, counts on the baseline's
 * anchors and a quantile sketch.
 *
 * <p>Values are gathered in blocks and folded in a block at a time, so that a column with many
 * slices touches each slice's memory once a block. An empty state is small; the counts on anchors
 * come with the first full block.
 *
 * <p>NaN and infinities are counted and take no part in extremes, moments and quantiles. Merging is
 * exact for counts and extremes, 1e-12 relative for moments. Not safe for concurrent use.
 */
public final class NumericState implements ColumnState {
  private static final int FIRST_BLOCK = 16;
  private static final int BLOCK = 512;
  private static final double[] NO_VALUES = {};

  /** Whole numbers below are told apart by a double. */
  private static final double EXACT_WHOLE = 1L << 53;

  private final Anchors anchors;
  private long repeats;
  private long nulls;
  private long nans;
  private long negativeInfinities;
  private long positiveInfinities;
  private long zeros;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;
  private final Moments moments;
  private final AnchorCounts counts;
  private final QuantileSketch sketch;
  private DistinctValues distinct;

  private double[] pending = NO_VALUES;
  private int pendingSize;

  NumericState(Anchors anchors) {
    this(anchors, new Moments());
  }

  private NumericState(Anchors anchors, Moments moments) {
    this.anchors = anchors;
    this.moments = moments;
    this.counts = new AnchorCounts(anchors);
    boolean learning = anchors.learning();
    this.sketch = learning ? QuantileSketch.precise() : QuantileSketch.standard();
    this.distinct = learning ? new DistinctValues(anchors.learnLimit()) : null;
  }

  /** Adds one value of any kind; NaN and infinities are told apart from finite values. */
  public void add(double value) {
    if (pendingSize == pending.length) {
      makeRoom(1);
    }
    pending[pendingSize++] = value;
  }

  /** Adds the first {@code size} values, the same as one by one. */
  public void add(double[] values, int size) {
    int next = 0;
    while (next < size) {
      if (pendingSize == pending.length) {
        makeRoom(size - next);
      }
      int taken = Math.min(pending.length - pendingSize, size - next);
      System.arraycopy(values, next, pending, pendingSize, taken);
      pendingSize += taken;
      next += taken;
    }
  }

  /** Adds the first {@code size} values, each as often as its weight says. */
  public void add(double[] values, long[] weights, int size) {
    fold();
    double[] finite = new double[size];
    long[] times = new long[size];
    int kept = 0;
    for (int i = 0; i < size; i++) {
      double value = values[i];
      if (!Double.isFinite(value)) {
        nans += Double.isNaN(value) ? weights[i] : 0;
        negativeInfinities += value == Double.NEGATIVE_INFINITY ? weights[i] : 0;
        positiveInfinities += value == Double.POSITIVE_INFINITY ? weights[i] : 0;
      } else if (weights[i] > 0) {
        min = Math.min(min, value);
        max = Math.max(max, value);
        zeros += value == 0 ? weights[i] : 0;
        times[kept] = weights[i];
        finite[kept++] = value;
      }
    }
    if (kept > 0) {
      moments.add(finite, times, kept);
      counts.add(finite, times, kept);
      if (distinct != null && !distinct.add(finite, kept)) {
        distinct = null;
      }
      sketch.add(finite, times, kept);
    }
  }

  private void makeRoom(int wanted) {
    if (pending.length < BLOCK) {
      int grown = Math.max(4 * pending.length, Math.max(FIRST_BLOCK, pending.length + wanted));
      pending = Arrays.copyOf(pending, Math.min(BLOCK, grown));
    } else {
      fold();
    }
  }

  /** Adds rows that have no value in this column. */
  @Override
  public void addNulls(long count) {
    nulls += count;
  }

  private void fold() {
    int size = keepFinite();
    pendingSize = 0;
    if (size == 0) {
      return;
    }
    double[] values = pending;
    double low = min;
    double high = max;
    int zero = 0;
    for (int i = 0; i < size; i++) {
      double value = values[i];
      low = Math.min(low, value);
      high = Math.max(high, value);
      zero += value == 0 ? 1 : 0;
    }
    min = low;
    max = high;
    zeros += zero;
    moments.add(values, 0, size);
    counts.add(values, size, low, high);
    if (distinct != null && !distinct.add(values, size)) {
      distinct = null;
    }
    sketch.add(values, 0, size);
  }

  private int keepFinite() {
    double[] values = pending;
    int size = 0;
    for (int i = 0; i < pendingSize; i++) {
      double value = values[i];
      if (Math.abs(value) <= Double.MAX_VALUE) {
        values[size++] = value;
      } else if (value == Double.POSITIVE_INFINITY) {
        positiveInfinities++;
      } else if (value == Double.NEGATIVE_INFINITY) {
        negativeInfinities++;
      } else {
        nans++;
      }
    }
    return size;
  }

  @Override
  public void merge(ColumnState other) {
    if (!(other instanceof NumericState that) || !that.anchors.equals(anchors)) {
      throw new IllegalArgumentException("States of different columns or baselines do not merge");
    }
    fold();
    that.fold();
    repeats += that.repeats;
    nulls += that.nulls;
    nans += that.nans;
    negativeInfinities += that.negativeInfinities;
    positiveInfinities += that.positiveInfinities;
    zeros += that.zeros;
    min = Math.min(min, that.min);
    max = Math.max(max, that.max);
    moments.merge(that.moments);
    counts.merge(that.counts);
    sketch.merge(that.sketch);
    if (distinct != null) {
      boolean few = that.distinct != null || that.moments.count() == 0;
      distinct = few && distinct.add(that.distinctValues()) ? distinct : null;
    }
  }

  @Override
  public long repeats() {
    return repeats;
  }

  @Override
  public void addRepeats(long more) {
    repeats += more;
  }

  @Override
  public NumericState empty() {
    return new NumericState(anchors);
  }

  @Override
  public long rows() {
    fold();
    return nulls + nans + negativeInfinities + positiveInfinities + moments.count();
  }

  @Override
  public long nulls() {
    return nulls;
  }

  /** Rows with NaN. */
  public long nans() {
    fold();
    return nans;
  }

  /** Rows with negative infinity. */
  public long negativeInfinities() {
    fold();
    return negativeInfinities;
  }

  /** Rows with positive infinity. */
  public long positiveInfinities() {
    fold();
    return positiveInfinities;
  }

  /** Rows with zero. */
  public long zeros() {
    fold();
    return zeros;
  }

  /** Smallest finite value; positive infinity without one. */
  public double min() {
    fold();
    return min;
  }

  /** Largest finite value; negative infinity without one. */
  public double max() {
    fold();
    return max;
  }

  /** Moments of the finite values. */
  public Moments moments() {
    fold();
    return moments;
  }

  /**
   * Finite values on the anchors: {@code 2m + 1} counts, alternately in the open interval below a
   * cut and on the cut, the last one above all cuts. A copy.
   */
  public long[] counts() {
    fold();
    return counts.totals();
  }

  /** Sum of the distances of values below the lowest cut from it. */
  public double below() {
    fold();
    return counts.below();
  }

  /** Sum of the distances of values above the highest cut from it. */
  public double above() {
    fold();
    return counts.above();
  }

  /** Quantiles of the finite values; NaN without one. See {@link #quantileRankError()}. */
  public double[] quantiles(double... probabilities) {
    fold();
    double[] quantiles = sketch.quantiles(probabilities);
    for (int i = 0; i < quantiles.length; i++) {
      if (probabilities[i] == 0 || probabilities[i] == 1) {
        quantiles[i] = moments.count() == 0 ? Double.NaN : probabilities[i] == 0 ? min : max;
      }
    }
    return quantiles;
  }

  /** Normalised rank error of the quantiles with 99 % probability; 0 = exact. */
  public double quantileRankError() {
    fold();
    return sketch.rankError();
  }

  private double[] distinctValues() {
    return distinct == null ? NO_VALUES : distinct.sorted();
  }

  /**
   * The cuts to keep counts on: all values when they are few enough, otherwise {@link
   * Anchors#MAX_CUTS} values of the column at equal steps of rank, its extremes among them.
   */
  @Override
  public Anchors learned() {
    fold();
    if (distinct != null) {
      return Anchors.ofCuts(distinct.sorted());
    }
    double[] ranks = new double[Anchors.MAX_CUTS];
    for (int i = 0; i < ranks.length; i++) {
      ranks[i] = (double) i / (ranks.length - 1);
    }
    return Anchors.ofCuts(
        Arrays.stream(quantiles(ranks)).map(value -> value + 0.0).sorted().distinct().toArray());
  }

  @Override
  public boolean learnedAll() {
    fold();
    return distinct != null;
  }

  @Override
  public List<String> examples(int limit) {
    double[] cuts = anchors.cuts();
    long[] rows = counts();
    List<String> examples = new ArrayList<>();
    for (int i = 0; i < cuts.length && examples.size() < limit; i++) {
      if (rows[2 * i + 1] > 0 && cuts[i] == Math.rint(cuts[i]) && Math.abs(cuts[i]) < EXACT_WHOLE) {
        examples.add(Long.toString((long) cuts[i]));
      }
    }
    return examples;
  }

  /** The anchors. */
  public Anchors anchors() {
    return anchors;
  }

  @Override
  public byte[] toBytes() {
    fold();
    return StateFormat.encode(
        StateFormat.NUMERIC,
        repeats,
        out -> {
          StateBytes.writeCount(out, nulls);
          StateBytes.writeCount(out, nans);
          StateBytes.writeCount(out, negativeInfinities);
          StateBytes.writeCount(out, positiveInfinities);
          StateBytes.writeCount(out, moments.count());
          if (moments.count() > 0) {
            StateBytes.writeCount(out, zeros);
            out.writeDouble(min);
            out.writeDouble(max);
            out.writeDouble(moments.mean());
            out.writeDouble(moments.meanLow());
            out.writeDouble(moments.m2());
            out.writeDouble(moments.m3());
            out.writeDouble(moments.m4());
            counts.write(out);
            sketch.write(out);
            if (anchors.learning()) {
              writeDistinct(out);
            }
          }
        });
  }

  private void writeDistinct(DataOutput out) throws IOException {
    out.writeBoolean(distinct != null);
    double[] values = distinctValues();
    StateBytes.writeCount(out, values.length);
    for (double value : values) {
      out.writeDouble(value);
    }
  }

  private void readDistinct(DataInputStream in) throws IOException {
    boolean few = in.readBoolean();
    double[] values = new double[StateBytes.readSize(in, Double.BYTES)];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.readDouble();
    }
    if (few) {
      distinct.add(values);
    } else {
      distinct = null;
    }
  }

  static NumericState read(DataInputStream in, Anchors anchors) throws IOException {
    long nulls = StateBytes.readCount(in);
    long nans = StateBytes.readCount(in);
    long negativeInfinities = StateBytes.readCount(in);
    long positiveInfinities = StateBytes.readCount(in);
    long finite = StateBytes.readCount(in);
    NumericState state;
    if (finite == 0) {
      state = new NumericState(anchors);
    } else {
      long zeros = StateBytes.readCount(in);
      double min = in.readDouble();
      double max = in.readDouble();
      double mean = in.readDouble();
      double meanLow = in.readDouble();
      double m2 = in.readDouble();
      double m3 = in.readDouble();
      double m4 = in.readDouble();
      state = new NumericState(anchors, new Moments(finite, mean, meanLow, m2, m3, m4));
      state.zeros = zeros;
      state.min = min;
      state.max = max;
      state.counts.read(in);
      state.sketch.read(in);
      if (anchors.learning()) {
        state.readDistinct(in);
      }
    }
    state.nulls = nulls;
    state.nans = nans;
    state.negativeInfinities = negativeInfinities;
    state.positiveInfinities = positiveInfinities;
    return state;
  }
}
