package dev.telltale.jobs.system;

import dev.telltale.config.Granularity;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.lake.TableRow;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.quality.Estimate;
import dev.telltale.system.SystemMetric;
import dev.telltale.system.SystemState;
import dev.telltale.system.SystemVerdict;
import java.time.Instant;
import java.util.Optional;
import org.apache.spark.sql.Row;

/** What is known of a window of the service, as rows of the tables. */
final class SystemRows {
  private final NightSpec spec;
  private final Granularity granularity;
  private final Instant computedAt;

  SystemRows(NightSpec spec, Granularity granularity, Instant computedAt) {
    this.spec = spec;
    this.granularity = granularity;
    this.computedAt = computedAt;
  }

  private TableRow row(Tables table, Instant window, String version) {
    return new TableRow(table.schema())
        .window(window, granularity.next(window))
        .set("granularity", granularity.label())
        .set("model_id", spec.model().model())
        .set("model_version", version)
        .set("run_id", spec.runId())
        .set("computed_at", computedAt);
  }

  Row state(Instant window, String version, SystemState state) {
    return row(Tables.SYSTEM_STATES, window, version)
        .set("rows", state.rows())
        .set("state", state.toBytes())
        .build();
  }

  Row metric(Instant window, String version, SystemMetric metric) {
    Optional<Estimate> estimate = metric.estimate();
    return row(Tables.SYSTEM_METRICS, window, version)
        .set("metric", metric.name())
        .set("value", estimate.map(Estimate::value))
        .set("std_error", estimate.map(Estimate::stdError))
        .set("ci_low", estimate.map(Estimate::low))
        .set("ci_high", estimate.map(Estimate::high))
        .set("error_bound", estimate.map(Estimate::errorBound))
        .set("n", metric.n())
        .set("status", estimate.isPresent() ? "OK" : "INSUFFICIENT_DATA")
        .set("because", metric.because().isEmpty() ? null : metric.because())
        .build();
  }

  Row verdict(Instant window, SystemVerdict verdict) {
    return row(Tables.SYSTEM_COMPARISONS, window, verdict.version().orElse(null))
        .set("metric", verdict.metric().name())
        .set("compared_with", verdict.comparedWith().name())
        .set("value", verdict.metric().estimate().map(Estimate::value))
        .set("reference", verdict.reference())
        .set("effect", verdict.effect())
        .set("threshold", verdict.threshold())
        .set("p_value", verdict.pValue())
        .set("p_value_adjusted", verdict.pValueAdjusted())
        .set("family_size", verdict.familySize())
        .set("n", verdict.metric().n())
        .set("n_reference", verdict.nReference())
        .set("status", verdict.status().name())
        .set("because", verdict.because())
        .build();
  }

  /**
   * A crash group.
   *
   * @param first the first crash with its signature
   */
  Row crashes(CrashGroup group, CrashGroup first, boolean isNew) {
    return row(Tables.CRASH_GROUPS, group.window(), group.version())
        .set("signature", group.signature())
        .set("title", group.title())
        .set("crashes", group.crashes())
        .set("first_crash", group.first())
        .set("last_crash", group.last())
        .set("first_seen", first.first())
        .set("first_version", first.version())
        .set("is_new", isNew)
        .build();
  }
}
