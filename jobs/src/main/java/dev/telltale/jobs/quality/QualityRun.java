package dev.telltale.jobs.quality;

import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.Together;
import dev.telltale.jobs.engine.ColumnPlan;
import dev.telltale.jobs.engine.QualityPass;
import dev.telltale.jobs.engine.StateKey;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.LakeWriter;
import dev.telltale.jobs.lake.ResultDays;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;

/** One run of the job {@code quality}: from the days that are new to rows in the tables. */
final class QualityRun {
  /** Windows whose wait is over that the maturity curve is learned from. */
  private static final int CURVE_WINDOWS = 28;

  /** A task writes the states of a window with a hundred slices in half a second. */
  private static final int WINDOWS_OF_ONE_TASK = 12;

  private final SparkSession spark;
  private final Lake lake;
  private final NightSpec spec;
  private final ModelConfig model;
  private final List<SourcePlan> sources;
  private final QualityData data;
  private final Training training;
  private final List<ColumnPlan> known;
  private final Instant computedAt = Instant.now();
  private final Map<String, Object> summary = new LinkedHashMap<>();
  private final List<JavaPairRDD<StateKey, byte[]>> persisted = new ArrayList<>();
  private final List<Part> parts = new ArrayList<>();
  private final Map<Granularity, NavigableSet<Instant>> computed = new LinkedHashMap<>();
  private final List<Row> realized = new ArrayList<>();
  private long rowsWritten;
  private long matured;

  QualityRun(
      SparkSession spark,
      Lake lake,
      NightSpec spec,
      List<SourcePlan> sources,
      QualityData data,
      Training training,
      List<ColumnPlan> known) {
    this.spark = spark;
    this.lake = lake;
    this.spec = spec;
    this.model = spec.model();
    this.sources = sources;
    this.data = data;
    this.training = training;
    this.known = known;
  }

  /**
   * States of some windows.
   *
   * @param fresh whether they are new, and not stored yet
   */
  private record Part(
      Granularity granularity,
      NavigableSet<Instant> windows,
      JavaPairRDD<StateKey, byte[]> states,
      boolean fresh) {}

  void compute(NavigableSet<Instant> days) {
    Granularity finest = model.granularities().get(0);
    NavigableSet<Instant> windows = new TreeSet<>();
    for (Instant day : days) {
      Instant start = finest.floor(day);
      do {
        windows.add(start);
        start = finest.next(start);
      } while (start.isBefore(Granularity.DAY.next(day)));
    }
    JavaPairRDD<StateKey, byte[]> states =
        data.fold(finest, windows, WindowScope.daysOf(finest, windows));
    add(finest, windows, states, true);
    List<Granularity> granularities = model.granularities();
    for (Granularity coarse : granularities.subList(1, granularities.size())) {
      rollUp(finest, coarse, windows, states);
    }
    for (Granularity granularity : granularities) {
      mature(granularity);
    }
    if (!spec.dryRun()) {
      write();
    }
    persisted.forEach(JavaPairRDD::unpersist);
  }

  private void rollUp(
      Granularity finest,
      Granularity coarse,
      SortedSet<Instant> fresh,
      JavaPairRDD<StateKey, byte[]> states) {
    NavigableSet<Instant> windows = new TreeSet<>();
    for (Instant window : fresh) {
      Instant start = coarse.floor(window);
      if (!coarse.next(start).isAfter(spec.to())) {
        windows.add(start);
      }
    }
    if (windows.isEmpty()) {
      return;
    }
    NavigableSet<Instant> others = new TreeSet<>();
    for (Instant window : windows) {
      others.addAll(
          WindowScope.between(model.model(), finest, window, coarse.next(window)).windows());
    }
    others.removeAll(fresh);
    JavaPairRDD<StateKey, byte[]> parts = states;
    if (!others.isEmpty()) {
      parts = parts.union(data.stored(finest, others));
    }
    JavaPairRDD<StateKey, byte[]> merged =
        parts
            .filter(state -> windows.contains(coarse.floor(state._1.windowStart())))
            .mapToPair(
                state ->
                    new scala.Tuple2<>(
                        state._1.inWindow(coarse.floor(state._1.windowStart())), state._2))
            .groupByKey()
            .mapValues(QualityPass::merge)
            .persist(StorageLevel.MEMORY_AND_DISK_SER());
    persisted.add(merged);
    merged.count();
    add(coarse, windows, merged, true);
  }

  /** Windows whose wait ends in the interval: nothing of them changes but that they are mature. */
  private void mature(Granularity granularity) {
    NavigableSet<Instant> windows = new TreeSet<>();
    SortedSet<LocalDate> present =
        ResultDays.of(lake, Tables.QUALITY_STATES, model.model(), granularity).present();
    for (Duration waitFor : sources.stream().map(SourcePlan::waitFor).collect(Collectors.toSet())) {
      Instant first = granularity.previous(granularity.floor(spec.from().minus(waitFor)));
      for (Instant start = first;
          !granularity.next(start).plus(waitFor).isAfter(spec.to());
          start = granularity.next(start)) {
        if (granularity.next(start).plus(waitFor).isAfter(spec.from())
            && present.contains(WindowScope.date(start))) {
          windows.add(start);
        }
      }
    }
    windows.removeAll(computed.getOrDefault(granularity, new TreeSet<>()));
    if (!windows.isEmpty()) {
      matured += windows.size();
      JavaPairRDD<StateKey, byte[]> stored =
          data.stored(granularity, windows).persist(StorageLevel.MEMORY_AND_DISK_SER());
      persisted.add(stored);
      stored.count();
      add(granularity, windows, stored, false);
    }
  }

  private void add(
      Granularity granularity,
      NavigableSet<Instant> windows,
      JavaPairRDD<StateKey, byte[]> states,
      boolean fresh) {
    parts.add(new Part(granularity, windows, states, fresh));
    computed.computeIfAbsent(granularity, absent -> new TreeSet<>()).addAll(windows);
  }

  /**
   * Everything is computed before anything is written, and what is read of other windows is what
   * they will have been once this run is done: so that running the night again gives the same.
   */
  private void write() {
    List<Row> maturity = new ArrayList<>();
    for (Part part : parts) {
      QualityRows rows = rows(part.granularity(), List.of());
      maturity.addAll(
          part.states()
              .filter(state -> state._1.sliceKey() == null && state._1.modelVersion() == null)
              .flatMap(state -> rows.maturity(state._1, state._2).iterator())
              .collect());
    }
    List<Row> curves = new ArrayList<>();
    WeightedQuality weighting = new WeightedQuality(lake, model, sources, data, known);
    for (Part part : parts) {
      QualityRows rows = rows(part.granularity(), curves(part.granularity(), maturity));
      if (part.granularity() == model.granularities().get(0)) {
        weighting.add(rows, part.states());
      }
      curves.addAll(
          part.states()
              .filter(state -> state._1.sliceKey() == null)
              .flatMap(state -> rows.curves(state._1, state._2).iterator())
              .collect());
      realized.addAll(
          part.states().flatMap(state -> rows.metrics(state._1, state._2).iterator()).collect());
    }
    QualityVerdicts verdicts =
        new QualityVerdicts(lake, spec, computedAt, training, computed, realized);
    List<Row> estimates = new ArrayList<>();
    List<List<Row>> more =
        Together.all(2, List.of(weighting::rows, () -> estimate(verdicts, estimates)));
    List<Row> metrics = new ArrayList<>(realized);
    metrics.addAll(more.get(0));
    more.get(1).stream()
        .map(row -> QualityRows.estimated(row, spec.runId(), computedAt))
        .forEach(metrics::add);
    verdicts.judge();

    List<WindowScope> scopes = new ArrayList<>();
    computed.forEach(
        (granularity, windows) -> scopes.add(WindowScope.of(model.model(), granularity, windows)));
    List<WindowScope> ownScopes =
        scopes.stream().map(scope -> scope.ofJob(QualityJob.NAME)).toList();
    LakeWriter writer = lake.writer(spec.runId()).without(model.privacy());
    rowsWritten +=
        writer.together(
            List.of(
                () -> writeStates(writer),
                () -> writer.replace(Tables.LABEL_MATURITY, scopes, maturity),
                () -> writer.replace(Tables.QUALITY_METRICS, scopes, metrics),
                () -> writer.replace(Tables.QUALITY_CURVES, scopes, curves),
                () -> writer.replace(Tables.QUALITY_COMPARISONS, scopes, verdicts.comparisons()),
                () -> writer.replace(Tables.QUALITY_ESTIMATES, scopes, estimates),
                () -> writer.replace(Tables.QUALITY_SEGMENTS, scopes, verdicts.segments()),
                () -> writer.replace(Tables.FINDINGS, ownScopes, verdicts.findingRows())));
    summary.put("windows_matured", matured);
    summary.put("estimates", estimates.size());
    summary.put("degraded", verdicts.degraded());
  }

  private QualityRows rows(Granularity granularity, List<MaturityCurve> curves) {
    return new QualityRows(
        model.model(),
        spec.runId(),
        computedAt,
        granularity.label(),
        null,
        spec.to(),
        sources,
        curves);
  }

  /** How labels arrived in the last windows whose wait is over. */
  private List<MaturityCurve> curves(Granularity granularity, List<Row> fresh) {
    List<MaturityCurve> curves = new ArrayList<>();
    for (SourcePlan source : sources) {
      Instant last = granularity.floor(spec.to().minus(source.waitFor()));
      NavigableSet<Instant> windows = new TreeSet<>();
      for (int i = 0; i < CURVE_WINDOWS; i++) {
        last = granularity.previous(last);
        windows.add(last);
      }
      List<Row> rows = new ArrayList<>();
      fresh.stream()
          .filter(row -> granularity.label().equals(row.getAs("granularity")))
          .filter(row -> windows.contains(row.<Timestamp>getAs("window_start").toInstant()))
          .forEach(rows::add);
      windows.removeAll(computed.get(granularity));
      rows.addAll(
          lake.rows(
              Tables.LABEL_MATURITY,
              WindowScope.of(model.model(), granularity, windows),
              "source",
              "age_hours",
              "labels"));
      curves.add(
          MaturityCurve.of(
              rows.stream().filter(row -> source.name().equals(row.getAs("source"))).toList(),
              source.waitFor()));
    }
    return curves;
  }

  /**
   * Estimates what is awaited and checks what was.
   *
   * @param estimates receives the rows of {@code quality_estimates}
   * @return those of them whose windows are awaited
   */
  private List<Row> estimate(QualityVerdicts verdicts, List<Row> estimates) {
    List<Row> awaited = new ArrayList<>();
    Optional<Estimation> possible =
        Estimation.of(lake, spec, computedAt, data, training, known, sources);
    if (possible.isPresent()) {
      Estimation estimation = possible.get();
      Granularity finest = model.granularities().get(0);
      for (Part part : parts) {
        if (part.fresh() && part.granularity() == finest) {
          estimation.learn(part.windows(), part.states());
        }
      }
      computed
          .keySet()
          .forEach(
              granularity ->
                  estimates.addAll(estimation.checked(granularity, verdicts.tables(granularity))));
      for (Part part : parts) {
        awaited.addAll(
            estimation.awaited(part.granularity(), part.windows(), part.states(), estimates));
      }
      estimates.addAll(awaited);
    }
    return awaited;
  }

  private long writeStates(LakeWriter writer) {
    List<WindowScope> scopes = new ArrayList<>();
    JavaRDD<Row> all = null;
    for (Part part : parts) {
      if (part.fresh()) {
        QualityRows rows = rows(part.granularity(), List.of());
        JavaRDD<Row> some = part.states().map(state -> rows.state(state._1, state._2));
        all = all == null ? some : all.union(some);
        scopes.add(WindowScope.of(model.model(), part.granularity(), part.windows()));
      }
    }
    long windows = scopes.stream().mapToInt(scope -> scope.windows().size()).sum();
    Dataset<Row> rows = spark.createDataFrame(all, Tables.QUALITY_STATES.schema());
    // One task writes a file a day; many days are shared among tasks.
    return writer.replace(
        Tables.QUALITY_STATES,
        scopes,
        windows <= WINDOWS_OF_ONE_TASK
            ? rows.coalesce(1)
            : rows.repartition(functions.col("window_date")));
  }

  /** The windows that were computed, by their granularity. */
  Map<Granularity, NavigableSet<Instant>> windows() {
    return computed;
  }

  /** The realized metrics of these windows, as they were written. */
  List<Row> realized() {
    String finest = model.granularities().get(0).label();
    return realized.stream().filter(row -> finest.equals(row.getAs("granularity"))).toList();
  }

  Map<String, Object> summary() {
    return summary;
  }

  long rowsWritten() {
    return rowsWritten;
  }
}
