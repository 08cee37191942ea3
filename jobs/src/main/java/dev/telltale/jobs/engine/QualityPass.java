package dev.telltale.jobs.engine;

import dev.telltale.quality.QualityState;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.InputFileBlockHolder;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.LongAccumulator;
import scala.Tuple2;

/**
 * One scan of predictions with their truth into the quality states of every window, version and
 * slice. Quality states do not depend on the order of rows, so that it does not matter how the data
 * is divided into tasks.
 */
public final class QualityPass implements AutoCloseable {
  private final JavaPairRDD<StateKey, byte[]> states;
  private final LongAccumulator rows;

  private QualityPass(JavaPairRDD<StateKey, byte[]> states, LongAccumulator rows) {
    this.states = states;
    this.rows = rows;
  }

  /**
   * Plans the pass; it runs once, when its states are first used.
   *
   * @param data has {@link QualityPlan#columns()}, the column of several numbers that the task may
   *     have, and the columns of the plan's groups
   */
  public static QualityPass over(SparkSession spark, Dataset<Row> data, QualityPlan plan) {
    Set<String> names = new LinkedHashSet<>(QualityPlan.columns());
    plan.vector().ifPresent(names::add);
    names.addAll(plan.groups().sourceColumns());
    Dataset<Row> chosen =
        data.select(names.stream().map(OutcomeColumns::column).toArray(Column[]::new));
    BatchSource source = BatchSource.of(chosen, plan.groups().timeColumns());
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    LongAccumulator rows = spark.sparkContext().longAccumulator();
    Broadcast<QualityPlan> shared = context.broadcast(plan);
    StructType schema = source.schema();
    JavaRDD<ColumnarBatch> batches = source.batches().toJavaRDD();
    int tasks = Math.max(1, Math.min(batches.getNumPartitions(), context.defaultParallelism()));
    JavaPairRDD<StateKey, byte[]> states =
        batches
            .mapPartitions(
                iterator ->
                    new TaskOutput(
                        iterator,
                        new QualityTask(shared.value(), schema),
                        task -> rows.add(task.rows())))
            .mapToPair(tuple -> tuple)
            .groupByKey(tasks)
            .mapValues(QualityPass::merge);
    return new QualityPass(states.persist(StorageLevel.MEMORY_AND_DISK_SER()), rows);
  }

  /** One state of several. */
  public static byte[] merge(Iterable<byte[]> parts) {
    Iterator<byte[]> iterator = parts.iterator();
    byte[] first = iterator.next();
    if (!iterator.hasNext()) {
      return first;
    }
    QualityState state = QualityState.read(first);
    while (iterator.hasNext()) {
      state.merge(QualityState.read(iterator.next()));
    }
    return state.toBytes();
  }

  /** Reads all batches when the first state is asked for. */
  private static final class TaskOutput implements Iterator<Tuple2<StateKey, byte[]>> {
    private final Iterator<ColumnarBatch> batches;
    private final QualityTask task;
    private final Consumer<QualityTask> whenRead;
    private Iterator<Tuple2<StateKey, byte[]>> states;

    TaskOutput(Iterator<ColumnarBatch> batches, QualityTask task, Consumer<QualityTask> whenRead) {
      this.batches = batches;
      this.task = task;
      this.whenRead = whenRead;
    }

    private Iterator<Tuple2<StateKey, byte[]>> states() {
      if (states == null) {
        try {
          while (batches.hasNext()) {
            task.add(batches.next());
          }
        } catch (Exception | StackOverflowError e) {
          // Scala throws checked exceptions without saying so, and a damaged page header sends its
          // parser into a recursion that would end the whole executor.
          throw ReadException.of(InputFileBlockHolder.getInputFilePath().toString(), e);
        }
        whenRead.accept(task);
        states = task.finish().iterator();
      }
      return states;
    }

    @Override
    public boolean hasNext() {
      return states().hasNext();
    }

    @Override
    public Tuple2<StateKey, byte[]> next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return states().next();
    }
  }

  /** The states. */
  public JavaPairRDD<StateKey, byte[]> states() {
    return states;
  }

  /** The states on the driver. */
  public List<Tuple2<StateKey, byte[]>> collect() {
    return new ArrayList<>(states.collect());
  }

  /** Forgets the states; using them again scans again. */
  @Override
  public void close() {
    states.unpersist();
  }

  /** Rows scanned so far. */
  public long rowsRead() {
    return rows.value();
  }
}
