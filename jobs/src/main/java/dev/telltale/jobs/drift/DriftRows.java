package dev.telltale.jobs.drift;

import dev.telltale.config.Granularity;
import dev.telltale.drift.JudgedMetric;
import dev.telltale.jobs.lake.TableRow;
import dev.telltale.jobs.lake.Tables;
import java.time.Instant;
import java.util.OptionalInt;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** Turns what was judged into rows of {@code drift_metrics}. */
final class DriftRows {
  private static final StructType SCHEMA = Tables.DRIFT_METRICS.schema();

  private final String modelId;
  private final String runId;
  private final Instant computedAt;

  DriftRows(String modelId, String runId, Instant computedAt) {
    this.modelId = modelId;
    this.runId = runId;
    this.computedAt = computedAt;
  }

  /** The row of one metric. */
  Row of(
      Granularity granularity,
      WindowStates window,
      WindowJudge.Judged judged,
      JudgedMetric metric) {
    OptionalInt degrees = metric.degreesOfFreedom();
    return new TableRow(SCHEMA)
        .window(window.start(), window.end())
        .set("granularity", granularity.label())
        .set("model_id", modelId)
        .set("model_version", judged.subject().modelVersion())
        .set("slice_key", judged.subject().sliceKey())
        .set("slice_value", judged.subject().sliceValue())
        .set("run_id", runId)
        .set("computed_at", computedAt)
        .set("column_name", judged.subject().column())
        .set("drift_type", judged.driftType())
        .set("window_cmp_start", judged.comparedWith())
        .set("metric", metric.name())
        .set("value", metric.value())
        .set("p_value", metric.pValue())
        .set("p_value_adjusted", metric.pValueAdjusted())
        .set("family_size", metric.familySize())
        .set("degrees_of_freedom", degrees.isPresent() ? (double) degrees.getAsInt() : null)
        .set("threshold", metric.threshold())
        .set("n_reference", judged.referenceRows())
        .set("n_current", judged.currentRows())
        .set("error_bound", metric.errorBound())
        .set("status", metric.status().map(Enum::name))
        .set("because", metric.because())
        .build();
  }
}
