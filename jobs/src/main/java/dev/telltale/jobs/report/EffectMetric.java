package dev.telltale.jobs.report;

import dev.telltale.drift.Metrics;
import dev.telltale.jobs.report.ReportData.DriftRow;
import java.util.List;
import java.util.Optional;

/** Finds the metric that decides on drift: a column that lacks the configured one has another. */
final class EffectMetric {
  private EffectMetric() {}

  /** The names it may have. */
  static List<String> names(String configured) {
    return List.of(configured, Metrics.JS_DISTANCE);
  }

  /** The row that decided on drift from the baseline, among the rows of one column. */
  static Optional<DriftRow> of(String configured, List<DriftRow> rows) {
    return rows.stream()
        .filter(row -> names(configured).contains(row.metric()))
        .filter(row -> row.status() != null && "BASELINE".equals(row.driftType()))
        .findFirst();
  }
}
