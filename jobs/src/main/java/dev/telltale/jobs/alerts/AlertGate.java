package dev.telltale.jobs.alerts;

import dev.telltale.config.Granularity;
import dev.telltale.error.Errors;
import dev.telltale.finding.Alert;
import dev.telltale.finding.AlertStatus;
import dev.telltale.finding.Severity;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.lake.Lake;
import java.util.ArrayList;
import java.util.List;

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
    if (!lake.ledger().covers(modelId, AlertsJob.NAME, spec.from(), spec.to())) {
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
}
