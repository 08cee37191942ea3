package dev.telltale.jobs.quality;

import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.finding.Finding;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.alerts.FindingRows;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Row;

/** Judges the metrics of a run: against training, the previous version, and between slices. */
final class QualityVerdicts {
  private final Lake lake;
  private final NightSpec spec;
  private final ModelConfig model;
  private final Instant computedAt;
  private final Training training;
  private final Map<Granularity, NavigableSet<Instant>> computed;
  private final Map<Granularity, NavigableMap<Instant, MetricTable>> tables = new LinkedHashMap<>();
  private final List<Row> comparisons = new ArrayList<>();
  private final List<Row> segments = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();

  /**
   * @param computed the windows of the run
   * @param realized their rows of {@code quality_metrics}
   */
  QualityVerdicts(
      Lake lake,
      NightSpec spec,
      Instant computedAt,
      Training training,
      Map<Granularity, NavigableSet<Instant>> computed,
      List<Row> realized) {
    this.lake = lake;
    this.spec = spec;
    this.model = spec.model();
    this.computedAt = computedAt;
    this.training = training;
    this.computed = computed;
    computed.keySet().forEach(granularity -> tables.put(granularity, new TreeMap<>()));
    byWindow(realized)
        .forEach(
            (granularity, byStart) ->
                byStart.forEach(
                    (start, rows) ->
                        tables.get(Granularity.of(granularity)).put(start, MetricTable.of(rows))));
  }

  private static Map<String, Map<Instant, List<Row>>> byWindow(List<Row> rows) {
    Map<String, Map<Instant, List<Row>>> byWindow = new LinkedHashMap<>();
    for (Row row : rows) {
      byWindow
          .computeIfAbsent(row.getAs("granularity"), absent -> new TreeMap<>())
          .computeIfAbsent(
              row.<Timestamp>getAs("window_start").toInstant(), absent -> new ArrayList<>())
          .add(row);
    }
    return byWindow;
  }

  /** Metrics of the run's windows of a granularity. */
  NavigableMap<Instant, MetricTable> tables(Granularity granularity) {
    return tables.get(granularity);
  }

  /** Judges all windows. */
  void judge() {
    computed.forEach(this::judge);
  }

  private void judge(Granularity granularity, NavigableSet<Instant> windows) {
    NavigableMap<Instant, MetricTable> known = new TreeMap<>(earlier(granularity, windows));
    known.putAll(tables.get(granularity));
    WindowComparisons judge =
        new WindowComparisons(model, granularity, training, spec.runId(), computedAt);
    SegmentRows segmentRows = new SegmentRows(model, granularity, spec.runId(), computedAt);
    Map<String, Finding> before = Map.of();
    Instant last = null;
    for (Instant start : windows) {
      Instant preceding = granularity.previous(start);
      if (!preceding.equals(last)) {
        before = FindingRows.stored(lake, model.model(), granularity, preceding, QualityJob.NAME);
      }
      MetricTable table = known.get(start);
      List<Finding> found = List.of();
      if (table != null) {
        WindowComparisons.Judged judged = judge.judge(start, table, known.get(preceding), before);
        comparisons.addAll(judged.rows());
        found = judged.findings();
        segments.addAll(segmentRows.of(start, table));
      }
      findings.addAll(found);
      before = FindingRows.byKey(found);
      last = start;
    }
  }

  /** Metrics of the windows before those of the run, where they are not of the run themselves. */
  private Map<Instant, MetricTable> earlier(
      Granularity granularity, NavigableSet<Instant> windows) {
    NavigableSet<Instant> wanted = new TreeSet<>();
    windows.forEach(start -> wanted.add(granularity.previous(start)));
    wanted.removeAll(windows);
    Map<Instant, MetricTable> earlier = new TreeMap<>();
    byWindow(lake.rows(Tables.QUALITY_METRICS, WindowScope.of(model.model(), granularity, wanted)))
        .getOrDefault(granularity.label(), Map.of())
        .forEach((start, rows) -> earlier.put(start, MetricTable.of(rows)));
    return earlier;
  }

  /** Rows of {@code quality_comparisons}. */
  List<Row> comparisons() {
    return comparisons;
  }

  /** Rows of {@code quality_segments}. */
  List<Row> segments() {
    return segments;
  }

  /** Rows of {@code findings}. */
  List<Row> findingRows() {
    return findings.stream()
        .map(finding -> FindingRows.of(finding, spec.runId(), computedAt))
        .toList();
  }

  /** How many findings fire. */
  long degraded() {
    return findings.stream().filter(Finding::isFiring).count();
  }
}
