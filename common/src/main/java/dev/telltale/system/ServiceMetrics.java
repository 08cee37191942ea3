package dev.telltale.system;

import dev.telltale.config.SystemQuality;
import java.time.Duration;
import java.util.List;

/** All metrics of a service. A new one is one line here, and a class if it needs a test. */
public final class ServiceMetrics {
  private static final double SECONDS_PER_MINUTE = 60;
  private static final double MINUTES_PER_DAY = 24.0 * 60;

  private static final List<ServiceMetric> ALL =
      List.of(
          new PlainMetric(
              "requests", (window, declared) -> true, window -> (double) window.state().rows()),
          new PlainMetric(
              "requests_per_second",
              (window, declared) -> true,
              window -> window.state().rows() / (SECONDS_PER_MINUTE * window.minutes())),
          new PlainMetric(
              "requests_per_second_peak",
              (window, declared) -> true,
              window -> window.state().peak() / SECONDS_PER_MINUTE),
          new PlainMetric(
              "silence_minutes",
              (window, declared) -> window.version().isEmpty(),
              window -> (double) window.state().silence(window.minutes())),
          new LatencyQuantile("latency_p50_ms", 0.5),
          new LatencyQuantile("latency_p95_ms", 0.95),
          new LatencyQuantile("latency_p99_ms", 0.99),
          new ErrorRate(),
          new PlainMetric(
              "availability",
              (window, declared) -> declared.error().isPresent(),
              window -> (double) window.state().minutesAnswered() / window.state().minutesAsked(),
              true),
          new CrashRate(),
          new PlainMetric(
              "cost_total",
              (window, declared) -> declared.cost().isPresent(),
              window -> window.state().costs().total()),
          new CostRate(),
          new PlainMetric(
              "staleness_days",
              (window, declared) -> window.born().isPresent(),
              window ->
                  Duration.between(window.born().orElseThrow(), window.end()).toMinutes()
                      / MINUTES_PER_DAY));

  private ServiceMetrics() {}

  /** Their names, in the order of reading. */
  public static List<String> names() {
    return ALL.stream().map(ServiceMetric::name).toList();
  }

  /** Those of a window. */
  public static List<SystemMetric> of(ServiceWindow window, SystemQuality declared) {
    return measured(window, declared).stream().map(metric -> metric.of(window)).toList();
  }

  static List<ServiceMetric> measured(ServiceWindow window, SystemQuality declared) {
    return ALL.stream().filter(metric -> metric.isMeasured(window, declared)).toList();
  }
}
