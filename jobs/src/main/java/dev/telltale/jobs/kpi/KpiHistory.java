package dev.telltale.jobs.kpi;

import dev.telltale.config.Feedback;
import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import dev.telltale.quality.Estimate;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Row;

/**
 * KPIs and metrics of quality of the windows around those of a run, as they will be once it is
 * done: of other windows as they are stored.
 */
final class KpiHistory {
  private static final String OK = "OK";

  private final NavigableMap<Instant, Map<Subject, Estimate>> kpis = new TreeMap<>();
  private final NavigableMap<Instant, Map<Subject, Estimate>> quality = new TreeMap<>();
  private final NavigableSet<Instant> mature = new TreeSet<>();
  private final NavigableSet<Instant> awaited = new TreeSet<>();

  /**
   * Whose value.
   *
   * @param name KPI or metric
   * @param version null = all
   * @param sliceKey null = everything
   * @param sliceValue null = everything
   */
  record Subject(String name, String version, String sliceKey, String sliceValue) {
    /** Of everything. */
    static Subject whole(String name, String version) {
      return new Subject(name, version, null, null);
    }
  }

  private KpiHistory() {}

  /**
   * The windows of a run, and up to {@code reach} before the first and after the last of them.
   *
   * @param fresh rows of {@code kpi_metrics} of the run
   * @param realized rows of {@code quality_metrics} of the run
   */
  static KpiHistory of(
      Lake lake,
      ModelConfig model,
      Feedback truth,
      NavigableSet<Instant> windows,
      int reach,
      List<Row> fresh,
      List<Row> realized) {
    Granularity granularity = model.granularities().get(0);
    NavigableSet<Instant> others = new TreeSet<>();
    for (Instant window : windows) {
      Instant before = window;
      Instant after = window;
      for (int i = 0; i < reach; i++) {
        before = granularity.previous(before);
        after = granularity.next(after);
        others.add(before);
        others.add(after);
      }
    }
    others.removeAll(windows);
    WindowScope scope = WindowScope.of(model.model(), granularity, others);
    KpiHistory history = new KpiHistory();
    List<Row> kpiRows = new ArrayList<>(fresh);
    kpiRows.addAll(
        lake.rows(
            Tables.KPI_METRICS,
            scope,
            "model_version",
            "slice_key",
            "slice_value",
            "kpi",
            "value",
            "std_error",
            "n",
            "status"));
    for (Row row : kpiRows) {
      Instant start = row.<Timestamp>getAs("window_start").toInstant();
      boolean immature = "IMMATURE".equals(row.getAs("status"));
      (immature ? history.awaited : history.mature).add(start);
      add(history.kpis, row, row.getAs("kpi"));
    }
    history.awaited.removeAll(history.mature);
    List<Row> qualityRows = new ArrayList<>(realized);
    qualityRows.addAll(
        lake.rows(
            Tables.QUALITY_METRICS,
            scope,
            "model_version",
            "slice_key",
            "slice_value",
            "source",
            "kind",
            "metric",
            "value",
            "std_error",
            "n",
            "status"));
    for (Row row : qualityRows) {
      if (row.getAs("slice_key") == null
          && truth.name().equals(row.getAs("source"))
          && "REALIZED".equals(row.getAs("kind"))) {
        add(history.quality, row, row.getAs("metric"));
      }
    }
    return history;
  }

  private static void add(Map<Instant, Map<Subject, Estimate>> values, Row row, String name) {
    if (!OK.equals(row.getAs("status")) || row.getAs("value") == null) {
      return;
    }
    Double stdError = row.getAs("std_error");
    values
        .computeIfAbsent(
            row.<Timestamp>getAs("window_start").toInstant(), absent -> new HashMap<>())
        .put(
            new Subject(
                name, row.getAs("model_version"), row.getAs("slice_key"), row.getAs("slice_value")),
            new Estimate(
                row.<Double>getAs("value"),
                stdError == null ? OptionalDouble.empty() : OptionalDouble.of(stdError),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                row.<Long>getAs("n"),
                0));
  }

  /** Windows whose wait is over. */
  NavigableSet<Instant> mature() {
    return Collections.unmodifiableNavigableSet(mature);
  }

  /** Windows whose labels and events are still awaited. */
  NavigableSet<Instant> awaited() {
    return Collections.unmodifiableNavigableSet(awaited);
  }

  /** A KPI of a mature window that has enough rows. */
  Optional<Estimate> kpi(Instant window, Subject subject) {
    return Optional.ofNullable(kpis.getOrDefault(window, Map.of()).get(subject));
  }

  /** A metric of a mature window that has enough labels. */
  Optional<Estimate> quality(Instant window, Subject subject) {
    return Optional.ofNullable(quality.getOrDefault(window, Map.of()).get(subject));
  }

  /** The groups that a KPI has in some windows, in a fixed order. */
  List<Subject> groups(String kpi, Collection<Instant> windows) {
    return windows.stream()
        .flatMap(window -> kpis.getOrDefault(window, Map.of()).keySet().stream())
        .filter(subject -> subject.name().equals(kpi))
        .distinct()
        .sorted(java.util.Comparator.comparing(Subject::toString))
        .toList();
  }

  /** Versions whose quality is known in a window. */
  NavigableSet<String> versions(Instant window) {
    NavigableSet<String> versions = new TreeSet<>();
    quality
        .getOrDefault(window, Map.of())
        .keySet()
        .forEach(
            subject -> {
              if (subject.version() != null) {
                versions.add(subject.version());
              }
            });
    return versions;
  }
}
