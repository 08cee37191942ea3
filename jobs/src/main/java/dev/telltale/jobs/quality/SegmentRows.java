package dev.telltale.jobs.quality;

import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.engine.SlicePlan;
import dev.telltale.jobs.lake.TableRow;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.quality.Estimate;
import dev.telltale.quality.MetricKind;
import dev.telltale.quality.SegmentJudge;
import dev.telltale.stats.MultipleTesting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.spark.sql.Row;

/**
 * Rows of {@code quality_segments}: are mistakes uniform across the slices of a key, and is the
 * model fair between them. Of windows whose wait is over.
 */
final class SegmentRows {
  /** A measure: from which metric, whether as its complement, and what its equality is called. */
  private record Measure(String name, String metric, boolean complement, String fairness) {}

  private static final List<Measure> MEASURES =
      List.of(
          new Measure("error_rate", "accuracy", true, null),
          new Measure("mae", "mae", false, null),
          new Measure("selection_rate", "selection_rate", false, "statistical parity"),
          new Measure("recall", "recall", false, "equal opportunity"),
          new Measure("false_positive_rate", "specificity", true, "predictive equality"),
          new Measure("precision", "precision", false, "predictive parity"));

  private final ModelConfig model;
  private final Granularity granularity;
  private final String runId;
  private final Instant computedAt;

  SegmentRows(ModelConfig model, Granularity granularity, String runId, Instant computedAt) {
    this.model = model;
    this.granularity = granularity;
    this.runId = runId;
    this.computedAt = computedAt;
  }

  /** A row that waits for its corrected p-value. */
  private record Candidate(TableRow row, OptionalDouble pValue, Verdict verdict) {}

  /** Says what a row means once its corrected p-value is known. */
  private interface Verdict {
    String because(double adjusted, boolean different);
  }

  /** The rows of a window, whatever the version. */
  List<Row> of(Instant start, MetricTable table) {
    Optional<String> source = model.truth().map(truth -> truth.name());
    if (source.isEmpty()) {
      return List.of();
    }
    MetricTable.Group whole = new MetricTable.Group(source.get(), null, null, null);
    if (!table.metric(whole, QualityRows.COVERAGE).map(MetricTable.Entry::mature).orElse(false)) {
      return List.of();
    }
    List<Row> rows = new ArrayList<>();
    for (boolean fairness : new boolean[] {false, true}) {
      List<Candidate> slices = new ArrayList<>();
      List<Candidate> keys = new ArrayList<>();
      for (List<String> columns : model.slices()) {
        String key = SlicePlan.join(columns);
        for (Measure measure : MEASURES) {
          if ((measure.fairness() != null) == fairness) {
            measured(start, table, whole, key, measure, slices, keys);
          }
        }
      }
      rows.addAll(judged(slices));
      rows.addAll(judged(keys));
    }
    return rows;
  }

  private void measured(
      Instant start,
      MetricTable table,
      MetricTable.Group whole,
      String key,
      Measure measure,
      List<Candidate> slices,
      List<Candidate> keys) {
    Optional<Estimate> all = estimate(table, whole, measure);
    if (all.isEmpty()) {
      return;
    }
    Map<String, Estimate> bySlice = new LinkedHashMap<>();
    for (MetricTable.Group group : table.groups()) {
      if (group.source().equals(whole.source())
          && group.modelVersion() == null
          && key.equals(group.sliceKey())) {
        estimate(table, group, measure)
            .ifPresent(estimate -> bySlice.put(group.sliceValue(), estimate));
      }
    }
    SegmentJudge.Judged judged =
        new SegmentJudge(MetricKind.of(measure.name()).bounded(), model.quality().minimumLabels())
            .judge(all.get(), bySlice);
    double threshold = QualityJob.policy(model).threshold(measure.name(), all.get().value());
    judged
        .segments()
        .forEach(
            (value, segment) ->
                slices.add(slice(start, whole, key, value, measure, segment, threshold)));
    if (!bySlice.isEmpty()) {
      keys.add(key(start, whole, key, measure, judged));
    }
  }

  private static Optional<Estimate> estimate(
      MetricTable table, MetricTable.Group group, Measure measure) {
    return table
        .metric(group, measure.metric())
        .map(MetricTable.Entry::estimate)
        .map(
            estimate ->
                measure.complement()
                    ? new Estimate(
                        1 - estimate.value(),
                        estimate.stdError(),
                        minus(estimate.high()),
                        minus(estimate.low()),
                        estimate.rows(),
                        estimate.errorBound())
                    : estimate);
  }

  private static OptionalDouble minus(OptionalDouble value) {
    return value.isPresent() ? OptionalDouble.of(1 - value.getAsDouble()) : OptionalDouble.empty();
  }

  private TableRow keys(Instant start, MetricTable.Group whole, String key, Measure measure) {
    return new TableRow(Tables.QUALITY_SEGMENTS.schema())
        .window(start, granularity.next(start))
        .set("granularity", granularity.label())
        .set("model_id", model.model())
        .set("slice_key", key)
        .set("run_id", runId)
        .set("computed_at", computedAt)
        .set("source", whole.source())
        .set("metric", measure.name())
        .set("fairness", measure.fairness());
  }

  private Candidate slice(
      Instant start,
      MetricTable.Group whole,
      String key,
      String value,
      Measure measure,
      SegmentJudge.Segment segment,
      double threshold) {
    Estimate estimate = segment.estimate();
    TableRow row =
        keys(start, whole, key, measure)
            .set("slice_value", value)
            .set("value", estimate.value())
            .set("ci_low", estimate.low())
            .set("ci_high", estimate.high())
            .set("n", estimate.rows())
            .set("pooled", segment.pooled())
            .set("elsewhere", segment.elsewhere().map(Estimate::value))
            .set("threshold", threshold);
    segment
        .comparison()
        .ifPresent(
            comparison ->
                row.set("difference", comparison.difference())
                    .set("difference_low", comparison.low())
                    .set("difference_high", comparison.high()));
    return new Candidate(
        row,
        segment
            .comparison()
            .map(comparison -> OptionalDouble.of(comparison.pValue()))
            .orElse(OptionalDouble.empty()),
        (adjusted, significant) -> {
          if (segment.comparison().isEmpty()) {
            return String.format(
                Locale.ROOT,
                "There are %,d rows, and %,d are needed here and elsewhere.",
                estimate.rows(),
                model.quality().minimumLabels());
          }
          double difference = segment.comparison().get().difference();
          boolean matters = Math.abs(difference) >= threshold;
          return significant && matters
              ? String.format(
                  Locale.ROOT,
                  "%s of %s is %s is %.4g, %.4g elsewhere: %+.4g, at least the %.4g that matters"
                      + " (corrected p = %.2g).",
                  measure.name(),
                  key,
                  value,
                  estimate.value(),
                  segment.elsewhere().get().value(),
                  difference,
                  threshold,
                  adjusted)
              : null;
        });
  }

  private Candidate key(
      Instant start,
      MetricTable.Group whole,
      String key,
      Measure measure,
      SegmentJudge.Judged judged) {
    return new Candidate(
        keys(start, whole, key, measure),
        judged.pValue(),
        (adjusted, significant) ->
            judged.pValue().isEmpty()
                ? "Fewer than two slices have enough rows."
                : significant
                    ? String.format(
                        Locale.ROOT,
                        "%s is not the same in the %d slices of %s (corrected p = %.2g).",
                        measure.name(),
                        judged.tested(),
                        key,
                        adjusted)
                    : null);
  }

  private List<Row> judged(List<Candidate> candidates) {
    List<Candidate> tested =
        candidates.stream().filter(candidate -> candidate.pValue().isPresent()).toList();
    double[] adjusted =
        MultipleTesting.BENJAMINI_HOCHBERG.adjust(
            tested.stream().mapToDouble(candidate -> candidate.pValue().getAsDouble()).toArray());
    List<Row> rows = new ArrayList<>();
    int next = 0;
    for (Candidate candidate : candidates) {
      boolean isTested = candidate.pValue().isPresent();
      double p = isTested ? adjusted[next++] : Double.NaN;
      boolean significant = isTested && p <= model.quality().alpha();
      String because = candidate.verdict().because(p, significant);
      rows.add(
          candidate
              .row()
              .set("p_value", candidate.pValue())
              .set("p_value_adjusted", p)
              .set("family_size", isTested ? tested.size() : null)
              .set("status", !isTested ? "INSUFFICIENT_DATA" : because == null ? "OK" : "DIFFERENT")
              .set("because", because)
              .build());
    }
    return rows;
  }
}
