package dev.telltale.config;

import java.util.Map;
import java.util.Optional;

/**
 * Where the telemetry says how well the service works, and what it is held to.
 *
 * @param latencyMs SQL expression over the telemetry: how long an answer took, in milliseconds
 * @param error SQL condition over the telemetry that holds where an answer is an error
 * @param cost SQL expression over the telemetry: what an answer cost
 * @param trainedAt SQL expression over the telemetry: when the model was trained, a timestamp
 * @param crashes reports of crashes
 * @param objectives limits by metric, such as {@code latency_p95_ms}
 * @param changes from where on a change matters
 */
public record SystemQuality(
    Optional<String> latencyMs,
    Optional<String> error,
    Optional<String> cost,
    Optional<String> trainedAt,
    Optional<Crashes> crashes,
    Map<String, Double> objectives,
    Changes changes) {
  /** Copies the map. */
  public SystemQuality {
    objectives = Map.copyOf(objectives);
  }

  /** What a service says of itself without being asked: how many answers there are, and when. */
  public static SystemQuality defaults() {
    return new SystemQuality(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        Changes.defaults());
  }

  /**
   * A table of crash reports, a row each.
   *
   * @param table Delta path, absolute or relative to the lake, or catalog name
   * @param eventTime timestamp column
   * @param version column with the version of the model
   * @param message text column with what went wrong
   * @param stack text column with where
   */
  public record Crashes(
      String table,
      String eventTime,
      Optional<String> version,
      Optional<String> message,
      Optional<String> stack) {}

  /**
   * From where on a service that is worse than in the window or version before is worth an alert.
   *
   * @param latencyRatio a quantile of the latency, as a multiple
   * @param errorRate more errors, as a share of the answers
   * @param crashRatio the crash rate, as a multiple
   * @param costRatio the mean cost, as a multiple
   */
  public record Changes(
      double latencyRatio, double errorRate, double crashRatio, double costRatio) {
    /** All defaults. */
    public static Changes defaults() {
      return new Changes(
          Defaults.LATENCY_RATIO, Defaults.ERROR_RATE, Defaults.CRASH_RATIO, Defaults.COST_RATIO);
    }
  }
}
