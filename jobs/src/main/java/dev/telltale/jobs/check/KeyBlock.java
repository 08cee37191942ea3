package dev.telltale.jobs.check;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.LongConsumer;
import org.apache.spark.sql.catalyst.expressions.XXH64;
import org.apache.spark.unsafe.Platform;

/** Entries on their way from a task to a reducer, packed: a row of its own would cost ten times. */
final class KeyBlock {
  /** Full enough to leave. */
  static final int FULL = 1 << 16;

  private static final int FIRST = 256;
  private static final long SEED = 42;

  private ByteBuffer bytes = ByteBuffer.allocate(FIRST);

  /** An empty block; blocks of one bucket are put in order by task and number. */
  KeyBlock(int task, int number) {
    bytes.putInt(task).putInt(number);
  }

  /** Adds rows of one key. */
  void add(int item, long rows, int member, byte[] key, byte[] id) {
    int size = 4 * Integer.BYTES + Long.BYTES + key.length + id.length;
    if (bytes.remaining() < size) {
      int capacity = Math.max(2 * bytes.capacity(), bytes.position() + size);
      bytes = ByteBuffer.allocate(capacity).put(bytes.flip());
    }
    bytes.putInt(item).putLong(rows).putInt(member);
    bytes.putInt(key.length).put(key).putInt(id.length).put(id);
  }

  boolean isFull() {
    return bytes.position() >= FULL;
  }

  byte[] take() {
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  /** Compares blocks by task and number. */
  static int compare(byte[] left, byte[] right) {
    return Arrays.compareUnsigned(left, 0, 2 * Integer.BYTES, right, 0, 2 * Integer.BYTES);
  }

  /** Gives the hashes of the keys of an item to a consumer, without copying them. */
  static void hashes(byte[] block, int wanted, LongConsumer consumer) {
    ByteBuffer in = ByteBuffer.wrap(block);
    in.position(2 * Integer.BYTES);
    while (in.hasRemaining()) {
      int item = in.getInt();
      in.position(in.position() + Long.BYTES + Integer.BYTES);
      int length = in.getInt();
      if (item == wanted) {
        consumer.accept(hash(block, in.position(), length));
      }
      in.position(in.position() + length);
      int id = in.getInt();
      in.position(in.position() + id);
    }
  }

  /** A hash of a key that tells nearly all keys apart. */
  static long hash(byte[] bytes, int start, int length) {
    return XXH64.hashUnsafeBytes(bytes, Platform.BYTE_ARRAY_OFFSET + start, length, SEED);
  }

  /** What is done with an entry. */
  interface Visitor {
    void entry(int item, long rows, int member, byte[] key, byte[] id);
  }

  /** Reads the entries of a block. */
  static void read(byte[] block, Visitor visitor) {
    ByteBuffer in = ByteBuffer.wrap(block);
    in.position(2 * Integer.BYTES);
    while (in.hasRemaining()) {
      int item = in.getInt();
      long rows = in.getLong();
      int member = in.getInt();
      byte[] key = new byte[in.getInt()];
      in.get(key);
      byte[] id = new byte[in.getInt()];
      in.get(id);
      visitor.entry(item, rows, member, key, id);
    }
  }
}
