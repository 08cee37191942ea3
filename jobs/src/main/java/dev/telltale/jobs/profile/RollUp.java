package dev.telltale.jobs.profile;

import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.engine.ColumnPlan;
import dev.telltale.jobs.engine.PassPlan;
import dev.telltale.jobs.engine.StateKey;
import dev.telltale.jobs.engine.StateMerge;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.ResultDays;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * Coarser granularities, merged from states of the finest: those that this run has just counted,
 * and for the other windows those that are stored. A coarse window is written once its last fine
 * window has been profiled, and again when one of its windows is restated.
 */
final class RollUp implements AutoCloseable {
  private final SparkSession spark;
  private final Lake lake;
  private final WindowWriter writer;
  private final Granularity finest;
  private final String modelId;
  private final Map<Instant, Long> duplicateIds;
  private final List<JavaPairRDD<StateKey, byte[]>> persisted = new ArrayList<>();

  /**
   * Rolls up for a model.
   *
   * @param duplicateIds of the fine windows of this run
   */
  RollUp(
      SparkSession spark,
      Lake lake,
      WindowWriter writer,
      ModelConfig model,
      Map<Instant, Long> duplicateIds) {
    this.spark = spark;
    this.lake = lake;
    this.writer = writer;
    this.finest = model.granularities().get(0);
    this.modelId = model.model();
    this.duplicateIds = duplicateIds;
  }

  /**
   * Rolls up what the fine windows in {@code fresh} belong to.
   *
   * @param fresh the fine windows of this run
   * @param states their states
   */
  void run(Granularity coarse, SortedSet<Instant> fresh, JavaPairRDD<StateKey, byte[]> states) {
    SortedSet<Instant> windows =
        ResultDays.of(lake, Tables.PROFILE_STATES, modelId, finest).complete(coarse, fresh);
    if (windows.isEmpty()) {
      return;
    }
    SortedSet<Instant> others = new TreeSet<>();
    for (Instant window : windows) {
      others.addAll(WindowScope.between(modelId, finest, window, coarse.next(window)).windows());
    }
    others.removeAll(fresh);
    JavaPairRDD<StateKey, Tuple2<Long, byte[]>> parts =
        states
            .filter(state -> windows.contains(coarse.floor(state._1.windowStart())))
            .mapToPair(state -> part(coarse, state._1, state._2));
    if (!others.isEmpty()) {
      parts = parts.union(stored(coarse, others));
    }
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Broadcast<PassPlan> plan = context.broadcast(PassPlan.whole(writer.summarised(), List.of()));
    JavaPairRDD<StateKey, byte[]> merged =
        StateMerge.merge(parts, plan, context.defaultParallelism())
            .persist(StorageLevel.MEMORY_AND_DISK_SER());
    persisted.add(merged);
    writer.add(coarse, windows, merged, duplicates(coarse, fresh, others));
  }

  /** Forgets the merged states, once they are written. */
  @Override
  public void close() {
    persisted.forEach(JavaPairRDD::unpersist);
  }

  private JavaPairRDD<StateKey, Tuple2<Long, byte[]>> stored(
      Granularity coarse, SortedSet<Instant> windows) {
    Map<String, Integer> index = new HashMap<>();
    List<ColumnPlan> columns = writer.summarised();
    for (int c = 0; c < columns.size(); c++) {
      index.put(columns.get(c).name(), c);
    }
    index.put(":table", StateKey.TABLE);
    return lake.read(Tables.PROFILE_STATES, WindowScope.of(modelId, finest, windows))
        .where(functions.col("baseline_id").equalTo(writer.baseline().id()))
        .where("state IS NOT NULL")
        .select("window_start", "model_version", "slice_key", "slice_value", "column_name", "state")
        .toJavaRDD()
        .filter((Row row) -> index.containsKey(row.getString(4)))
        .mapToPair(
            row ->
                part(
                    coarse,
                    new StateKey(
                        row.<Timestamp>getAs(0).getTime(),
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        index.get(row.getString(4))),
                    row.getAs(5)));
  }

  /** A fine state as a part of its coarse window; parts are merged in the order of time. */
  private static Tuple2<StateKey, Tuple2<Long, byte[]>> part(
      Granularity coarse, StateKey key, byte[] state) {
    return new Tuple2<>(
        key.inWindow(coarse.floor(key.windowStart())),
        new Tuple2<>(key.windowStart().toEpochMilli(), state));
  }

  private Map<Instant, Long> duplicates(
      Granularity coarse, SortedSet<Instant> fresh, SortedSet<Instant> others) {
    Map<Instant, Long> duplicates = new HashMap<>();
    fresh.forEach(
        window ->
            duplicates.merge(
                coarse.floor(window), duplicateIds.getOrDefault(window, 0L), Long::sum));
    for (Row row :
        lake.rows(
            Tables.PROFILE_METRICS,
            WindowScope.of(modelId, finest, others),
            "window_start",
            "num_duplicate_ids")) {
      if (!row.isNullAt(1)) {
        duplicates.merge(coarse.floor(row.getTimestamp(0).toInstant()), row.getLong(1), Long::sum);
      }
    }
    return duplicates;
  }
}
