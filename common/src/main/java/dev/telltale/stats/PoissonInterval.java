package dev.telltale.stats;

import org.apache.commons.math3.distribution.ChiSquaredDistribution;

/**
 * The exact 95 % interval of a Poisson mean: Garwood 1936, doi:10.1093/biomet/28.3-4.437.
 *
 * @param low lower end
 * @param high upper end
 */
public record PoissonInterval(double low, double high) {
  private static final double LOWER = 0.025;

  /** Of a count of events. */
  public static PoissonInterval of(long events) {
    if (events < 0) {
      throw new IllegalArgumentException(events + " events");
    }
    return new PoissonInterval(
        events == 0 ? 0 : quantile(LOWER, 2.0 * events) / 2,
        quantile(1 - LOWER, 2.0 * events + 2) / 2);
  }

  private static double quantile(double probability, double degrees) {
    return new ChiSquaredDistribution(null, degrees).inverseCumulativeProbability(probability);
  }
}
