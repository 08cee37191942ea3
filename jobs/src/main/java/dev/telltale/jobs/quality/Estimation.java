package dev.telltale.jobs.quality;

import dev.telltale.config.Feedback;
import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.engine.QualityPass;
import dev.telltale.jobs.engine.StateKey;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.ResultDays;
import dev.telltale.jobs.lake.TableRow;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import dev.telltale.quality.Estimate;
import dev.telltale.quality.MetricKind;
import dev.telltale.quality.QualityState;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import scala.Tuple2;

/**
 * Quality before labels: estimates of the windows that the night is about, kept as they were made
 * until their wait is over, and then held against what the labels said.
 */
final class Estimation {
  /** What was learned longer ago may no longer hold. */
  private static final Duration LEARNED_FROM = Duration.ofDays(28);

  private static final int RECORD_WINDOWS = 28;

  private final Lake lake;
  private final NightSpec spec;
  private final ModelConfig model;
  private final Instant computedAt;
  private final QualityData data;
  private final String baselineId;
  private final int truth;
  private final SourcePlan source;
  private final NavigableSet<Instant> freshWindows = new TreeSet<>();
  private JavaPairRDD<StateKey, byte[]> freshStates;
  private ScoreCalibrations calibrations;

  private Estimation(
      Lake lake,
      NightSpec spec,
      Instant computedAt,
      QualityData data,
      String baselineId,
      int truth,
      SourcePlan source) {
    this.lake = lake;
    this.spec = spec;
    this.model = spec.model();
    this.computedAt = computedAt;
    this.data = data;
    this.baselineId = baselineId;
    this.truth = truth;
    this.source = source;
  }

  /** Of the source that is the truth; empty without one. */
  static Optional<Estimation> of(
      Lake lake,
      NightSpec spec,
      Instant computedAt,
      QualityData data,
      String baselineId,
      List<SourcePlan> sources) {
    for (int i = 0; i < sources.size(); i++) {
      if (sources.get(i).kind() == Feedback.Kind.OUTCOME) {
        return Optional.of(
            new Estimation(lake, spec, computedAt, data, baselineId, i, sources.get(i)));
      }
    }
    return Optional.empty();
  }

  /** States of the finest granularity that are new, instead of those that are stored. */
  void learn(SortedSet<Instant> windows, JavaPairRDD<StateKey, byte[]> states) {
    freshWindows.addAll(windows);
    freshStates = freshStates == null ? states : freshStates.union(states);
  }

  /**
   * Rows of {@code quality_estimates} of those windows whose labels are awaited: of windows of the
   * interval new ones, of earlier windows those that were made in their night.
   *
   * @param checked rows that have just been checked, and are not stored yet
   */
  List<Row> awaited(
      Granularity granularity,
      SortedSet<Instant> windows,
      JavaPairRDD<StateKey, byte[]> states,
      List<Row> checked) {
    NavigableSet<Instant> fresh = new TreeSet<>();
    NavigableSet<Instant> earlier = new TreeSet<>();
    for (Instant start : windows) {
      Instant end = granularity.next(start);
      if (!source.isOver(end, spec.to())) {
        (end.isAfter(spec.from()) ? fresh : earlier).add(start);
      }
    }
    List<Row> rows = new ArrayList<>(stored(granularity, earlier));
    if (!fresh.isEmpty()) {
      rows.addAll(made(granularity, fresh, states, checked));
    }
    return rows;
  }

  /** Rows of {@code quality_estimates} of windows whose wait is over, with what came of them. */
  List<Row> checked(Granularity granularity, Map<Instant, MetricTable> tables) {
    NavigableSet<Instant> mature = new TreeSet<>();
    for (Instant start : tables.keySet()) {
      if (source.isOver(granularity.next(start), spec.to())) {
        mature.add(start);
      }
    }
    List<Row> rows = new ArrayList<>();
    for (Row row : stored(granularity, mature)) {
      MetricTable table = tables.get(row.<Timestamp>getAs("window_start").toInstant());
      table
          .metric(MetricTable.group(row), row.getAs("metric"))
          .filter(entry -> entry.labels() >= source.minimumLabels())
          .ifPresentOrElse(
              entry -> rows.add(checked(row, entry.estimate().value())), () -> rows.add(row));
    }
    return rows;
  }

  private Row checked(Row row, double realized) {
    TableRow copy = new TableRow(Tables.QUALITY_ESTIMATES.schema());
    for (String name : Tables.QUALITY_ESTIMATES.schema().fieldNames()) {
      copy.set(name, row.getAs(name));
    }
    return copy.set("run_id", spec.runId())
        .set("computed_at", computedAt)
        .set("realized", realized)
        .set("difference", row.<Double>getAs("estimate") - realized)
        .set(
            "covered",
            row.<Double>getAs("ci_low") <= realized && realized <= row.<Double>getAs("ci_high"))
        .build();
  }

  private List<Row> stored(Granularity granularity, Collection<Instant> windows) {
    return lake
        .rows(Tables.QUALITY_ESTIMATES, WindowScope.of(model.model(), granularity, windows))
        .stream()
        .filter(row -> source.name().equals(row.getAs("source")))
        .toList();
  }

  private List<Row> made(
      Granularity granularity,
      SortedSet<Instant> windows,
      JavaPairRDD<StateKey, byte[]> states,
      List<Row> checked) {
    ScoreCalibrations learned = calibrations();
    if (learned.isEmpty()) {
      return List.of();
    }
    EstimateRecord record = record(granularity, windows.first(), checked);
    TreeSet<Instant> wanted = new TreeSet<>(windows);
    int column = truth;
    List<Row> rows = new ArrayList<>();
    for (Row estimate :
        states
            .filter(state -> state._1.column() == column && wanted.contains(state._1.windowStart()))
            .flatMap(state -> estimates(state._1, state._2, learned).iterator())
            .collect()) {
      rows.add(row(granularity, estimate, record));
    }
    return rows;
  }

  /** On executors: the estimates of one state. */
  private static List<Row> estimates(StateKey key, byte[] bytes, ScoreCalibrations learned) {
    List<Row> rows = new ArrayList<>();
    learned
        .of(key.modelVersion())
        .ifPresent(
            calibration ->
                QualityState.read(bytes)
                    .estimates(calibration)
                    .forEach((metric, estimate) -> rows.add(values(key, metric, estimate))));
    return rows;
  }

  private static Row values(StateKey key, String metric, Estimate estimate) {
    return RowFactory.create(
        key.windowStart().toEpochMilli(),
        key.modelVersion(),
        key.sliceKey(),
        key.sliceValue(),
        metric,
        estimate.value(),
        estimate.stdError().orElseThrow(),
        estimate.low().orElseThrow(),
        estimate.high().orElseThrow(),
        estimate.rows());
  }

  private Row row(Granularity granularity, Row estimate, EstimateRecord record) {
    Instant start = Instant.ofEpochMilli(estimate.getLong(0));
    MetricTable.Group group =
        new MetricTable.Group(
            source.name(), estimate.getString(1), estimate.getString(2), estimate.getString(3));
    String metric = estimate.getString(4);
    EstimateRecord.Entry entry = record.of(group, metric);
    Interval interval =
        entry.spread() > 0
            ? Interval.of(metric, estimate.getDouble(5), estimate.getDouble(6), entry)
            : new Interval(estimate.getDouble(6), estimate.getDouble(7), estimate.getDouble(8));
    return new TableRow(Tables.QUALITY_ESTIMATES.schema())
        .window(start, granularity.next(start))
        .set("granularity", granularity.label())
        .set("model_id", model.model())
        .set("model_version", group.modelVersion())
        .set("slice_key", group.sliceKey())
        .set("slice_value", group.sliceValue())
        .set("run_id", spec.runId())
        .set("computed_at", computedAt)
        .set("source", source.name())
        .set("metric", metric)
        .set("estimate", estimate.getDouble(5))
        .set("std_error", interval.stdError())
        .set("std_error_of_labels", estimate.getDouble(6))
        .set("ci_low", interval.low())
        .set("ci_high", interval.high())
        .set("n", estimate.getLong(9))
        .set("learned_from", calibrations.learnedFrom())
        .set("record_windows", entry.windows())
        .set("record_covered", entry.covered())
        .set("record_bias", entry.bias())
        .set("withheld", entry.isBad())
        .set(
            "because",
            entry.words()
                + (entry.isBad() ? " That is worse than chance allows: it is withheld." : ""))
        .build();
  }

  /** Standard error and interval of an estimate. */
  private record Interval(double stdError, double low, double high) {
    private static final double UPPER = 0.975;

    /** As wide as the record says, of shares on the scale of the logit. */
    static Interval of(String metric, double value, double ofLabels, EstimateRecord.Entry record) {
      double error = Math.sqrt(ofLabels * ofLabels + record.spread());
      double half =
          error * new TDistribution(null, record.windows()).inverseCumulativeProbability(UPPER);
      if (!MetricKind.of(metric).bounded() || !(value > 0 && value < 1)) {
        return new Interval(error, Math.max(0, value - half), value + half);
      }
      double logit = Math.log(value / (1 - value));
      double width = half / (value * (1 - value));
      return new Interval(
          error, 1 / (1 + Math.exp(width - logit)), 1 / (1 + Math.exp(-width - logit)));
    }
  }

  private EstimateRecord record(Granularity granularity, Instant before, List<Row> checked) {
    NavigableSet<Instant> windows = new TreeSet<>();
    Instant start = before;
    for (int i = 0; i < RECORD_WINDOWS; i++) {
      start = granularity.previous(start);
      windows.add(start);
    }
    List<Row> rows = new ArrayList<>();
    NavigableSet<Instant> others = new TreeSet<>(windows);
    for (Row row : checked) {
      Instant window = row.<Timestamp>getAs("window_start").toInstant();
      if (granularity.label().equals(row.getAs("granularity")) && windows.contains(window)) {
        rows.add(row);
        others.remove(window);
      }
    }
    rows.addAll(stored(granularity, others));
    return new EstimateRecord(rows, QualityJob.policy(model));
  }

  /**
   * From the windows whose wait was over when the interval ended; before there are any, training.
   */
  private ScoreCalibrations calibrations() {
    if (calibrations == null) {
      Granularity finest = model.granularities().get(0);
      Instant last = finest.floor(spec.to().minus(source.waitFor()));
      Instant first = finest.floor(last.minus(LEARNED_FROM));
      NavigableSet<Instant> windows = new TreeSet<>();
      SortedSet<java.time.LocalDate> present =
          ResultDays.of(lake, Tables.QUALITY_STATES, model.model(), finest).present();
      WindowScope.between(model.model(), finest, first, last).windows().stream()
          .filter(
              start ->
                  freshWindows.contains(start)
                      || present.contains(start.atZone(ZoneOffset.UTC).toLocalDate()))
          .forEach(windows::add);
      calibrations =
          windows.isEmpty()
              ? new ScoreCalibrations(Map.of(), 0, "")
              : new ScoreCalibrations(
                  mature(finest, windows),
                  source.minimumLabels(),
                  "labels of " + windows.first() + " to " + finest.next(windows.last()));
      if (calibrations.isEmpty()) {
        calibrations = new ScoreCalibrations(training(), source.minimumLabels(), "training");
      }
    }
    return calibrations;
  }

  private Map<String, byte[]> mature(Granularity finest, Collection<Instant> windows) {
    int column = truth;
    Map<String, byte[]> states = new HashMap<>();
    data.stored(finest, windows)
        .filter(state -> state._1.column() == column && state._1.sliceKey() == null)
        .mapToPair(
            state ->
                new Tuple2<>(Optional.ofNullable(state._1.modelVersion()).orElse(""), state._2))
        .groupByKey(1)
        .mapValues(QualityPass::merge)
        .collect()
        .forEach(state -> states.put(state._1.isEmpty() ? null : state._1, state._2));
    return states;
  }

  private Map<String, byte[]> training() {
    Map<String, byte[]> states = new LinkedHashMap<>();
    lake.latest().rows(Tables.QUALITY_STATES, WindowScope.baseline(model.model())).stream()
        .filter(row -> baselineId.equals(row.getAs("baseline_id")))
        .filter(row -> row.getAs("slice_key") == null)
        .forEach(row -> states.put(null, row.getAs("state")));
    return states;
  }
}
