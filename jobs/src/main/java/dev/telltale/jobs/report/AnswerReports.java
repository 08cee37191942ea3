package dev.telltale.jobs.report;

import dev.telltale.config.Granularity;
import dev.telltale.jobs.report.AnswerRows.ComparisonRow;
import dev.telltale.jobs.report.AnswerRows.EstimateRow;
import dev.telltale.jobs.report.AnswerRows.MetricRow;
import dev.telltale.jobs.report.Answers.Estimated;
import dev.telltale.jobs.report.Answers.Night;
import dev.telltale.jobs.report.Answers.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Builds what the report says about the answers. */
final class AnswerReports {
  private final AnswerRows rows;
  private final Granularity granularity;
  private final Map<Key, MetricRow> realized = new HashMap<>();
  private final Map<Key, ComparisonRow> compared = new HashMap<>();
  private final Map<Key, Estimated> estimated = new HashMap<>();

  private AnswerReports(AnswerRows rows, Granularity granularity) {
    this.rows = rows;
    this.granularity = granularity;
    for (MetricRow row : rows.metrics()) {
      Key key = new Key(row.windowStart(), row.metric());
      if (row.isEstimate()) {
        estimated.put(key, estimate(row));
      } else {
        realized.put(key, row);
      }
    }
    rows.comparisons().forEach(row -> compared.put(new Key(row.windowStart(), row.metric()), row));
    // The record knows as much as the metrics do, and what came of it.
    for (EstimateRow row : rows.estimates()) {
      estimated.put(new Key(row.windowStart(), row.metric()), row.estimate());
    }
  }

  private record Key(Instant windowStart, String metric) {}

  /** Null where no night was joined with its truth. */
  static Answers of(AnswerRows rows, Granularity granularity) {
    return rows.metrics().isEmpty() ? null : new AnswerReports(rows, granularity).build();
  }

  private Answers build() {
    Map<Instant, List<MetricRow>> windows = new TreeMap<>(Comparator.reverseOrder());
    for (MetricRow row : rows.metrics()) {
      windows.computeIfAbsent(row.windowStart(), absent -> new ArrayList<>()).add(row);
    }
    List<Night> nights = new ArrayList<>();
    windows.forEach((start, some) -> nights.add(night(start, some)));
    return new Answers(
        rows.source(), rows.judged(), List.copyOf(nights), rows.search(), rows.segments());
  }

  private Night night(Instant start, List<MetricRow> some) {
    MetricRow coverage = realized.get(new Key(start, AnswerReader.COVERAGE));
    // All rows from labels say the same of them; the coverage alone counts the predictions.
    MetricRow any =
        coverage != null
            ? coverage
            : some.stream().filter(row -> !row.isEstimate()).findFirst().orElse(some.get(0));
    boolean mature = Boolean.TRUE.equals(any.mature());
    return new Night(
        start,
        coverage == null ? null : coverage.n(),
        any.labelCoverage(),
        any.maturity(),
        mature,
        mature ? null : granularity.next(start).plus(rows.waitFor()),
        any.asOf(),
        any.isEstimate() ? "IMMATURE" : any.status(),
        any.isEstimate() ? null : any.because(),
        rows.judged().stream().map(metric -> value(new Key(start, metric))).toList());
  }

  private Value value(Key key) {
    MetricRow row = realized.get(key);
    ComparisonRow comparison = compared.get(key);
    return new Value(
        key.metric(),
        row == null ? null : row.value(),
        row == null ? null : row.low(),
        row == null ? null : row.high(),
        row == null ? null : row.n(),
        comparison == null ? null : comparison.reference(),
        comparison == null ? null : comparison.difference(),
        comparison == null ? null : comparison.threshold(),
        comparison == null ? null : comparison.pValueAdjusted(),
        comparison == null ? null : comparison.status(),
        comparison == null ? null : comparison.because(),
        estimated.get(key));
  }

  private static Estimated estimate(MetricRow row) {
    return new Estimated(
        row.value(), row.low(), row.high(), "WITHHELD".equals(row.status()), null, row.because());
  }
}
