package dev.telltale.drift;

import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * One distance or test statistic.
 *
 * @param name one of {@link Metrics}
 * @param value finite
 * @param pValue 0 to 1, for tests
 * @param degreesOfFreedom for chi-squared statistics
 * @param errorBound the value of the raw data is within this of {@code value}; 0 = exact
 */
public record MetricValue(
    String name,
    double value,
    OptionalDouble pValue,
    OptionalInt degreesOfFreedom,
    double errorBound) {

  static MetricValue distance(String name, double value) {
    return bounded(name, value, 0);
  }

  static MetricValue bounded(String name, double value, double errorBound) {
    return new MetricValue(
        name,
        Math.min(Double.MAX_VALUE, value),
        OptionalDouble.empty(),
        OptionalInt.empty(),
        Math.min(Double.MAX_VALUE, errorBound));
  }
}
