package dev.telltale.jobs.report;

import dev.telltale.config.Feedback;
import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.ResultDays;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import dev.telltale.jobs.report.AnswerRows.ComparisonRow;
import dev.telltale.jobs.report.AnswerRows.EstimateRow;
import dev.telltale.jobs.report.AnswerRows.MetricRow;
import dev.telltale.jobs.report.Answers.Estimated;
import dev.telltale.jobs.report.Answers.Search;
import dev.telltale.jobs.report.Answers.Segment;
import dev.telltale.jobs.report.Answers.Segments;
import dev.telltale.jobs.report.Answers.WeakSlice;
import dev.telltale.quality.MetricKind;
import dev.telltale.quality.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;

/**
 * Reads what the report says of the answers. Nights are read one by one, on the driver: of a
 * night's rows most are about slices and dropped at once, so that memory holds those of one night.
 */
final class AnswerReader {
  /** Share of the predictions that have a label: there for every window. */
  static final String COVERAGE = "label_coverage";

  private static final String INSUFFICIENT_DATA = "INSUFFICIENT_DATA";

  private final Lake lake;
  private final ModelConfig model;
  private final Granularity granularity;
  private final WindowScope windows;
  private long rowsRead;

  /** A reader of the windows that start in {@code [from, to)}. */
  AnswerReader(Lake lake, ModelConfig model, Granularity granularity, Instant from, Instant to) {
    this.lake = lake;
    this.model = model;
    this.granularity = granularity;
    this.windows = WindowScope.between(model.model(), granularity, from, to);
  }

  /** Rows that came to the driver so far. */
  long rowsRead() {
    return rowsRead;
  }

  AnswerRows read() {
    Optional<Feedback> truth = model.truth();
    if (truth.isEmpty()) {
      return AnswerRows.NONE;
    }
    String source = truth.get().name();
    List<MetricRow> metrics = metrics(source);
    List<String> judged =
        judged(metrics.stream().map(MetricRow::metric).collect(Collectors.toSet()));
    metrics.removeIf(row -> !row.metric().equals(COVERAGE) && !judged.contains(row.metric()));
    return new AnswerRows(
        source,
        truth.get().waitFor(),
        judged,
        metrics,
        comparisons(source, judged),
        estimates(source, judged),
        search(source),
        segments(source));
  }

  /** The metrics that were declared, or those of the task that the windows show to be there. */
  private List<String> judged(Set<String> present) {
    if (!model.quality().metrics().isEmpty()) {
      return model.quality().metrics();
    }
    Task task =
        model.predictions().group().isPresent()
            ? Task.RANKING
            : present.contains("mae")
                ? Task.REGRESSION
                : present.contains("f1_macro") ? Task.MULTICLASS : Task.BINARY;
    return MetricKind.judged(task, model.quality().cutoffs()).stream()
        .filter(present::contains)
        .toList();
  }

  private List<MetricRow> metrics(String source) {
    return whole(
            Tables.QUALITY_METRICS,
            source,
            "kind",
            "metric",
            "value",
            "ci_low",
            "ci_high",
            "n",
            "label_coverage",
            "maturity",
            "mature",
            "as_of",
            "status",
            "because")
        .stream()
        .map(
            row ->
                new MetricRow(
                    Cells.instant(row, "window_start"),
                    row.getAs("kind"),
                    row.getAs("metric"),
                    row.getAs("value"),
                    row.getAs("ci_low"),
                    row.getAs("ci_high"),
                    row.getAs("n"),
                    row.getAs("label_coverage"),
                    row.getAs("maturity"),
                    row.getAs("mature"),
                    Cells.instant(row, "as_of"),
                    row.getAs("status"),
                    row.getAs("because")))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private List<ComparisonRow> comparisons(String source, Collection<String> judged) {
    return whole(
            Tables.QUALITY_COMPARISONS,
            source,
            "compared_with",
            "metric",
            "reference_value",
            "difference",
            "threshold",
            "p_value_adjusted",
            "status",
            "because")
        .stream()
        .filter(row -> "TRAINING".equals(row.getAs("compared_with")))
        .filter(row -> judged.contains(row.<String>getAs("metric")))
        .map(
            row ->
                new ComparisonRow(
                    Cells.instant(row, "window_start"),
                    row.getAs("metric"),
                    row.getAs("reference_value"),
                    row.getAs("difference"),
                    row.getAs("threshold"),
                    row.getAs("p_value_adjusted"),
                    row.getAs("status"),
                    row.getAs("because")))
        .toList();
  }

  private List<EstimateRow> estimates(String source, Collection<String> judged) {
    return whole(
            Tables.QUALITY_ESTIMATES,
            source,
            "metric",
            "estimate",
            "ci_low",
            "ci_high",
            "covered",
            "withheld",
            "because")
        .stream()
        .filter(row -> judged.contains(row.<String>getAs("metric")))
        .map(
            row ->
                new EstimateRow(
                    Cells.instant(row, "window_start"), row.getAs("metric"), estimated(row)))
        .toList();
  }

  private static Estimated estimated(Row row) {
    boolean withheld = Boolean.TRUE.equals(row.<Boolean>getAs("withheld"));
    return new Estimated(
        withheld ? null : row.<Double>getAs("estimate"),
        withheld ? null : row.<Double>getAs("ci_low"),
        withheld ? null : row.<Double>getAs("ci_high"),
        withheld,
        row.getAs("covered"),
        row.getAs("because"));
  }

  /** The rows of all windows about everything. */
  private List<Row> whole(Tables table, String source, String... columns) {
    List<String> wanted = new ArrayList<>(List.of(columns));
    wanted.addAll(List.of("source", "model_version", "slice_key"));
    List<Row> rows = new ArrayList<>();
    for (Instant start : ResultDays.of(lake, table, model.model(), granularity).among(starts())) {
      for (Row row : rows(table, start, wanted)) {
        if (source.equals(row.getAs("source"))
            && row.getAs("model_version") == null
            && row.getAs("slice_key") == null) {
          rows.add(row);
        }
      }
    }
    return rows;
  }

  private Collection<Instant> starts() {
    return windows.windows();
  }

  private List<Row> rows(Tables table, Instant start, Collection<String> columns) {
    List<Row> rows =
        lake.rows(
            table,
            WindowScope.of(model.model(), granularity, List.of(start)),
            columns.toArray(new String[0]));
    rowsRead += rows.size();
    return rows;
  }

  /** Rows of all versions together, of the newest window that has one of the kind wanted. */
  private List<Row> newest(Tables table, String source, Predicate<Row> wanted) {
    NavigableSet<Instant> present =
        new TreeSet<>(ResultDays.of(lake, table, model.model(), granularity).among(starts()));
    for (Instant start : present.descendingSet()) {
      List<Row> rows =
          rows(table, start, List.of()).stream()
              .filter(row -> source.equals(row.getAs("source")))
              .filter(row -> row.getAs("model_version") == null)
              .toList();
      if (rows.stream().anyMatch(wanted)) {
        return rows;
      }
    }
    return List.of();
  }

  private Search search(String source) {
    List<Row> rows = newest(Tables.WEAK_SLICES, source, row -> true);
    if (rows.isEmpty()) {
      return null;
    }
    return new Search(
        Cells.instant(rows.get(0), "period_start"),
        Cells.instant(rows.get(0), "period_end"),
        rows.stream()
            .filter(row -> "WEAK".equals(row.getAs("status")))
            .map(
                row ->
                    new WeakSlice(
                        row.getAs("rank"),
                        row.getAs("slice"),
                        row.getAs("loss"),
                        row.getAs("n"),
                        row.getAs("mean_loss"),
                        row.getAs("mean_loss_elsewhere"),
                        row.getAs("excess_loss"),
                        row.getAs("p_value_adjusted"),
                        row.getAs("because")))
            .sorted(
                Comparator.comparing(
                    WeakSlice::rank, Comparator.nullsLast(Comparator.naturalOrder())))
            .toList());
  }

  /** Of windows whose labels are awaited most segments cannot be compared yet. */
  private Segments segments(String source) {
    List<Row> rows =
        newest(
            Tables.QUALITY_SEGMENTS, source, row -> !INSUFFICIENT_DATA.equals(row.getAs("status")));
    if (rows.isEmpty()) {
      return null;
    }
    return new Segments(
        Cells.instant(rows.get(0), "window_start"),
        rows.stream()
            .filter(row -> "DIFFERENT".equals(row.getAs("status")))
            .map(AnswerReader::segment)
            .sorted(
                Comparator.comparing((Segment segment) -> segment.fairness() != null)
                    .thenComparing(
                        segment ->
                            segment.difference() == null ? 0 : -Math.abs(segment.difference()))
                    .thenComparing(Segment::part)
                    .thenComparing(Segment::metric))
            .toList());
  }

  private static Segment segment(Row row) {
    String key = row.getAs("slice_key");
    String value = row.getAs("slice_value");
    return new Segment(
        value == null ? String.valueOf(key) : key + " = " + value,
        row.getAs("metric"),
        row.getAs("fairness"),
        row.getAs("value"),
        row.getAs("ci_low"),
        row.getAs("ci_high"),
        row.getAs("n"),
        row.getAs("elsewhere"),
        row.getAs("difference"),
        row.getAs("difference_low"),
        row.getAs("difference_high"),
        row.getAs("p_value_adjusted"),
        row.getAs("threshold"),
        row.getAs("because"));
  }
}
