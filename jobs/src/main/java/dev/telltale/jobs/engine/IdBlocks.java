package dev.telltale.jobs.engine;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import org.apache.spark.sql.catalyst.expressions.XXH64;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.unsafe.types.UTF8String;
import scala.Tuple2;

/**
 * The ids of the predictions as 64-bit hashes, by window and bucket: what a reducer needs to count
 * the rows that repeat an id. Blocks leave the task as they fill, so that a task holds few of them.
 *
 * <p>Two different ids share a hash with probability 2^-64: among a billion ids of a window a false
 * duplicate is counted in 3 % of such windows.
 */
final class IdBlocks {
  /** Column index of the keys of id blocks. */
  static final int COLUMN = -2;

  /** A window of a billion ids is 16 million a bucket, 125 MB. */
  private static final int BUCKETS = 64;

  private static final int FIRST_BLOCK = 64;
  private static final int BLOCK = 8192;
  private static final long SEED = 42;

  /** In place of the hash of a row without an id. */
  private static final long NONE = 0;

  private final List<Instant> windows;
  private final Map<Integer, Block> blocks = new HashMap<>();
  private final Queue<Tuple2<StateKey, byte[]>> full = new ArrayDeque<>();
  private long[] hashes = new long[0];

  IdBlocks(List<Instant> windows) {
    this.windows = windows;
  }

  /** Hashes of the first {@code rows} ids; the array is reused by the next call. */
  long[] hash(ColumnVector vector, DataType type, int rows) {
    if (hashes.length < rows) {
      hashes = new long[rows];
    }
    CategoryReader values = type instanceof StringType ? null : new CategoryReader(type, List.of());
    for (int row = 0; row < rows; row++) {
      if (vector.isNullAt(row)) {
        hashes[row] = NONE;
        continue;
      }
      UTF8String text =
          values == null
              ? vector.getUTF8String(row)
              : UTF8String.fromString(values.value(vector, row).toString());
      hashes[row] =
          XXH64.hashUnsafeBytes(text.getBaseObject(), text.getBaseOffset(), text.numBytes(), SEED);
    }
    return hashes;
  }

  /** Window and bucket of an id. */
  static int key(int window, long hash) {
    return window * BUCKETS + (int) (hash >>> 58);
  }

  /** A key of {@link #key} for the shuffle. */
  StateKey stateKey(int key) {
    return new StateKey(
        windows.get(key / BUCKETS).toEpochMilli(),
        null,
        null,
        Integer.toString(key % BUCKETS),
        COLUMN);
  }

  /** Adds an id of a window. */
  void add(int window, long hash) {
    int key = key(window, hash);
    Block block = blocks.computeIfAbsent(key, absent -> new Block());
    if (block.size == BLOCK) {
      full.add(block.take(key));
    }
    block.add(hash);
  }

  /** A full block, or null. */
  Tuple2<StateKey, byte[]> poll() {
    return full.poll();
  }

  /** The blocks that are not full. */
  List<Tuple2<StateKey, byte[]>> rest() {
    List<Tuple2<StateKey, byte[]>> rest = new ArrayList<>();
    new TreeMap<>(blocks).forEach((key, block) -> rest.add(block.take(key)));
    return rest;
  }

  /**
   * Rows beyond the first with the same id, from all blocks of a window and bucket; then the ids
   * that they repeat, which rows without an id do not.
   */
  static byte[] count(Iterable<Tuple2<Long, byte[]>> blocks) {
    int size = 0;
    for (Tuple2<Long, byte[]> block : blocks) {
      size += block._2.length / Long.BYTES;
    }
    long[] all = new long[size];
    int next = 0;
    for (Tuple2<Long, byte[]> block : blocks) {
      int values = block._2.length / Long.BYTES;
      ByteBuffer.wrap(block._2).asLongBuffer().get(all, next, values);
      next += values;
    }
    Arrays.sort(all);
    long duplicates = 0;
    int repeated = 0;
    for (int i = 1; i < size; i++) {
      if (all[i] == all[i - 1]) {
        duplicates++;
        if (all[i] != NONE && (repeated == 0 || all[repeated - 1] != all[i])) {
          all[repeated++] = all[i];
        }
      }
    }
    ByteBuffer bytes = ByteBuffer.allocate((1 + repeated) * Long.BYTES).putLong(duplicates);
    bytes.asLongBuffer().put(all, 0, repeated);
    return bytes.array();
  }

  /** The ids that {@link #count} found repeated. */
  static long[] repeated(byte[] counted) {
    long[] ids = new long[counted.length / Long.BYTES - 1];
    ByteBuffer.wrap(counted).asLongBuffer().get(1, ids);
    return ids;
  }

  private final class Block {
    private long[] values = new long[FIRST_BLOCK];
    private int size;

    void add(long hash) {
      if (size == values.length) {
        values = Arrays.copyOf(values, Math.min(BLOCK, 4 * size));
      }
      values[size++] = hash;
    }

    Tuple2<StateKey, byte[]> take(int key) {
      ByteBuffer bytes = ByteBuffer.allocate(size * Long.BYTES);
      bytes.asLongBuffer().put(values, 0, size);
      size = 0;
      return new Tuple2<>(stateKey(key), bytes.array());
    }
  }
}
