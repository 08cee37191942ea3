package dev.telltale.jobs.quality;

import dev.telltale.config.Feedback;
import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.engine.QualityPass;
import dev.telltale.jobs.engine.SlicePlan;
import dev.telltale.jobs.engine.StateKey;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.SourceTable;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import dev.telltale.quality.Task;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import scala.Tuple2;

/**
 * The training evaluation: the model's metrics on its baseline, computed once per baseline and
 * declaration of what is measured.
 *
 * @param baseline the table
 * @param baselineId which baseline, and a hash of what is measured
 * @param metrics metrics by slice; empty if the baseline has no label or no prediction
 */
record Training(SourceTable baseline, String baselineId, Optional<MetricTable> metrics) {
  static Training of(
      SparkSession spark,
      Lake lake,
      NightSpec spec,
      SourceTable baseline,
      String baselineId,
      List<SlicePlan> slices,
      Task task) {
    ModelConfig model = spec.model();
    if (!QualityData.canEvaluate(baseline, model)) {
      return new Training(baseline, baselineId, Optional.empty());
    }
    String id = id(model, baselineId, task);
    List<Row> stored = stored(lake, model.model(), id);
    if (stored.isEmpty() && !spec.dryRun()) {
      evaluate(spark, lake, spec, baseline, id, slices, task);
      stored = stored(lake.latest(), model.model(), id);
    }
    return new Training(
        baseline, id, stored.isEmpty() ? Optional.empty() : Optional.of(MetricTable.of(stored)));
  }

  /** Of other columns, cut-offs, levels or values of outcomes the metrics are others. */
  private static String id(ModelConfig model, String baselineId, Task task) {
    ModelConfig.Predictions log = model.predictions();
    ModelConfig.Quality quality = model.quality();
    String measured =
        List.of(
                task,
                model.truth().flatMap(Feedback::value),
                log.prediction(),
                log.score(),
                log.weight(),
                log.group(),
                log.quantiles(),
                quality.positive(),
                quality.beta(),
                quality.outcomeValues(),
                quality.cutoffs())
            .toString();
    CRC32 hash = new CRC32();
    hash.update(measured.getBytes(StandardCharsets.UTF_8));
    return baselineId + String.format(Locale.ROOT, "/%08x", hash.getValue());
  }

  private static List<Row> stored(Lake lake, String modelId, String baselineId) {
    return lake.rows(Tables.QUALITY_METRICS, WindowScope.baseline(modelId)).stream()
        .filter(row -> baselineId.equals(row.getAs("baseline_id")))
        .toList();
  }

  private static void evaluate(
      SparkSession spark,
      Lake lake,
      NightSpec spec,
      SourceTable baseline,
      String baselineId,
      List<SlicePlan> slices,
      Task task) {
    ModelConfig model = spec.model();
    SourcePlan source = SourcePlan.training(task, model.quality());
    QualityData data = new QualityData(spark, lake, model, slices, List.of(source));
    try {
      QualityPass pass = data.training(baseline, source);
      QualityRows rows =
          new QualityRows(
              model.model(),
              spec.runId(),
              Instant.now(),
              WindowScope.BASELINE,
              baselineId,
              spec.to(),
              List.of(source),
              List.of(MaturityCurve.UNKNOWN));
      List<Row> states = new ArrayList<>();
      List<Row> metrics = new ArrayList<>();
      for (Tuple2<StateKey, byte[]> state : pass.collect()) {
        StateKey key = state._1.ofColumn(0);
        states.add(rows.state(key, state._2));
        metrics.addAll(rows.metrics(key, state._2));
      }
      lake.writer(spec.runId())
          .replaceBaseline(
              Tables.QUALITY_STATES,
              model.model(),
              baselineId,
              spark.createDataFrame(states, Tables.QUALITY_STATES.schema()).coalesce(1));
      // The metrics come last: they are what says that the training evaluation is there.
      lake.writer(spec.runId())
          .replaceBaseline(
              Tables.QUALITY_METRICS,
              model.model(),
              baselineId,
              spark.createDataFrame(metrics, Tables.QUALITY_METRICS.schema()).coalesce(1));
    } finally {
      data.close();
    }
  }
}
