package dev.telltale.jobs.alerts;

import dev.telltale.config.Granularity;
import dev.telltale.error.Errors;
import dev.telltale.finding.Alert;
import dev.telltale.finding.AlertStatus;
import dev.telltale.finding.Severity;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.RunEntry;
import dev.telltale.jobs.lake.Tables;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.functions;

/** Says whether a night leaves something to act on: what a scheduler asks before it goes on. */
public final class AlertGate {
  private AlertGate() {}

  /**
   * Alerts at or above a severity that are open, and acknowledged by nobody, at the end of the
   * interval. The gate is open if there is one.
   *
   * @throws dev.telltale.error.TelltaleException if the job alerts has not covered the interval
   *     (exit 3): a gate must not close because nobody looked
   */
  public static List<Alert> open(Lake lake, NightSpec spec, Severity severity) {
    String modelId = spec.model().model();
    if (!isComputed(lake, spec)) {
      throw Errors.alertsNotComputed(modelId, spec.from().toString(), spec.to().toString());
    }

    List<Alert> open = new ArrayList<>();
    for (Granularity granularity : spec.model().granularities()) {
      open.addAll(AlertList.openAt(lake, modelId, granularity, spec.to()));
    }
    return open.stream()
        .filter(alert -> alert.status() == AlertStatus.OPEN)
        .filter(alert -> alert.severity().atLeast(severity))
        .toList();
  }

  private static boolean isComputed(Lake lake, NightSpec spec) {
    return !lake.read(Tables.RUNS)
        .where(functions.col("model_id").equalTo(spec.model().model()))
        .where(functions.col("job").equalTo(AlertsJob.NAME))
        .where(functions.col("outcome").equalTo(RunEntry.SUCCEEDED))
        .where(functions.col("interval_start").leq(Timestamp.from(spec.from())))
        .where(functions.col("interval_end").geq(Timestamp.from(spec.to())))
        .limit(1)
        .isEmpty();
  }
}
