package dev.telltale.jobs.report;

import java.time.Instant;
import java.util.List;

/**
 * What a report says of the service around the model.
 *
 * @param windowStart the newest window that was measured
 * @param versions those of it that are shown, that which answers most first; without them, all
 *     versions together
 * @param trends what is drawn over the windows
 * @param lines metrics of the newest window
 * @param crashes kinds of crashes of the newest window, the new ones first
 */
record Service(
    Instant windowStart,
    List<String> versions,
    List<Trend> trends,
    List<Line> lines,
    List<Crash> crashes) {
  /**
   * A metric of all versions over the windows of the report.
   *
   * @param metric name
   * @param objective what the newest window is held to; null without one
   * @param value one entry for each window; null where it is not known
   * @param low lower end of the 95 % interval
   * @param high upper end
   */
  record Trend(
      String metric, Double objective, List<Double> value, List<Double> low, List<Double> high) {}

  /**
   * A metric of the newest window.
   *
   * @param metric name
   * @param objective what it is held to; null without one
   * @param cells of all versions, then of each
   */
  record Line(String metric, Double objective, List<Cell> cells) {}

  /**
   * A metric of a version.
   *
   * @param value null where it is not known
   * @param degraded whether it is worse than it should be
   * @param because why it is worse, or not known; null where there is nothing to say
   */
  record Cell(Double value, Double ciLow, Double ciHigh, boolean degraded, String because) {}

  /**
   * Crashes of a kind and version.
   *
   * @param version null = not known
   */
  record Crash(
      String signature,
      String title,
      String version,
      long crashes,
      Instant firstSeen,
      String firstVersion,
      boolean isNew) {}
}
