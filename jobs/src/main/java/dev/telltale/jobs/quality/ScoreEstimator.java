package dev.telltale.jobs.quality;

import dev.telltale.config.Granularity;
import dev.telltale.jobs.engine.QualityPass;
import dev.telltale.jobs.engine.StateKey;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import dev.telltale.quality.Estimate;
import dev.telltale.quality.QualityState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import scala.Tuple2;

/** Of classifiers: from what their scores meant when labels were last known. */
final class ScoreEstimator implements Estimator {
  private final Lake lake;
  private final String model;
  private final QualityData data;
  private final String baselineId;
  private final int truth;
  private final SourcePlan source;
  private final MatureWindows mature;
  private ScoreCalibrations calibrations;

  /**
   * Learns when first asked.
   *
   * @param truth index of the source
   */
  ScoreEstimator(
      Lake lake,
      String model,
      QualityData data,
      String baselineId,
      int truth,
      SourcePlan source,
      MatureWindows mature) {
    this.lake = lake;
    this.model = model;
    this.data = data;
    this.baselineId = baselineId;
    this.truth = truth;
    this.source = source;
    this.mature = mature;
  }

  @Override
  public Optional<String> learnedFrom() {
    return Optional.of(calibrations())
        .filter(learned -> !learned.isEmpty())
        .map(ScoreCalibrations::learnedFrom);
  }

  @Override
  public List<Estimated> estimates(
      Granularity granularity, SortedSet<Instant> windows, JavaPairRDD<StateKey, byte[]> states) {
    ScoreCalibrations learned = calibrations();
    TreeSet<Instant> wanted = new TreeSet<>(windows);
    int column = truth;
    return states
        .filter(state -> state._1.column() == column && wanted.contains(state._1.windowStart()))
        .flatMap(state -> estimates(state._1, state._2, learned).iterator())
        .collect()
        .stream()
        .map(ScoreEstimator::estimated)
        .toList();
  }

  /** On executors: the estimates of one state. */
  private static List<Tuple2<StateKey, Row>> estimates(
      StateKey key, byte[] bytes, ScoreCalibrations learned) {
    List<Tuple2<StateKey, Row>> rows = new ArrayList<>();
    learned
        .of(key.modelVersion())
        .ifPresent(
            calibration ->
                QualityState.read(bytes)
                    .estimates(calibration)
                    .forEach(
                        (metric, estimate) ->
                            rows.add(new Tuple2<>(key, values(metric, estimate)))));
    return rows;
  }

  private static Row values(String metric, Estimate estimate) {
    return RowFactory.create(
        metric,
        estimate.value(),
        estimate.stdError().orElseThrow(),
        estimate.low().orElseThrow(),
        estimate.high().orElseThrow(),
        estimate.rows());
  }

  private static Estimated estimated(Tuple2<StateKey, Row> values) {
    Row row = values._2;
    return new Estimated(
        values._1,
        row.getString(0),
        Estimate.of(
            row.getDouble(1),
            row.getDouble(2),
            row.getDouble(3),
            row.getDouble(4),
            row.getLong(5)));
  }

  /** From mature windows; before there are any, training. */
  private ScoreCalibrations calibrations() {
    if (calibrations == null) {
      NavigableSet<Instant> windows = mature.windows();
      calibrations =
          windows.isEmpty()
              ? new ScoreCalibrations(Map.of(), 0, "")
              : new ScoreCalibrations(states(), source.minimumLabels(), mature.words(windows));
      if (calibrations.isEmpty()) {
        calibrations = new ScoreCalibrations(training(), source.minimumLabels(), "training");
      }
    }
    return calibrations;
  }

  private Map<String, byte[]> states() {
    int column = truth;
    Map<String, byte[]> states = new HashMap<>();
    mature
        .states(data)
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
    Map<String, byte[]> states = new HashMap<>();
    lake.latest().rows(Tables.QUALITY_STATES, WindowScope.baseline(model)).stream()
        .filter(row -> baselineId.equals(row.getAs("baseline_id")))
        .filter(row -> row.getAs("slice_key") == null)
        .forEach(row -> states.put(null, row.getAs("state")));
    return states;
  }
}
