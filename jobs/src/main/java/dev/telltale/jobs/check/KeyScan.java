package dev.telltale.jobs.check;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import scala.Tuple2;

/**
 * One scan of a table for what Deequ cannot share: the keys of all expectations of uniqueness,
 * distinct values and quantiles together, and the first rows that offend any expectation.
 *
 * <p>Where only offending rows are wanted, the table is read from its beginning until they are
 * found.
 */
final class KeyScan {
  private static final long KEYS_PER_BUCKET = 250_000;
  private static final int MOST_BUCKETS = 4096;
  private static final int GROWTH = 4;

  private final KeyPlan plan;
  private final Dataset<Row> data;

  KeyScan(KeyPlan plan, Dataset<Row> data) {
    this.plan = plan;
    this.data = data;
  }

  /**
   * Scans.
   *
   * @param rows rows of the table
   * @param wanted rows to show, of each item
   * @return by item; an item without a row is absent
   */
  Map<Integer, KeyCounts> run(long rows, int[] wanted) {
    JavaRDD<InternalRow> read = data.select(plan.columns()).queryExecution().toRdd().toJavaRDD();
    return plan.hasKeys() ? keys(read, rows, wanted) : shown(read, wanted);
  }

  private Map<Integer, KeyCounts> keys(JavaRDD<InternalRow> read, long rows, int[] wanted) {
    int parallelism = read.context().defaultParallelism();
    long enough = rows * plan.items().size() / KEYS_PER_BUCKET;
    int buckets = (int) Math.max(parallelism, Math.min(MOST_BUCKETS, enough));
    KeyPlan shared = plan;
    JavaPairRDD<Integer, byte[]> blocks =
        tasks(read, buckets, wanted).mapToPair(block -> new Tuple2<>(block._1, block._2));
    return merged(
        blocks
            .groupByKey(buckets)
            .flatMap(bucket -> KeyCounts.of(shared, bucket._1, bucket._2).iterator())
            .collect());
  }

  private JavaRDD<Tuple2<Integer, byte[]>> tasks(
      JavaRDD<InternalRow> read, int buckets, int[] wanted) {
    KeyPlan shared = plan;
    return read.mapPartitionsWithIndex(
        (task, rows) -> new KeyTask(task, shared, buckets, wanted, rows), false);
  }

  private Map<Integer, KeyCounts> shown(JavaRDD<InternalRow> read, int[] wanted) {
    JavaRDD<Tuple2<Integer, byte[]>> tasks = tasks(read, 1, wanted);
    Map<Integer, KeyCounts> found = new HashMap<>();
    int partitions = read.getNumPartitions();
    int next = 0;
    int batch = 1;
    while (next < partitions && !isEnough(found, wanted)) {
      int end = Math.min(partitions, next + batch);
      List<Tuple2<Integer, byte[]>>[] parts =
          tasks.collectPartitions(IntStream.range(next, end).toArray());
      Map<Integer, List<byte[]>> byBucket = new HashMap<>();
      for (List<Tuple2<Integer, byte[]>> part : parts) {
        part.forEach(
            block ->
                byBucket
                    .computeIfAbsent(block._1, absent -> new java.util.ArrayList<>())
                    .add(block._2));
      }
      byBucket.forEach((bucket, blocks) -> add(found, KeyCounts.of(plan, bucket, blocks)));
      next = end;
      batch *= GROWTH;
    }
    return found;
  }

  private static boolean isEnough(Map<Integer, KeyCounts> found, int[] wanted) {
    for (int i = 0; i < wanted.length; i++) {
      if (wanted[i] > 0 && (!found.containsKey(i) || found.get(i).shown.size() < wanted[i])) {
        return false;
      }
    }
    return true;
  }

  private static Map<Integer, KeyCounts> merged(List<KeyCounts> parts) {
    Map<Integer, KeyCounts> merged = new HashMap<>();
    add(merged, parts);
    return merged;
  }

  private static void add(Map<Integer, KeyCounts> merged, List<KeyCounts> parts) {
    parts.forEach(part -> merged.computeIfAbsent(part.item, KeyCounts::new).add(part));
  }
}
