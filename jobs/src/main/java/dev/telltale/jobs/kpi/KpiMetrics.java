package dev.telltale.jobs.kpi;

import static org.apache.spark.sql.functions.col;

import dev.telltale.config.Feedback;
import dev.telltale.config.Granularity;
import dev.telltale.config.Kpi;
import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.engine.SlicePlan;
import dev.telltale.jobs.engine.StateKey;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.TableRow;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.TimeRange;
import dev.telltale.jobs.lake.WindowScope;
import dev.telltale.quality.Estimate;
import dev.telltale.quality.KpiState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import scala.Tuple2;

/**
 * The rows of {@code kpi_metrics}. All KPIs whose events name predictions are measured in one pass
 * over the predictions, all others in one pass over their events.
 */
final class KpiMetrics {
  private static final Comparator<StateKey> ORDER =
      Comparator.comparing(StateKey::windowStart)
          .thenComparing(StateKey::column)
          .thenComparing(StateKey::modelVersion, Comparator.nullsFirst(String::compareTo))
          .thenComparing(StateKey::sliceKey, Comparator.nullsFirst(String::compareTo))
          .thenComparing(StateKey::sliceValue, Comparator.nullsFirst(String::compareTo));

  private final Lake lake;
  private final NightSpec spec;
  private final ModelConfig model;
  private final Feedback truth;
  private final Granularity granularity;
  private final List<SlicePlan> slices;
  private final Instant computedAt;

  KpiMetrics(
      Lake lake, NightSpec spec, Feedback truth, List<SlicePlan> slices, Instant computedAt) {
    this.lake = lake;
    this.spec = spec;
    this.model = spec.model();
    this.truth = truth;
    this.granularity = model.granularities().get(0);
    this.slices = slices;
    this.computedAt = computedAt;
  }

  /** Of these windows. */
  List<Row> rows(NavigableSet<Instant> windows) {
    Map<StateKey, KpiState> states = new LinkedHashMap<>();
    for (Instant start : windows) {
      for (int k = 0; k < model.kpis().size(); k++) {
        if (model.kpis().get(k).measure() != Kpi.Measure.PER_PREDICTION) {
          // Of a window without events, that there were none.
          states.put(new StateKey(start.toEpochMilli(), null, null, null, k), new KpiState());
        }
      }
    }
    measured(windows).stream()
        .sorted((a, b) -> ORDER.compare(a._1, b._1))
        .forEach(state -> states.put(state._1, KpiState.read(state._2)));
    List<Row> rows = new ArrayList<>();
    states.forEach((key, state) -> rows.add(row(key, state)));
    return rows;
  }

  private List<Tuple2<StateKey, byte[]>> measured(NavigableSet<Instant> windows) {
    List<String> columns =
        slices.stream().flatMap(slice -> slice.columns().stream()).distinct().toList();
    List<KpiTable> tables = new ArrayList<>();
    List<Integer> indexes = new ArrayList<>();
    for (int k = 0; k < model.kpis().size(); k++) {
      KpiTable table = KpiTable.open(lake, model.kpis().get(k), k);
      tables.add(table);
      if (table.isOfPredictions()) {
        indexes.add(k);
      }
    }
    KpiGroups groups =
        new KpiGroups(
            granularity,
            windows,
            indexes.stream().mapToInt(Integer::intValue).toArray(),
            truth.waitFor().toNanos() / 1000,
            slices,
            columns);
    List<TimeRange> inWindows = TimeRange.of(granularity, windows);
    List<TimeRange> untilOver =
        inWindows.stream()
            .map(range -> new TimeRange(range.from(), range.to().plus(truth.waitFor())))
            .toList();
    Optional<JavaPairRDD<StateKey, byte[]>> ofPredictions =
        union(tables.stream().filter(KpiTable::isOfPredictions).toList(), untilOver)
            .map(events -> predictions(windows, columns, events).javaRDD())
            .map(rows -> rows.mapPartitionsToPair(groups::predictions));
    Optional<JavaPairRDD<StateKey, byte[]>> ofEvents =
        union(tables.stream().filter(table -> !table.isOfPredictions()).toList(), inWindows)
            .map(events -> events.javaRDD().mapPartitionsToPair(groups::events));
    return java.util.stream.Stream.of(ofPredictions, ofEvents)
        .flatMap(Optional::stream)
        .reduce(JavaPairRDD::union)
        .map(states -> states.reduceByKey(KpiGroups::merge).collect())
        .orElse(List.of());
  }

  private static Optional<Dataset<Row>> union(List<KpiTable> tables, List<TimeRange> ranges) {
    return tables.stream().map(table -> table.events(ranges)).reduce(Dataset::unionByName);
  }

  /** The predictions of the windows, each with all its events. */
  private Dataset<Row> predictions(
      NavigableSet<Instant> windows, List<String> columns, Dataset<Row> events) {
    NavigableSet<Instant> days = new TreeSet<>();
    for (TimeRange range : TimeRange.of(granularity, windows)) {
      Instant first = Granularity.DAY.floor(range.from());
      days.addAll(WindowScope.between(model.model(), Granularity.DAY, first, range.to()).windows());
    }
    Column values =
        functions
            .array(
                columns.stream()
                    .map(name -> functions.element_at(col("slices"), name))
                    .toArray(Column[]::new))
            .cast("array<string>");
    Dataset<Row> ofId =
        events
            .groupBy(col(KpiTable.ID))
            .agg(
                functions
                    .collect_list(
                        functions.struct(col(KpiTable.KPI), col(KpiTable.AT), col(KpiTable.VALUE)))
                    .as("events"));
    Dataset<Row> said =
        lake.read(Tables.LABELLED, WindowScope.of(model.model(), Granularity.DAY, days))
            .where(col("source").equalTo(truth.name()));
    return said.join(ofId, col("prediction_id").equalTo(col(KpiTable.ID)), "left_outer")
        .select(
            functions.unix_micros(col("event_ts")),
            col("model_version"),
            col("weight"),
            values,
            col("events"));
  }

  private Row row(StateKey key, KpiState state) {
    Kpi kpi = model.kpis().get(key.column());
    Instant end = granularity.next(key.windowStart());
    Optional<Estimate> estimate =
        kpi.measure() == Kpi.Measure.COUNT ? Optional.of(state.count()) : state.mean();
    Instant over = end.plus(truth.waitFor());
    boolean mature = !over.isAfter(spec.to());
    boolean enough =
        kpi.measure() == Kpi.Measure.COUNT || state.rows() >= model.quality().minimumLabels();
    String because =
        !mature
            ? "Events may still come until " + over + "."
            : enough
                ? null
                : String.format(
                    Locale.ROOT,
                    "There are %,d rows, and %,d are needed.",
                    state.rows(),
                    model.quality().minimumLabels());
    return new TableRow(Tables.KPI_METRICS.schema())
        .window(key.windowStart(), end)
        .set("granularity", granularity.label())
        .set("model_id", model.model())
        .set("model_version", key.modelVersion())
        .set("slice_key", key.sliceKey())
        .set("slice_value", key.sliceValue())
        .set("run_id", spec.runId())
        .set("computed_at", computedAt)
        .set("kpi", kpi.name())
        .set("measure", kpi.measure().name())
        .set("goal", kpi.goal().name())
        .set("value", estimate.map(Estimate::value))
        .set("std_error", estimate.map(Estimate::stdError))
        .set("ci_low", estimate.map(Estimate::low))
        .set("ci_high", estimate.map(Estimate::high))
        .set("n", state.rows())
        .set("status", !mature ? "IMMATURE" : enough ? "OK" : "INSUFFICIENT_DATA")
        .set("because", because)
        .build();
  }
}
