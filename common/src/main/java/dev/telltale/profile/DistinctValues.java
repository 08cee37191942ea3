package dev.telltale.profile;

import java.util.Arrays;

/** The distinct values of a column, as long as they are few. Negative zero is zero. */
final class DistinctValues {
  private final int limit;
  private final long[] table;
  private final boolean[] used;
  private int size;

  DistinctValues(int limit) {
    this.limit = limit;
    int slots = Integer.highestOneBit(4 * limit);
    this.table = new long[slots];
    this.used = new boolean[slots];
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
    int mask = table.length - 1;
    int slot = (int) ((bits * 0x9E3779B97F4A7C15L) >>> 40) & mask;
    while (used[slot]) {
      if (table[slot] == bits) {
        return true;
      }
      slot = (slot + 1) & mask;
    }
    if (size == limit) {
      return false;
    }
    used[slot] = true;
    table[slot] = bits;
    size++;
    return true;
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
