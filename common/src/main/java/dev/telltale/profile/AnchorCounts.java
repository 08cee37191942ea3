package dev.telltale.profile;

import dev.telltale.bytes.StateBytes;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Exact counts of finite values on the cuts of anchors and between them, and how far values lie
 * beyond the cuts. Takes no memory until there is a value. Not safe for concurrent use.
 *
 * <p>Values are counted in ints, half the memory for each of a hundred slices, and those in longs
 * before they could overflow.
 */
final class AnchorCounts {
  /** Room for a block on its way into the counts; a thread adds to one instance at a time. */
  private static final ThreadLocal<int[]> POSITIONS = ThreadLocal.withInitial(() -> new int[0]);

  private final Anchors anchors;
  private int[] recent;
  private long recentValues;
  private long[] settled;
  private double below;
  private double above;

  AnchorCounts(Anchors anchors) {
    this.anchors = anchors;
  }

  /** Adds the first {@code size} values, the least and the greatest of which are known. */
  void add(double[] values, int size, double least, double greatest) {
    if (anchors.cutCount() == 0) {
      return;
    }
    if (recentValues + size > Integer.MAX_VALUE) {
      settled = totals();
      recent = null;
      recentValues = 0;
    }
    if (recent == null) {
      recent = new int[length()];
    }
    recentValues += size;
    int[] positions = POSITIONS.get();
    if (positions.length < size) {
      positions = new int[size];
      POSITIONS.set(positions);
    }
    anchors.positions(values, size, positions);
    for (int i = 0; i < size; i++) {
      recent[positions[i]]++;
    }
    double lowest = anchors.lowest();
    double highest = anchors.highest();
    if (least < lowest || greatest > highest) {
      for (int i = 0; i < size; i++) {
        below += Math.max(0, lowest - values[i]);
        above += Math.max(0, values[i] - highest);
      }
    }
  }

  /** Adds the first {@code size} values, each as often as its weight says. */
  void add(double[] values, long[] weights, int size) {
    if (anchors.cutCount() == 0) {
      return;
    }
    settled = settled == null ? new long[length()] : settled;
    int[] positions = new int[size];
    anchors.positions(values, size, positions);
    for (int i = 0; i < size; i++) {
      settled[positions[i]] += weights[i];
      below += weights[i] * Math.max(0, anchors.lowest() - values[i]);
      above += weights[i] * Math.max(0, values[i] - anchors.highest());
    }
  }

  void merge(AnchorCounts other) {
    if (!other.isEmpty()) {
      settled = settled == null ? new long[length()] : settled;
      other.addTo(settled);
    }
    below += other.below;
    above += other.above;
  }

  private boolean isEmpty() {
    return settled == null && recent == null;
  }

  private int length() {
    return 2 * anchors.cutCount() + 1;
  }

  /** {@code 2m + 1} counts, see {@link Anchors#positions}; a copy. */
  long[] totals() {
    long[] totals = new long[length()];
    addTo(totals);
    return totals;
  }

  private void addTo(long[] sums) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += (settled == null ? 0 : settled[i]) + (recent == null ? 0 : recent[i]);
    }
  }

  /** Sum of the distances of values below the lowest cut from it. */
  double below() {
    return below;
  }

  /** Sum of the distances of values above the highest cut from it. */
  double above() {
    return above;
  }

  void write(DataOutput out) throws IOException {
    out.writeDouble(below);
    out.writeDouble(above);
    StateBytes.writeCounts(out, isEmpty() ? new long[0] : totals());
  }

  /** Fills this empty instance. */
  void read(DataInput in) throws IOException {
    below = in.readDouble();
    above = in.readDouble();
    long[] counts = StateBytes.readCounts(in, length());
    settled = counts.length > 0 ? counts : null;
  }
}
