package dev.telltale.profile;

import java.util.Arrays;

/** The distinct values of a column, as long as they are few. Negative zero is zero. */
final class DistinctValues {
  private static final int FIRST_SLOTS = 64;

  private final int limit;
  private long[] table = new long[FIRST_SLOTS];
  private boolean[] used = new boolean[FIRST_SLOTS];
  private int size;

  DistinctValues(int limit) {
    this.limit = limit;
  }

  /** Adds values; false when they have become too many, and this instance is of no more use. */
  boolean add(double... values) {
    return add(values, values.length);
  }

  boolean add(double[] values, int count) {
    for (int i = 0; i < count; i++) {
      if (!addOne(Double.doubleToRawLongBits(values[i] + 0.0))) {
        return false;
      }
    }
    return true;
  }

  private boolean addOne(long bits) {
    int slot = slot(bits);
    if (used[slot]) {
      return true;
    }
    if (size == limit) {
      return false;
    }
    if (2 * size >= table.length) {
      grow();
      slot = slot(bits);
    }
    used[slot] = true;
    table[slot] = bits;
    size++;
    return true;
  }

  /** Where a value is, or would be. */
  private int slot(long bits) {
    int mask = table.length - 1;
    int slot = (int) ((bits * 0x9E3779B97F4A7C15L) >>> 32) & mask;
    while (used[slot] && table[slot] != bits) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    long[] old = table;
    boolean[] oldUsed = used;
    table = new long[2 * old.length];
    used = new boolean[2 * old.length];
    for (int i = 0; i < old.length; i++) {
      if (oldUsed[i]) {
        int slot = slot(old[i]);
        used[slot] = true;
        table[slot] = old[i];
      }
    }
  }

  double[] sorted() {
    double[] values = new double[size];
    int next = 0;
    for (int slot = 0; slot < table.length; slot++) {
      if (used[slot]) {
        values[next++] = Double.longBitsToDouble(table[slot]);
      }
    }
    Arrays.sort(values);
    return values;
  }
}
