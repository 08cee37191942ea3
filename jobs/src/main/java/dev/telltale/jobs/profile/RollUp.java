package dev.telltale.jobs.profile;

import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.engine.ColumnPlan;
import dev.telltale.jobs.engine.PassPlan;
import dev.telltale.jobs.engine.StateKey;
import dev.telltale.jobs.engine.StateMerge;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import scala.Tuple2;

/**
 * Coarser granularities, merged from the stored states of the finest. A coarse window is written
 * once its last fine window has been profiled, and again when one of its windows is restated.
 */
final class RollUp {
  private final SparkSession spark;
  private final Lake lake;
  private final WindowWriter writer;

  RollUp(SparkSession spark, Lake lake, WindowWriter writer) {
    this.spark = spark;
    this.lake = lake;
    this.writer = writer;
  }

  /**
   * Rolls up what the fine windows in {@code changed} belong to.
   *
   * @return rows written
   */
  long run(ModelConfig model, SortedSet<Instant> changed) {
    Granularity finest = model.granularities().get(0);
    long rows = 0;
    for (Granularity coarse : model.granularities().subList(1, model.granularities().size())) {
      SortedSet<Instant> windows = new TreeSet<>();
      changed.forEach(window -> windows.add(coarse.floor(window)));
      for (Instant window : windows) {
        rows += rollUp(model, finest, coarse, window);
      }
    }
    return rows;
  }

  private long rollUp(ModelConfig model, Granularity finest, Granularity coarse, Instant window) {
    Instant end = coarse.next(window);
    Map<String, Integer> index = new HashMap<>();
    List<ColumnPlan> columns = writer.summarised();
    for (int c = 0; c < columns.size(); c++) {
      index.put(columns.get(c).name(), c);
    }
    index.put(":table", StateKey.TABLE);
    Dataset<Row> stored =
        lake.read(Tables.PROFILE_STATES, lake.version(Tables.PROFILE_STATES))
            .where(WindowScope.between(model.model(), finest, window, end).predicate())
            .where(functions.col("baseline_id").equalTo(writer.baseline().id()))
            .where("state IS NOT NULL");
    Instant last = finest.previous(end);
    boolean complete =
        !stored
            .where(functions.col("window_start").equalTo(functions.lit(Timestamp.from(last))))
            .where("column_name = ':table'")
            .isEmpty();
    if (!complete) {
      return 0;
    }
    long start = window.toEpochMilli();
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    JavaPairRDD<StateKey, Tuple2<Long, byte[]>> parts =
        stored
            .select(
                "window_start", "model_version", "slice_key", "slice_value", "column_name", "state")
            .toJavaRDD()
            .filter((Row row) -> index.containsKey(row.getString(4)))
            .mapToPair(
                row ->
                    new Tuple2<>(
                        new StateKey(
                            start,
                            row.getString(1),
                            row.getString(2),
                            row.getString(3),
                            index.get(row.getString(4))),
                        new Tuple2<>(row.<Timestamp>getAs(0).getTime(), row.<byte[]>getAs(5))));
    Broadcast<PassPlan> plan = context.broadcast(PassPlan.whole(columns, List.of()));
    JavaPairRDD<StateKey, byte[]> merged =
        StateMerge.merge(parts, plan, context.defaultParallelism());
    Map<Instant, Long> duplicates = Map.of(window, duplicateIds(model, finest, window, end));
    return writer
        .write(coarse, new TreeSet<>(List.of(window)), merged, duplicates, counts -> {})
        .rows();
  }

  private long duplicateIds(ModelConfig model, Granularity finest, Instant from, Instant to) {
    Row sum =
        lake.read(Tables.PROFILE_METRICS, lake.version(Tables.PROFILE_METRICS))
            .where(WindowScope.between(model.model(), finest, from, to).predicate())
            .where("column_name = ':table'")
            .agg(functions.sum("num_duplicate_ids"))
            .head();
    return sum.isNullAt(0) ? 0 : sum.getLong(0);
  }
}
