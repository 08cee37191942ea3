package dev.telltale.jobs.quality;

import dev.telltale.config.Feedback;
import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.engine.ColumnPlan;
import dev.telltale.jobs.engine.StateKey;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.TableRow;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import dev.telltale.quality.Estimate;
import dev.telltale.quality.MetricKind;
import dev.telltale.quality.Task;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.sql.Row;

/**
 * Quality before labels: estimates of the windows that the night is about, kept as they were made
 * until their wait is over, and then held against what the labels said.
 */
final class Estimation {
  private static final int RECORD_WINDOWS = 28;

  private final Lake lake;
  private final NightSpec spec;
  private final ModelConfig model;
  private final Instant computedAt;
  private final SourcePlan source;
  private final MatureWindows mature;
  private final Estimator estimator;

  private Estimation(
      Lake lake,
      NightSpec spec,
      Instant computedAt,
      SourcePlan source,
      MatureWindows mature,
      Estimator estimator) {
    this.lake = lake;
    this.spec = spec;
    this.model = spec.model();
    this.computedAt = computedAt;
    this.source = source;
    this.mature = mature;
    this.estimator = estimator;
  }

  /**
   * Of the source that is the truth; empty without one.
   *
   * @param known columns of the baseline; none where it is not profiled
   */
  static Optional<Estimation> of(
      Lake lake,
      NightSpec spec,
      Instant computedAt,
      QualityData data,
      Training training,
      List<ColumnPlan> known,
      List<SourcePlan> sources) {
    for (int i = 0; i < sources.size(); i++) {
      SourcePlan source = sources.get(i);
      if (source.kind() == Feedback.Kind.OUTCOME) {
        MatureWindows mature = new MatureWindows(lake, spec, source);
        Estimator estimator =
            source.task() == Task.REGRESSION
                ? new LossEstimator(
                    lake, spec.model(), data, training.baseline(), known, source, mature)
                : new ScoreEstimator(
                    lake, spec.model().model(), data, training.baselineId(), i, source, mature);
        return Optional.of(new Estimation(lake, spec, computedAt, source, mature, estimator));
      }
    }
    return Optional.empty();
  }

  /** States of the finest granularity that are new, instead of those that are stored. */
  void learn(SortedSet<Instant> windows, JavaPairRDD<StateKey, byte[]> states) {
    mature.learn(windows, states);
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
    Optional<String> learnedFrom = estimator.learnedFrom();
    if (learnedFrom.isEmpty()) {
      return List.of();
    }
    EstimateRecord record = record(granularity, windows.first(), checked);
    return estimator.estimates(granularity, windows, states).stream()
        .map(estimated -> row(granularity, estimated, learnedFrom.get(), record))
        .toList();
  }

  private Row row(
      Granularity granularity,
      Estimator.Estimated estimated,
      String learnedFrom,
      EstimateRecord record) {
    StateKey key = estimated.key();
    Instant start = key.windowStart();
    MetricTable.Group group =
        new MetricTable.Group(source.name(), key.modelVersion(), key.sliceKey(), key.sliceValue());
    String metric = estimated.metric();
    Estimate estimate = estimated.estimate();
    double ofLabels = estimate.stdError().orElseThrow();
    EstimateRecord.Entry entry = record.of(group, metric);
    Interval interval =
        entry.spread() > 0
            ? Interval.of(metric, estimate.value(), ofLabels, entry)
            : new Interval(ofLabels, estimate.low().orElseThrow(), estimate.high().orElseThrow());
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
        .set("estimate", estimate.value())
        .set("std_error", interval.stdError())
        .set("std_error_of_labels", ofLabels)
        .set("ci_low", interval.low())
        .set("ci_high", interval.high())
        .set("n", estimate.rows())
        .set("learned_from", learnedFrom)
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

    /**
     * As wide as the record says: of shares on the scale of the logit, of losses on that of the
     * logarithm.
     */
    static Interval of(String metric, double value, double ofLabels, EstimateRecord.Entry record) {
      double error = Math.sqrt(ofLabels * ofLabels + record.spread());
      double half =
          error * new TDistribution(null, record.windows()).inverseCumulativeProbability(UPPER);
      if (!MetricKind.of(metric).bounded() && value > 0) {
        double factor = Math.exp(half / value);
        return new Interval(error, value / factor, value * factor);
      }
      if (!(value > 0 && value < 1)) {
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
}
