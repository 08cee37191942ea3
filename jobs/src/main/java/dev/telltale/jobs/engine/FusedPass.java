package dev.telltale.jobs.engine;

import java.util.Iterator;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.apache.spark.util.LongAccumulator;
import scala.Tuple2;

/**
 * One scan of a data set into the states of every window, version, slice and column.
 *
 * <p>Each task folds its batches into states; one small shuffle brings the partial states of a key
 * together, where they are merged in the order of the tasks, so that the result does not depend on
 * which task was faster.
 */
public final class FusedPass {
  private final JavaPairRDD<StateKey, byte[]> states;
  private final LongAccumulator rows;
  private final LongAccumulator rowsWithoutTime;
  private final LongAccumulator bytes;

  private FusedPass(
      JavaPairRDD<StateKey, byte[]> states,
      LongAccumulator rows,
      LongAccumulator rowsWithoutTime,
      LongAccumulator bytes) {
    this.states = states;
    this.rows = rows;
    this.rowsWithoutTime = rowsWithoutTime;
    this.bytes = bytes;
  }

  /**
   * Plans the pass; it runs when {@link #states()} is used.
   *
   * @param data at least the plan's source columns; rows outside the plan's windows may be filtered
   *     by event time, and need not be
   */
  public static FusedPass over(SparkSession spark, Dataset<Row> data, PassPlan plan) {
    String[] names = plan.sourceColumns().toArray(new String[0]);
    Dataset<Row> chosen =
        data.select(
            java.util.Arrays.stream(names)
                .map(name -> functions.col("`" + name.replace("`", "``") + "`"))
                .toArray(org.apache.spark.sql.Column[]::new));
    BatchSource source = BatchSource.of(chosen, plan.eventTime().orElse(null));
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    LongAccumulator rows = spark.sparkContext().longAccumulator();
    LongAccumulator rowsWithoutTime = spark.sparkContext().longAccumulator();
    LongAccumulator bytes = spark.sparkContext().longAccumulator();
    Broadcast<PassPlan> shared = context.broadcast(plan);
    StructType schema = source.schema();
    JavaRDD<ColumnarBatch> batches = source.batches().toJavaRDD();
    int tasks = Math.max(1, Math.min(batches.getNumPartitions(), context.defaultParallelism()));
    JavaPairRDD<StateKey, Tuple2<Long, byte[]>> parts =
        batches
            .mapPartitionsWithIndex(
                (task, iterator) ->
                    profile(task, iterator, shared.value(), schema, rows, rowsWithoutTime, bytes),
                false)
            .mapToPair(tuple -> tuple);
    return new FusedPass(StateMerge.merge(parts, shared, tasks), rows, rowsWithoutTime, bytes);
  }

  private static Iterator<Tuple2<StateKey, Tuple2<Long, byte[]>>> profile(
      int task,
      Iterator<ColumnarBatch> batches,
      PassPlan plan,
      StructType schema,
      LongAccumulator rows,
      LongAccumulator rowsWithoutTime,
      LongAccumulator bytes) {
    TaskProfiler profiler = new TaskProfiler(plan, schema);
    while (batches.hasNext()) {
      profiler.add(batches.next());
    }
    rows.add(profiler.rows());
    rowsWithoutTime.add(profiler.rowsWithoutTime());
    bytes.add(TaskContext.get().taskMetrics().inputMetrics().bytesRead());
    return profiler.finish().stream()
        .map(state -> new Tuple2<>(state._1, new Tuple2<>((long) task, state._2)))
        .iterator();
  }

  /** The states; computed each time they are used, so persist what is used twice. */
  public JavaPairRDD<StateKey, byte[]> states() {
    return states;
  }

  /** Rows scanned so far. */
  public long rowsRead() {
    return rows.value();
  }

  /** Rows without an event time, which no window holds. */
  public long rowsWithoutTime() {
    return rowsWithoutTime.value();
  }

  /** Bytes read so far. */
  public long bytesRead() {
    return bytes.value();
  }
}
