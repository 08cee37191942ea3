package dev.telltale.jobs.report;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The rows of the quality tables that a report is made of: of the model's truth, all rows and
 * versions together, and of the metrics that are judged.
 *
 * @param source the feedback source that is the truth; null where none is declared
 * @param waitFor how long labels are waited for
 * @param judged names of the metrics, in the order in which they are shown
 * @param metrics of all windows
 * @param comparisons with training, of all windows
 * @param estimates of all windows, as they were made
 * @param search the newest search for weak slices; null without one
 * @param segments the newest comparison of segments; null without one
 */
record AnswerRows(
    String source,
    Duration waitFor,
    List<String> judged,
    List<MetricRow> metrics,
    List<ComparisonRow> comparisons,
    List<EstimateRow> estimates,
    Answers.Search search,
    Answers.Segments segments) {
  /** Of a model whose truth nobody learns. */
  static final AnswerRows NONE =
      new AnswerRows(null, Duration.ZERO, List.of(), List.of(), List.of(), List.of(), null, null);

  /** A row of {@code quality_metrics}. */
  record MetricRow(
      Instant windowStart,
      String kind,
      String metric,
      Double value,
      Double low,
      Double high,
      Long n,
      Double labelCoverage,
      Double maturity,
      Boolean mature,
      Instant asOf,
      String status,
      String because) {
    boolean isEstimate() {
      return "ESTIMATED".equals(kind);
    }
  }

  /** A row of {@code quality_comparisons}. */
  record ComparisonRow(
      Instant windowStart,
      String metric,
      Double reference,
      Double difference,
      Double threshold,
      Double pValueAdjusted,
      String status,
      String because) {}

  /** A row of {@code quality_estimates}. */
  record EstimateRow(Instant windowStart, String metric, Answers.Estimated estimate) {}
}
