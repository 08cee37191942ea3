package dev.telltale.jobs.quality;

import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.finding.Finding;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.alerts.FindingRows;
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
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
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
  private final Optional<Estimation> estimation;
  private final List<Row> estimates = new ArrayList<>();
  private final Instant computedAt = Instant.now();
  private final Map<String, Object> summary = new LinkedHashMap<>();
  private final List<JavaPairRDD<StateKey, byte[]>> persisted = new ArrayList<>();
  private final List<WindowScope> stateScopes = new ArrayList<>();
  private final List<WindowScope> metricScopes = new ArrayList<>();
  private final List<JavaRDD<Row>> stateRows = new ArrayList<>();
  private final List<JavaRDD<Row>> metricRows = new ArrayList<>();
  private final List<JavaRDD<Row>> maturityRows = new ArrayList<>();
  private final Map<Granularity, SortedSet<Instant>> computed = new LinkedHashMap<>();
  private long rowsWritten;
  private long matured;

  QualityRun(
      SparkSession spark,
      Lake lake,
      NightSpec spec,
      List<SourcePlan> sources,
      QualityData data,
      Training training) {
    this.spark = spark;
    this.lake = lake;
    this.spec = spec;
    this.model = spec.model();
    this.sources = sources;
    this.data = data;
    this.training = training;
    this.estimation = Estimation.of(lake, spec, computedAt, data, training.baselineId(), sources);
  }

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
    JavaPairRDD<StateKey, byte[]> states = data.fold(finest, windows, daysOf(finest, windows));
    emit(finest, windows, states, true);
    List<Granularity> granularities = model.granularities();
    for (Granularity coarse : granularities.subList(1, granularities.size())) {
      rollUp(finest, coarse, windows, states);
    }
    for (Granularity granularity : granularities) {
      mature(granularity);
    }
    if (!spec.dryRun()) {
      write();
      judge();
    }
    persisted.forEach(JavaPairRDD::unpersist);
  }

  private static List<Instant> daysOf(Granularity finest, SortedSet<Instant> windows) {
    List<Instant> days = new ArrayList<>();
    for (Instant window : windows) {
      for (Instant day = Granularity.DAY.floor(window);
          day.isBefore(finest.next(window));
          day = Granularity.DAY.next(day)) {
        days.add(day);
      }
    }
    return days;
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
    emit(coarse, windows, merged, true);
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
            && present.contains(start.atZone(ZoneOffset.UTC).toLocalDate())) {
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
      emit(granularity, windows, stored, false);
    }
  }

  private void emit(
      Granularity granularity,
      SortedSet<Instant> windows,
      JavaPairRDD<StateKey, byte[]> states,
      boolean fresh) {
    QualityRows rows =
        new QualityRows(
            model.model(),
            spec.runId(),
            computedAt,
            granularity.label(),
            null,
            spec.to(),
            sources,
            curves(granularity));
    WindowScope scope = WindowScope.of(model.model(), granularity, windows);
    computed.computeIfAbsent(granularity, absent -> new TreeSet<>()).addAll(windows);
    metricScopes.add(scope);
    metricRows.add(states.flatMap(state -> rows.metrics(state._1, state._2).iterator()));
    maturityRows.add(
        states
            .filter(state -> state._1.sliceKey() == null && state._1.modelVersion() == null)
            .flatMap(state -> rows.maturity(state._1, state._2).iterator()));
    List<Row> awaited =
        estimation.map(some -> some.awaited(granularity, windows, states)).orElse(List.of());
    if (!awaited.isEmpty()) {
      estimates.addAll(awaited);
      List<Row> shown =
          awaited.stream()
              .map(row -> QualityRows.estimated(row, spec.runId(), computedAt))
              .toList();
      metricRows.add(JavaSparkContext.fromSparkContext(spark.sparkContext()).parallelize(shown, 1));
    }
    if (fresh) {
      stateScopes.add(scope);
      stateRows.add(states.map(state -> rows.state(state._1, state._2)));
    }
  }

  /** How labels arrived in the last windows whose wait is over. */
  private List<MaturityCurve> curves(Granularity granularity) {
    List<MaturityCurve> curves = new ArrayList<>();
    for (SourcePlan source : sources) {
      Instant last = granularity.floor(spec.to().minus(source.waitFor()));
      NavigableSet<Instant> windows = new TreeSet<>();
      for (int i = 0; i < CURVE_WINDOWS; i++) {
        last = granularity.previous(last);
        windows.add(last);
      }
      List<Row> rows =
          lake
              .rows(
                  Tables.LABEL_MATURITY,
                  WindowScope.of(model.model(), granularity, windows),
                  "source",
                  "age_hours",
                  "labels")
              .stream()
              .filter(row -> source.name().equals(row.getAs("source")))
              .toList();
      curves.add(MaturityCurve.of(rows, source.waitFor()));
    }
    return curves;
  }

  private void write() {
    LakeWriter writer = lake.writer(spec.runId());
    rowsWritten +=
        writer.together(
            List.of(
                () -> write(writer, Tables.QUALITY_STATES, stateScopes, stateRows),
                () -> write(writer, Tables.LABEL_MATURITY, metricScopes, maturityRows),
                () -> write(writer, Tables.QUALITY_METRICS, metricScopes, metricRows)));
  }

  private long write(
      LakeWriter writer, Tables table, List<WindowScope> scopes, List<JavaRDD<Row>> parts) {
    JavaRDD<Row> all = parts.get(0);
    for (JavaRDD<Row> more : parts.subList(1, parts.size())) {
      all = all.union(more);
    }
    long windows = scopes.stream().mapToInt(scope -> scope.windows().size()).sum();
    Dataset<Row> rows = spark.createDataFrame(all, table.schema());
    // One task writes a file a day; many days are shared among tasks.
    return writer.replace(
        table,
        scopes,
        windows <= WINDOWS_OF_ONE_TASK
            ? rows.coalesce(1)
            : rows.repartition(functions.col("window_date")));
  }

  /** Compares what was computed with training and the previous version. */
  private void judge() {
    Lake now = lake.latest();
    List<Row> comparisons = new ArrayList<>();
    List<Finding> findings = new ArrayList<>();
    List<WindowScope> scopes = new ArrayList<>();
    computed.forEach(
        (granularity, windows) -> {
          Map<Instant, MetricTable> tables = tables(now, granularity, windows);
          estimation.ifPresent(
              some -> {
                TreeMap<Instant, MetricTable> written = new TreeMap<>(tables);
                written.keySet().retainAll(windows);
                estimates.addAll(some.checked(granularity, written));
              });
          WindowComparisons judge =
              new WindowComparisons(model, granularity, training, spec.runId(), computedAt);
          Map<String, Finding> before = Map.of();
          Instant last = null;
          for (Instant start : windows) {
            Instant preceding = granularity.previous(start);
            if (!preceding.equals(last)) {
              before = stored(granularity, preceding);
            }
            MetricTable table = tables.get(start);
            List<Finding> found = List.of();
            if (table != null) {
              WindowComparisons.Judged judged =
                  judge.judge(start, table, tables.get(preceding), before);
              comparisons.addAll(judged.rows());
              found = judged.findings();
            }
            findings.addAll(found);
            before = byKey(found);
            last = start;
          }
          scopes.add(WindowScope.of(model.model(), granularity, windows));
        });
    LakeWriter writer = lake.writer(spec.runId());
    List<Row> findingRows =
        findings.stream()
            .map(finding -> FindingRows.of(finding, spec.runId(), computedAt))
            .toList();
    List<WindowScope> ownScopes =
        scopes.stream().map(scope -> scope.ofJob(QualityJob.NAME)).toList();
    rowsWritten +=
        writer.together(
            List.of(
                () -> writer.replace(Tables.QUALITY_COMPARISONS, scopes, comparisons),
                () -> writer.replace(Tables.QUALITY_ESTIMATES, scopes, estimates),
                () -> writer.replace(Tables.FINDINGS, ownScopes, findingRows)));
    summary.put("windows_matured", matured);
    summary.put("estimates", estimates.size());
    summary.put("degraded", findings.stream().filter(Finding::isFiring).count());
  }

  private Map<Instant, MetricTable> tables(
      Lake now, Granularity granularity, SortedSet<Instant> windows) {
    NavigableSet<Instant> wanted = new TreeSet<>(windows);
    windows.forEach(start -> wanted.add(granularity.previous(start)));
    TreeMap<Instant, List<Row>> rows = new TreeMap<>();
    for (Row row :
        now.rows(Tables.QUALITY_METRICS, WindowScope.of(model.model(), granularity, wanted))) {
      rows.computeIfAbsent(
              row.<Timestamp>getAs("window_start").toInstant(), absent -> new ArrayList<>())
          .add(row);
    }
    TreeMap<Instant, MetricTable> tables = new TreeMap<>();
    rows.forEach((start, some) -> tables.put(start, MetricTable.of(some)));
    return tables;
  }

  private Map<String, Finding> stored(Granularity granularity, Instant start) {
    return byKey(
        lake
            .rows(
                Tables.FINDINGS,
                WindowScope.of(model.model(), granularity, List.of(start)).ofJob(QualityJob.NAME))
            .stream()
            .map(FindingRows::finding)
            .toList());
  }

  private static Map<String, Finding> byKey(List<Finding> findings) {
    Map<String, Finding> byKey = new LinkedHashMap<>();
    findings.forEach(finding -> byKey.put(finding.subject().key(), finding));
    return byKey;
  }

  Map<String, Object> summary() {
    return summary;
  }

  long rowsWritten() {
    return rowsWritten;
  }
}
