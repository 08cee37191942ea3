package dev.telltale.jobs.profile;

import dev.telltale.config.Granularity;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.engine.ColumnPlan;
import dev.telltale.jobs.engine.StateKey;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.LakeWriter;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import dev.telltale.profile.Anchors;
import dev.telltale.profile.ColumnKind;
import dev.telltale.profile.ColumnState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/** Writes the states of some windows of one granularity, and the metrics that follow from them. */
final class WindowWriter {
  private final SparkSession spark;
  private final Lake lake;
  private final LakeWriter writer;
  private final NightSpec spec;
  private final BaselineProfile baseline;
  private final List<ColumnPlan> columns;
  private final Instant computedAt;

  WindowWriter(
      SparkSession spark,
      Lake lake,
      LakeWriter writer,
      NightSpec spec,
      BaselineProfile baseline,
      List<ColumnPlan> columns,
      Instant computedAt) {
    this.spark = spark;
    this.lake = lake;
    this.writer = writer;
    this.spec = spec;
    this.baseline = baseline;
    this.columns = columns;
    this.computedAt = computedAt;
  }

  /**
   * What was written.
   *
   * @param rows rows of both tables
   * @param rowsByWindow rows of telemetry per window that has any
   */
  record Written(long rows, Map<Instant, Long> rowsByWindow) {}

  BaselineProfile baseline() {
    return baseline;
  }

  /** The columns that have states; the keys of states index them. */
  List<ColumnPlan> summarised() {
    return columns.stream().filter(column -> column.kind().summarised()).toList();
  }

  /**
   * Replaces the rows of {@code windows}. A window without telemetry gets its row with count 0, so
   * that silence is seen.
   *
   * @param check called with the rows per window before anything is written; may throw
   */
  Written write(
      Granularity granularity,
      SortedSet<Instant> windows,
      JavaPairRDD<StateKey, byte[]> states,
      Map<Instant, Long> duplicateIds,
      Consumer<Map<Instant, Long>> check) {
    StateRows rows =
        new StateRows(
            spec.model().model(),
            spec.runId(),
            computedAt,
            baseline.id(),
            granularity.label(),
            summarised());
    states.persist(StorageLevel.MEMORY_AND_DISK_SER());
    try {
      List<Tuple2<StateKey, String>> whole = wholes(rows, states);
      Map<Instant, Long> rowsByWindow = new TreeMap<>();
      for (Tuple2<StateKey, String> state : whole) {
        if (state._1.column() == StateKey.TABLE && state._1.modelVersion() == null) {
          rowsByWindow.put(state._1.windowStart(), Long.valueOf(state._2));
        }
      }
      check.accept(rowsByWindow);
      Map<StateKey, Instant> lastChanges =
          new ConstantRuns(lake, spec.model().model(), granularity, summarised()).starts(whole);
      JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
      Broadcast<StateRows> shared = context.broadcast(rows);
      Broadcast<Map<StateKey, Instant>> changes = context.broadcast(lastChanges);
      Broadcast<Map<Instant, Long>> duplicates = context.broadcast(new HashMap<>(duplicateIds));
      List<Row> moreStates = new ArrayList<>();
      List<Row> moreMetrics = new ArrayList<>();
      for (Instant window : windows) {
        if (!rowsByWindow.containsKey(window)) {
          addEmpty(rows, window, moreStates, moreMetrics);
        }
        for (ColumnPlan column : columns) {
          if (!column.kind().summarised()) {
            moreStates.add(rows.notSummarised(window, column));
            moreMetrics.add(rows.notSummarisedMetrics(window, column));
          }
        }
      }
      WindowScope scope = WindowScope.of(spec.model().model(), granularity, windows);
      replace(
          Tables.PROFILE_STATES,
          scope,
          states.map(state -> shared.value().state(state._1, state._2)),
          moreStates);
      replace(
          Tables.PROFILE_METRICS,
          scope,
          states.map(
              state ->
                  shared.value().metrics(state._1, state._2, changes.value(), duplicates.value())),
          moreMetrics);
      long count = states.count();
      return new Written(2 * count + moreStates.size() + moreMetrics.size(), rowsByWindow);
    } finally {
      states.unpersist();
    }
  }

  private static void addEmpty(
      StateRows rows, Instant window, List<Row> states, List<Row> metrics) {
    StateKey key = new StateKey(window.toEpochMilli(), null, null, null, StateKey.TABLE);
    byte[] empty = ColumnState.create(ColumnKind.TABLE, Anchors.NONE).toBytes();
    states.add(rows.state(key, empty));
    metrics.add(rows.metrics(key, empty, Map.of(), Map.of()));
  }

  /** Of the states outside slices: the row count of tables, the value of constant columns. */
  private static List<Tuple2<StateKey, String>> wholes(
      StateRows rows, JavaPairRDD<StateKey, byte[]> states) {
    return states
        .filter(state -> state._1.sliceKey() == null)
        .flatMapToPair(
            state -> {
              ColumnState read = rows.read(state._1, state._2);
              String told =
                  state._1.column() == StateKey.TABLE
                      ? Long.toString(read.rows())
                      : ConstantRuns.constant(read);
              return told == null
                  ? java.util.Collections.emptyIterator()
                  : List.of(new Tuple2<>(state._1, told)).iterator();
            })
        .collect();
  }

  private void replace(Tables table, WindowScope scope, JavaRDD<Row> rows, List<Row> more) {
    Dataset<Row> data = spark.createDataFrame(rows, table.schema());
    if (!more.isEmpty()) {
      data = data.union(spark.createDataFrame(more, table.schema()));
    }
    // One file per day: a window's rows are read together, and files stay few.
    Dataset<Row> arranged =
        scope.windows().size() == 1
            ? data.coalesce(1)
            : data.repartition(functions.col("window_date"));
    writer.replace(table, scope, arranged);
  }
}
