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
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import scala.Tuple2;

/** Gathers the states of windows, and writes them with the metrics that follow from them. */
final class WindowWriter {
  private static final long ROWS_PER_FILE = 20_000;

  private final SparkSession spark;
  private final Lake lake;
  private final LakeWriter writer;
  private final NightSpec spec;
  private final BaselineProfile baseline;
  private final List<ColumnPlan> columns;
  private final Instant computedAt;
  private final JavaSparkContext context;
  private final List<WindowScope> scopes = new ArrayList<>();
  private final List<JavaRDD<Row>> stateRows = new ArrayList<>();
  private final List<JavaRDD<Row>> metricRows = new ArrayList<>();
  private final List<Row> moreStates = new ArrayList<>();
  private final List<Row> moreMetrics = new ArrayList<>();
  private long count;

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
    this.context = JavaSparkContext.fromSparkContext(spark.sparkContext());
  }

  BaselineProfile baseline() {
    return baseline;
  }

  /** The columns that have states; the keys of states index them. */
  List<ColumnPlan> summarised() {
    return columns.stream().filter(column -> column.kind().summarised()).toList();
  }

  /**
   * Adds windows to what will be written. A window without telemetry gets its row with count 0, so
   * that silence is seen.
   *
   * @param states persisted until all is written: they are used several times
   * @return rows of telemetry per window that has any
   */
  Map<Instant, Long> add(
      Granularity granularity,
      SortedSet<Instant> windows,
      JavaPairRDD<StateKey, byte[]> states,
      Map<Instant, Long> duplicateIds) {
    StateRows rows =
        new StateRows(
            spec.model().model(),
            spec.runId(),
            computedAt,
            baseline.id(),
            granularity.label(),
            summarised());
    List<Tuple2<StateKey, String>> whole = wholes(rows, states);
    Map<Instant, Long> rowsByWindow = new TreeMap<>();
    for (Tuple2<StateKey, String> state : whole) {
      if (state._1.column() == StateKey.TABLE && state._1.modelVersion() == null) {
        rowsByWindow.put(state._1.windowStart(), Long.valueOf(state._2));
      }
    }
    Map<StateKey, Instant> lastChanges =
        new ConstantRuns(lake, spec.model().model(), granularity, summarised()).starts(whole);
    Broadcast<StateRows> shared = context.broadcast(rows);
    Broadcast<Map<StateKey, Instant>> changes = context.broadcast(lastChanges);
    Broadcast<Map<Instant, Long>> duplicates = context.broadcast(new HashMap<>(duplicateIds));
    for (Instant window : windows) {
      if (!rowsByWindow.containsKey(window)) {
        addEmpty(rows, window);
      }
      for (ColumnPlan column : columns) {
        if (!column.kind().summarised()) {
          moreStates.add(rows.notSummarised(window, column));
          moreMetrics.add(rows.notSummarisedMetrics(window, column));
        }
      }
    }
    scopes.add(WindowScope.of(spec.model().model(), granularity, windows));
    stateRows.add(states.map(state -> shared.value().state(state._1, state._2)));
    metricRows.add(
        states.map(
            state ->
                shared.value().metrics(state._1, state._2, changes.value(), duplicates.value())));
    count += states.count();
    return rowsByWindow;
  }

  /**
   * Replaces the rows of all windows added, in one commit a table.
   *
   * @return rows of both tables
   */
  long write() {
    write(Tables.PROFILE_STATES, stateRows, moreStates);
    write(Tables.PROFILE_METRICS, metricRows, moreMetrics);
    return 2 * count + moreStates.size() + moreMetrics.size();
  }

  private void write(Tables table, List<JavaRDD<Row>> rows, List<Row> more) {
    JavaRDD<Row> all = rows.get(0);
    for (JavaRDD<Row> part : rows.subList(1, rows.size())) {
      all = all.union(part);
    }
    Dataset<Row> data = spark.createDataFrame(all, table.schema());
    if (!more.isEmpty()) {
      data = data.union(spark.createDataFrame(more, table.schema()));
    }
    boolean one = scopes.size() == 1 && scopes.get(0).windows().size() == 1;
    // One file per window unless it is long: its rows are read together, and files stay few.
    writer.replace(
        table,
        scopes,
        one
            ? data.coalesce(1 + (int) (count / ROWS_PER_FILE))
            : data.repartition(functions.col("window_date"), functions.col("granularity")));
  }

  private void addEmpty(StateRows rows, Instant window) {
    StateKey key = new StateKey(window.toEpochMilli(), null, null, null, StateKey.TABLE);
    byte[] empty = ColumnState.create(ColumnKind.TABLE, Anchors.NONE).toBytes();
    moreStates.add(rows.state(key, empty));
    moreMetrics.add(rows.metrics(key, empty, Map.of(), Map.of()));
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
}
