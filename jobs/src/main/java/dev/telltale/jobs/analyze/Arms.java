package dev.telltale.jobs.analyze;

import dev.telltale.experiment.Comparison;
import dev.telltale.experiment.Estimand;
import java.util.List;
import java.util.Map;

/**
 * The arms of an experiment as they were read.
 *
 * @param units of each variant, the control among them
 * @param metrics what is compared
 * @param sides each variant's units by metric, of all units
 * @param segments the same of each segment
 * @param left what was left out, in sentences
 */
record Arms(
    Map<String, Long> units,
    List<Metric> metrics,
    Map<String, Map<String, Comparison.Side>> sides,
    List<Segment> segments,
    List<String> left) {
  /**
   * A metric.
   *
   * @param name as typed
   * @param estimand its columns in the moments of a side
   */
  record Metric(String name, Estimand estimand) {}

  /**
   * A segment.
   *
   * @param key column
   * @param value its value
   * @param units of each variant
   * @param sides each variant's units by metric
   */
  record Segment(
      String key,
      String value,
      Map<String, Long> units,
      Map<String, Map<String, Comparison.Side>> sides) {}
}
