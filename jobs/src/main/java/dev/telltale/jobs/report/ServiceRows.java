package dev.telltale.jobs.report;

import dev.telltale.system.ServiceMetrics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.sql.Row;

/**
 * The rows that a report says of the service from.
 *
 * @param newest the newest window with rows; null without any
 * @param objectives limits by metric
 * @param metrics rows of {@code system_metrics}
 * @param degraded rows of {@code system_comparisons} of the newest window that are worse
 * @param crashes rows of {@code crash_groups} of the newest window
 */
record ServiceRows(
    Instant newest,
    Map<String, Double> objectives,
    Map<ServiceRows.Key, Row> metrics,
    Map<ServiceRows.Key, Row> degraded,
    List<Row> crashes) {
  /** Of a service that is not looked at. */
  static final ServiceRows NONE = new ServiceRows(null, Map.of(), Map.of(), Map.of(), List.of());

  private static final String REQUESTS = "requests";

  /** What says most of a service, each from another key of the model file. */
  private static final List<String> DRAWN =
      List.of(
          "requests_per_second",
          "latency_p95_ms",
          "error_rate",
          "availability",
          "crashes_per_thousand",
          "cost_per_thousand");

  private static final int VERSIONS = 4;

  /** Version null = all. */
  record Key(Instant window, String version, String metric) {
    static Key of(Row row) {
      return new Key(
          Cells.instant(row, "window_start"), row.getAs("model_version"), row.getAs("metric"));
    }
  }

  /**
   * What the report says.
   *
   * @param windows windows of the report
   * @return null where nothing is known
   */
  Service report(List<Instant> windows) {
    if (newest == null) {
      return null;
    }
    List<String> versions = versions();
    return new Service(newest, versions, trends(windows), lines(versions), named());
  }

  /** The versions of a window, that which answers most first. */
  private List<String> versions() {
    return metrics.entrySet().stream()
        .filter(entry -> entry.getKey().window().equals(newest))
        .filter(entry -> entry.getKey().metric().equals(REQUESTS))
        .filter(entry -> entry.getKey().version() != null)
        .sorted(
            Comparator.comparing((Map.Entry<Key, Row> entry) -> -value(entry.getValue(), "value"))
                .thenComparing(entry -> entry.getKey().version()))
        .map(entry -> entry.getKey().version())
        .limit(VERSIONS)
        .toList();
  }

  private static Double value(Row row, String column) {
    return row == null ? null : row.<Double>getAs(column);
  }

  private List<Service.Trend> trends(List<Instant> windows) {
    List<Service.Trend> trends = new ArrayList<>();
    for (String metric : DRAWN) {
      List<Double> value = series(windows, metric, "value");
      if (value.stream().anyMatch(Objects::nonNull)) {
        trends.add(
            new Service.Trend(
                metric,
                objectives.get(metric),
                value,
                series(windows, metric, "ci_low"),
                series(windows, metric, "ci_high")));
      }
    }
    return List.copyOf(trends);
  }

  private List<Double> series(List<Instant> windows, String metric, String column) {
    List<Double> values = new ArrayList<>();
    for (Instant window : windows) {
      values.add(value(metrics.get(new Key(window, null, metric)), column));
    }
    return values;
  }

  private List<Service.Line> lines(List<String> versions) {
    List<String> columns = new ArrayList<>();
    columns.add(null);
    // The only version is all versions.
    columns.addAll(versions.size() > 1 ? versions : List.of());
    List<Service.Line> lines = new ArrayList<>();
    for (String metric : ServiceMetrics.names()) {
      if (metrics.containsKey(new Key(newest, null, metric))) {
        lines.add(
            new Service.Line(
                metric,
                objectives.get(metric),
                columns.stream().map(version -> cell(new Key(newest, version, metric))).toList()));
      }
    }
    return List.copyOf(lines);
  }

  private Service.Cell cell(Key key) {
    Row metric = metrics.get(key);
    Row worse = degraded.get(key);
    return new Service.Cell(
        value(metric, "value"),
        value(metric, "ci_low"),
        value(metric, "ci_high"),
        worse != null,
        worse != null ? worse.getAs("because") : metric == null ? null : metric.getAs("because"));
  }

  private List<Service.Crash> named() {
    return crashes.stream()
        .map(
            row ->
                new Service.Crash(
                    row.getAs("signature"),
                    row.getAs("title"),
                    row.getAs("model_version"),
                    row.<Long>getAs("crashes"),
                    Cells.instant(row, "first_seen"),
                    row.getAs("first_version"),
                    row.<Boolean>getAs("is_new")))
        .sorted(
            Comparator.comparing((Service.Crash crash) -> !crash.isNew())
                .thenComparing(crash -> -crash.crashes())
                .thenComparing(Service.Crash::signature)
                .thenComparing(crash -> String.valueOf(crash.version())))
        .toList();
  }
}
