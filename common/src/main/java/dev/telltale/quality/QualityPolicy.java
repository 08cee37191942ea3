package dev.telltale.quality;

/**
 * When a difference in quality matters.
 *
 * @param tolerance a bounded metric that is worse by less does not matter
 * @param toleranceRatio another metric that is worse by a smaller share does not matter
 * @param alpha level of the family of comparisons
 * @param minimumLabels with fewer labels on a side nothing is judged
 */
public record QualityPolicy(
    double tolerance, double toleranceRatio, double alpha, int minimumLabels) {
  /** How much worse is too much, in the unit of the metric. */
  public double threshold(String metric, double reference) {
    return MetricKind.of(metric).bounded() ? tolerance : toleranceRatio * Math.abs(reference);
  }
}
