package dev.telltale.jobs.engine;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction2;
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
  /** More repeated ids are not told to the tasks: 8 MB. */
  private static final long MOST_IDS = 1_000_000;

  private final SparkSession spark;
  private final PassPlan plan;
  private final JavaPairRDD<StateKey, byte[]> results;
  private final LongAccumulator rows;
  private final LongAccumulator rowsWithoutTime;
  private final LongAccumulator rowsWithoutWeight;
  private final LongAccumulator bytes;

  private FusedPass again;

  /** Slices that are about few units; null until somebody asks. */
  private Set<StateKey> few;

  private FusedPass(
      SparkSession spark,
      PassPlan plan,
      JavaPairRDD<StateKey, byte[]> results,
      LongAccumulator rows,
      LongAccumulator rowsWithoutTime,
      LongAccumulator rowsWithoutWeight,
      LongAccumulator bytes) {
    this.spark = spark;
    this.plan = plan;
    this.results = results;
    this.rows = rows;
    this.rowsWithoutTime = rowsWithoutTime;
    this.rowsWithoutWeight = rowsWithoutWeight;
    this.bytes = bytes;
  }

  /**
   * Plans the pass; it runs once, when its results are first used.
   *
   * @param data at least the plan's source columns; rows outside the plan's windows may be filtered
   *     by event time, and need not be
   */
  public static FusedPass over(SparkSession spark, Dataset<Row> data, PassPlan plan) {
    return over(spark, data, plan, List.of(), new long[0]);
  }

  /**
   * @param first columns that say which of several rows with one id counts; none = all count
   * @param ids hashes of the ids that are repeated, ascending; empty = too many to name
   */
  private static FusedPass over(
      SparkSession spark, Dataset<Row> data, PassPlan plan, List<String> first, long[] ids) {
    List<String> names = new ArrayList<>(plan.sourceColumns());
    first.stream().filter(name -> !names.contains(name)).forEach(names::add);
    Dataset<Row> chosen =
        data.select(
            names.stream().map(OutcomeColumns::column).toArray(org.apache.spark.sql.Column[]::new));
    BatchSource source = BatchSource.of(chosen, plan.groups().timeColumns());
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    LongAccumulator rows = spark.sparkContext().longAccumulator();
    LongAccumulator rowsWithoutTime = spark.sparkContext().longAccumulator();
    LongAccumulator rowsWithoutWeight = spark.sparkContext().longAccumulator();
    LongAccumulator bytes = spark.sparkContext().longAccumulator();
    Broadcast<PassPlan> shared = context.broadcast(plan);
    StructType schema = source.schema();
    JavaRDD<ColumnarBatch> batches = source.batches().toJavaRDD();
    int tasks = Math.max(1, Math.min(batches.getNumPartitions(), context.defaultParallelism()));
    FlatMapFunction2<
            Iterator<ColumnarBatch>,
            Iterator<Tuple2<Integer, long[]>>,
            Tuple2<StateKey, Tuple2<Long, byte[]>>>
        profile =
            (iterator, leftOut) ->
                new TaskOutput(
                    TaskContext.getPartitionId(),
                    iterator,
                    new TaskProfiler(shared.value(), schema, Repeats.sorted(leftOut)),
                    profiler -> {
                      rows.add(profiler.rows());
                      rowsWithoutTime.add(profiler.rowsWithoutTime());
                      rowsWithoutWeight.add(profiler.rowsWithoutWeight());
                      bytes.add(TaskContext.get().taskMetrics().inputMetrics().bytesRead());
                    });
    JavaPairRDD<StateKey, Tuple2<Long, byte[]>> parts =
        (first.isEmpty()
                ? batches.mapPartitions(
                    iterator -> profile.call(iterator, Collections.emptyIterator()))
                : batches.zipPartitions(
                    new Repeats(first, schema, shared, context.broadcast(ids)).in(batches, tasks),
                    profile))
            .mapToPair(tuple -> tuple);
    return new FusedPass(
        spark,
        plan,
        StateMerge.merge(parts, shared, tasks).persist(StorageLevel.MEMORY_AND_DISK_SER()),
        rows,
        rowsWithoutTime,
        rowsWithoutWeight,
        bytes);
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
    Set<StateKey> without = slicesOfFewUnits();
    return results
        .filter(result -> result._1.column() > IdBlocks.COLUMN)
        .filter(
            result ->
                without.isEmpty() || !without.contains(result._1.ofColumn(UnitCounts.COLUMN)));
  }

  /** The slices whose states are not given, with their window and version. */
  public Set<StateKey> slicesOfFewUnits() {
    if (few == null) {
      few = plan.minimumUnits() == 0 ? Set.of() : fewUnits(plan.minimumUnits());
    }
    return few;
  }

  private Set<StateKey> fewUnits(int minimum) {
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

  /**
   * The states in which each id counts once a window: of several rows with one id that with the
   * least values of some columns. Where no id is repeated these are {@link #states}; windows that
   * have some are read again.
   *
   * @param rows rows of some windows
   * @param first columns of these rows, times or long integers, the one that decides first
   */
  public JavaPairRDD<StateKey, byte[]> statesOnce(
      Function<SortedSet<Instant>, Dataset<Row>> rows, List<String> first) {
    JavaPairRDD<StateKey, byte[]> repeated =
        results.filter(
            result -> result._1.column() == IdBlocks.COLUMN && result._2.length > Long.BYTES);
    SortedSet<Instant> windows = new TreeSet<>();
    long ids = 0;
    for (Tuple2<Long, Integer> bucket :
        repeated
            .mapToPair(
                result ->
                    new Tuple2<>(
                        result._1.windowStart().toEpochMilli(), result._2.length / Long.BYTES - 1))
            .collect()) {
      windows.add(Instant.ofEpochMilli(bucket._1));
      ids += bucket._2;
    }
    if (windows.isEmpty()) {
      return states();
    }
    long[] named =
        ids > MOST_IDS
            ? new long[0]
            : repeated.map(result -> IdBlocks.repeated(result._2)).collect().stream()
                .flatMapToLong(Arrays::stream)
                .sorted()
                .toArray();
    again = over(spark, rows.apply(windows), plan.ofWindows(windows), first, named);
    Set<Long> starts = windows.stream().map(Instant::toEpochMilli).collect(Collectors.toSet());
    return states()
        .filter(state -> !starts.contains(state._1.windowStart().toEpochMilli()))
        .union(again.states());
  }

  /** Forgets the results; using them again scans again. */
  @Override
  public void close() {
    if (again != null) {
      again.close();
    }
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
