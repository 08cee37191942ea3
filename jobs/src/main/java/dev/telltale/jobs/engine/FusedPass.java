package dev.telltale.jobs.engine;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.InputFileBlockHolder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.LongAccumulator;
import scala.Tuple2;

/**
 * One scan of a data set into the states of every window, version, slice and column.
 *
 * <p>Each task folds its batches into states; one small shuffle brings the partial states of a key
 * together, where they are merged in the order of the tasks, so that the result does not depend on
 * which task was faster.
 */
public final class FusedPass implements AutoCloseable {
  private final JavaPairRDD<StateKey, byte[]> results;
  private final LongAccumulator rows;
  private final LongAccumulator rowsWithoutTime;
  private final LongAccumulator rowsWithoutWeight;
  private final LongAccumulator bytes;
  private final int minimumUnits;

  private FusedPass(
      JavaPairRDD<StateKey, byte[]> results,
      LongAccumulator rows,
      LongAccumulator rowsWithoutTime,
      LongAccumulator rowsWithoutWeight,
      LongAccumulator bytes,
      int minimumUnits) {
    this.results = results;
    this.rows = rows;
    this.rowsWithoutTime = rowsWithoutTime;
    this.rowsWithoutWeight = rowsWithoutWeight;
    this.bytes = bytes;
    this.minimumUnits = minimumUnits;
  }

  /**
   * Plans the pass; it runs once, when its results are first used.
   *
   * @param data at least the plan's source columns; rows outside the plan's windows may be filtered
   *     by event time, and need not be
   */
  public static FusedPass over(SparkSession spark, Dataset<Row> data, PassPlan plan) {
    String[] names = plan.sourceColumns().toArray(new String[0]);
    Dataset<Row> chosen =
        data.select(
            java.util.Arrays.stream(names)
                .map(OutcomeColumns::column)
                .toArray(org.apache.spark.sql.Column[]::new));
    BatchSource source = BatchSource.of(chosen, plan.groups().eventTime().orElse(null));
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    LongAccumulator rows = spark.sparkContext().longAccumulator();
    LongAccumulator rowsWithoutTime = spark.sparkContext().longAccumulator();
    LongAccumulator rowsWithoutWeight = spark.sparkContext().longAccumulator();
    LongAccumulator bytes = spark.sparkContext().longAccumulator();
    Broadcast<PassPlan> shared = context.broadcast(plan);
    StructType schema = source.schema();
    JavaRDD<ColumnarBatch> batches = source.batches().toJavaRDD();
    int tasks = Math.max(1, Math.min(batches.getNumPartitions(), context.defaultParallelism()));
    JavaPairRDD<StateKey, Tuple2<Long, byte[]>> parts =
        batches
            .mapPartitionsWithIndex(
                (task, iterator) ->
                    new TaskOutput(
                        task,
                        iterator,
                        new TaskProfiler(shared.value(), schema),
                        profiler -> {
                          rows.add(profiler.rows());
                          rowsWithoutTime.add(profiler.rowsWithoutTime());
                          rowsWithoutWeight.add(profiler.rowsWithoutWeight());
                          bytes.add(TaskContext.get().taskMetrics().inputMetrics().bytesRead());
                        }),
                false)
            .mapToPair(tuple -> tuple);
    return new FusedPass(
        StateMerge.merge(parts, shared, tasks).persist(StorageLevel.MEMORY_AND_DISK_SER()),
        rows,
        rowsWithoutTime,
        rowsWithoutWeight,
        bytes,
        plan.minimumUnits());
  }

  /** What a task gives: blocks of ids while it reads, then its states. */
  private static final class TaskOutput
      implements Iterator<Tuple2<StateKey, Tuple2<Long, byte[]>>> {
    private final long task;
    private final Iterator<ColumnarBatch> batches;
    private final TaskProfiler profiler;
    private final Consumer<TaskProfiler> whenRead;
    private Iterator<Tuple2<StateKey, byte[]>> states;
    private Tuple2<StateKey, byte[]> next;

    TaskOutput(
        long task,
        Iterator<ColumnarBatch> batches,
        TaskProfiler profiler,
        Consumer<TaskProfiler> whenRead) {
      this.task = task;
      this.batches = batches;
      this.profiler = profiler;
      this.whenRead = whenRead;
    }

    @Override
    public boolean hasNext() {
      while (next == null && states == null) {
        next = profiler.pollIds();
        if (next != null) {
          break;
        }
        ColumnarBatch batch = read();
        if (batch != null) {
          profiler.add(batch);
        } else {
          states = profiler.finish().iterator();
          whenRead.accept(profiler);
        }
      }
      if (next == null && states.hasNext()) {
        next = states.next();
      }
      return next != null;
    }

    /** The next batch, or null. */
    private ColumnarBatch read() {
      try {
        return batches.hasNext() ? batches.next() : null;
      } catch (Exception | StackOverflowError e) {
        // Scala throws checked exceptions without saying so, and a damaged page header sends its
        // parser into a recursion that would end the whole executor.
        throw ReadException.of(InputFileBlockHolder.getInputFilePath().toString(), e);
      }
    }

    @Override
    public Tuple2<StateKey, Tuple2<Long, byte[]>> next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Tuple2<StateKey, byte[]> given = next;
      next = null;
      return new Tuple2<>(given._1, new Tuple2<>(task, given._2));
    }
  }

  /** The states, less those of slices that are about few units. */
  public JavaPairRDD<StateKey, byte[]> states() {
    Set<StateKey> few = slicesOfFewUnits();
    return results
        .filter(result -> result._1.column() > IdBlocks.COLUMN)
        .filter(result -> few.isEmpty() || !few.contains(result._1.ofColumn(UnitCounts.COLUMN)));
  }

  /** The slices whose states are not given, with their window and version. */
  public Set<StateKey> slicesOfFewUnits() {
    if (minimumUnits == 0) {
      return Set.of();
    }
    int minimum = minimumUnits;
    return new HashSet<>(
        results
            .filter(
                result ->
                    result._1.column() == UnitCounts.COLUMN
                        && ByteBuffer.wrap(result._2).getLong() < minimum)
            .keys()
            .collect());
  }

  /** Rows beyond the first with the same id, by window; windows without any are left out. */
  public Map<Instant, Long> duplicateIds() {
    Map<Instant, Long> duplicates = new TreeMap<>();
    results
        .filter(result -> result._1.column() == IdBlocks.COLUMN)
        .mapToPair(
            result ->
                new Tuple2<>(
                    result._1.windowStart().toEpochMilli(), ByteBuffer.wrap(result._2).getLong()))
        .filter(count -> count._2 > 0)
        .collect()
        .forEach(count -> duplicates.merge(Instant.ofEpochMilli(count._1), count._2, Long::sum));
    return duplicates;
  }

  /** Forgets the results; using them again scans again. */
  @Override
  public void close() {
    results.unpersist();
  }

  /** Rows scanned so far. */
  public long rowsRead() {
    return rows.value();
  }

  /** Rows without an event time, which no window holds. */
  public long rowsWithoutTime() {
    return rowsWithoutTime.value();
  }

  /** Rows so far without a usable weight, which stand for themselves; 0 without weights. */
  public long rowsWithoutWeight() {
    return rowsWithoutWeight.value();
  }

  /** Bytes read so far. */
  public long bytesRead() {
    return bytes.value();
  }
}
