package dev.telltale.jobs.engine;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import scala.Tuple2;

/**
 * Finds the rows that repeat the id of another row of their window: of several rows with one id all
 * but that with the least values of some columns, and of those alike all but the first in the order
 * of reading, which {@link StablePartitions} keeps.
 */
final class Repeats implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String[] first;
  private final StructType schema;
  private final Broadcast<PassPlan> plan;
  private final Broadcast<long[]> ids;

  /**
   * Of batches of these columns.
   *
   * @param first columns that say which row counts, the one that decides first
   * @param ids hashes of the ids that are repeated, ascending; empty = too many to name
   */
  Repeats(List<String> first, StructType schema, Broadcast<PassPlan> plan, Broadcast<long[]> ids) {
    this.first = first.toArray(String[]::new);
    this.schema = schema;
    this.plan = plan;
    this.ids = ids;
  }

  /** Places of the rows to leave out, ascending within an array, each at its batches' partition. */
  JavaPairRDD<Integer, long[]> in(JavaRDD<ColumnarBatch> batches, int tasks) {
    return batches
        .mapPartitionsWithIndex(this::entries, false)
        .mapToPair(entry -> entry)
        .groupByKey(tasks)
        .flatMapToPair(group -> repeated(group._2).iterator())
        .partitionBy(new HashPartitioner(batches.getNumPartitions()));
  }

  private Iterator<Tuple2<StateKey, Tuple2<Long, byte[]>>> entries(
      Integer task, Iterator<ColumnarBatch> batches) {
    Reader reader = new Reader(task);
    return new Iterator<>() {
      private Iterator<Tuple2<StateKey, Tuple2<Long, byte[]>>> ofBatch =
          Collections.emptyIterator();

      @Override
      public boolean hasNext() {
        while (!ofBatch.hasNext() && batches.hasNext()) {
          ofBatch = reader.read(batches.next()).iterator();
        }
        return ofBatch.hasNext();
      }

      @Override
      public Tuple2<StateKey, Tuple2<Long, byte[]>> next() {
        return ofBatch.next();
      }
    };
  }

  /** Reads the batches of a partition. */
  private final class Reader {
    private final long task;
    private final RowGroups<Boolean> groups;
    private final IdBlocks hashes;
    private final int id;
    private final int[] order;
    private long place;

    Reader(long task) {
      PassPlan shared = plan.value();
      this.task = task;
      this.groups =
          new RowGroups<>(shared.groups(), schema, () -> Boolean.TRUE, (one, other) -> {});
      this.hashes = new IdBlocks(shared.groups().windows());
      this.id = schema.fieldIndex(shared.id().orElseThrow());
      this.order = Arrays.stream(first).mapToInt(schema::fieldIndex).toArray();
    }

    private long[] entry(ColumnarBatch batch, int row, long hash) {
      long[] entry = new long[length()];
      entry[0] = hash;
      for (int i = 0; i < order.length; i++) {
        entry[1 + i] = batch.column(order[i]).getLong(row);
      }
      entry[1 + order.length] = place + row;
      return entry;
    }

    /** Entries of the rows that may be repeats or repeated, in blocks by window and bucket. */
    List<Tuple2<StateKey, Tuple2<Long, byte[]>>> read(ColumnarBatch batch) {
      int size = batch.numRows();
      groups.locate(batch);
      DataType type = schema.apply(id).dataType();
      ColumnVector ofIds = batch.column(id);
      long[] hash = hashes.hash(ofIds, type, size);
      Map<Integer, List<long[]>> entries = new TreeMap<>();
      for (int row = 0; row < size; row++) {
        int window = groups.window(row);
        if (window != RowGroups.OUTSIDE && !ofIds.isNullAt(row) && mayRepeat(hash[row])) {
          entries
              .computeIfAbsent(IdBlocks.key(window, hash[row]), key -> new ArrayList<>())
              .add(entry(batch, row, hash[row]));
        }
      }
      place += size;
      List<Tuple2<StateKey, Tuple2<Long, byte[]>>> blocks = new ArrayList<>();
      entries.forEach(
          (key, some) ->
              blocks.add(new Tuple2<>(hashes.stateKey(key), new Tuple2<>(task, bytes(some)))));
      return blocks;
    }
  }

  /** How many longs an entry has: the hash of the id, the columns, the place in the partition. */
  private int length() {
    return first.length + 2;
  }

  private boolean mayRepeat(long hash) {
    return ids.value().length == 0 || Arrays.binarySearch(ids.value(), hash) >= 0;
  }

  private byte[] bytes(List<long[]> entries) {
    ByteBuffer bytes = ByteBuffer.allocate(entries.size() * length() * Long.BYTES);
    LongBuffer longs = bytes.asLongBuffer();
    entries.forEach(longs::put);
    return bytes.array();
  }

  /** The rows to leave out among all entries of a window and bucket, by partition. */
  private List<Tuple2<Integer, long[]>> repeated(Iterable<Tuple2<Long, byte[]>> blocks) {
    int task = length() - 1;
    int place = length();
    List<long[]> entries = new ArrayList<>();
    for (Tuple2<Long, byte[]> block : blocks) {
      LongBuffer longs = ByteBuffer.wrap(block._2).asLongBuffer();
      while (longs.hasRemaining()) {
        long[] entry = new long[length() + 1];
        longs.get(entry, 0, task);
        entry[task] = block._1;
        entry[place] = longs.get();
        entries.add(entry);
      }
    }
    entries.sort(Arrays::compare);
    Map<Integer, List<Long>> places = new TreeMap<>();
    for (int i = 1; i < entries.size(); i++) {
      long[] entry = entries.get(i);
      if (entry[0] == entries.get(i - 1)[0]) {
        places.computeIfAbsent((int) entry[task], partition -> new ArrayList<>()).add(entry[place]);
      }
    }
    List<Tuple2<Integer, long[]>> repeated = new ArrayList<>();
    places.forEach(
        (partition, some) ->
            repeated.add(
                new Tuple2<>(
                    partition, some.stream().mapToLong(Long::longValue).sorted().toArray())));
    return repeated;
  }

  /** All places of a partition, ascending. */
  static long[] sorted(Iterator<Tuple2<Integer, long[]>> places) {
    List<long[]> parts = new ArrayList<>();
    places.forEachRemaining(part -> parts.add(part._2));
    return parts.stream().flatMapToLong(Arrays::stream).sorted().toArray();
  }
}
