package dev.telltale.quality;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a team declares about its metrics.
 *
 * @param beta weight of recall in {@code f_beta}; 1 = only {@code f1}
 * @param value business value of each outcome; empty = none is declared
 */
public record MetricOptions(double beta, Optional<OutcomeValues> value) {
  /** What holds where nothing is declared. */
  public static final MetricOptions DEFAULTS = new MetricOptions(1, Optional.empty());

  /**
   * What an outcome is worth, in any one unit; costs are negative.
   *
   * @param truePositive predicted and true
   * @param falsePositive predicted and not true
   * @param falseNegative true and not predicted
   * @param trueNegative neither
   */
  public record OutcomeValues(
      double truePositive, double falsePositive, double falseNegative, double trueNegative) {}

  OptionalDouble otherBeta() {
    return beta == 1 ? OptionalDouble.empty() : OptionalDouble.of(beta);
  }
}
