package dev.telltale.jobs.engine;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * How many different units the rows of a group are about, up to a limit: as long as there are
 * fewer, their 64-bit hashes. Not safe for concurrent use.
 */
final class UnitCounts {
  /** Column index of the keys of these counts. */
  static final int COLUMN = -3;

  private final int limit;
  private final long[] hashes;
  private int size;

  /** None yet, of at most so many. */
  UnitCounts(int limit) {
    this.limit = limit;
    this.hashes = new long[limit];
  }

  /** Adds a unit. O(limit) until there are as many, then O(1). */
  void add(long hash) {
    if (size == limit) {
      return;
    }
    for (int i = 0; i < size; i++) {
      if (hashes[i] == hash) {
        return;
      }
    }
    hashes[size++] = hash;
  }

  /** Adds the units of another. */
  void merge(UnitCounts other) {
    for (int i = 0; i < other.size; i++) {
      add(other.hashes[i]);
    }
  }

  byte[] toBytes() {
    ByteBuffer bytes = ByteBuffer.allocate(size * Long.BYTES);
    bytes.asLongBuffer().put(Arrays.copyOf(hashes, size));
    return bytes.array();
  }

  /** The number of units in all parts, at most the limit: as eight bytes. */
  static byte[] count(Iterable<byte[]> parts, int limit) {
    UnitCounts all = new UnitCounts(limit);
    for (byte[] part : parts) {
      ByteBuffer hashes = ByteBuffer.wrap(part);
      while (hashes.hasRemaining()) {
        all.add(hashes.getLong());
      }
    }
    return ByteBuffer.allocate(Long.BYTES).putLong(all.size).array();
  }
}
