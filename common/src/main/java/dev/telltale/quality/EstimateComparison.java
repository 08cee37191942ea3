package dev.telltale.quality;

import dev.telltale.stats.Alternative;
import dev.telltale.stats.StandardNormal;
import dev.telltale.stats.WilsonInterval;

/**
 * The difference of two independent estimates of one metric.
 *
 * <p>Its interval combines theirs: the distances to the ends add as squares (MOVER; Newcombe 1998,
 * doi:10.1002/(SICI)1097-0258(19980430)17:8&lt;873::AID-SIM779&gt;3.0.CO;2-I for proportions, Zou
 * and Donner 2008, doi:10.1002/sim.3095 in general). The p-value is that of the level at which the
 * interval would end at zero, taken from the end that faces zero: below 0.05 exactly where the 95 %
 * interval excludes zero.
 *
 * @param difference first minus second
 * @param stdError its standard error
 * @param low lower end of the 95 % interval
 * @param high upper end
 * @param pValue two-sided p-value of no difference
 */
public record EstimateComparison(
    double difference, double stdError, double low, double high, double pValue) {
  /**
   * Compares.
   *
   * @throws IllegalArgumentException if an estimate has no interval
   */
  public static EstimateComparison of(Estimate first, Estimate second) {
    if (first.low().isEmpty() || second.low().isEmpty()) {
      throw new IllegalArgumentException("An estimate without an interval cannot be compared");
    }
    double difference = first.value() - second.value();
    double below =
        Math.hypot(
            first.value() - first.low().getAsDouble(),
            second.high().getAsDouble() - second.value());
    double above =
        Math.hypot(
            first.high().getAsDouble() - first.value(),
            second.value() - second.low().getAsDouble());
    double facing = difference > 0 ? below : above;
    double z = difference == 0 ? 0 : WilsonInterval.Z * Math.abs(difference) / facing;
    return new EstimateComparison(
        difference,
        Math.hypot(first.stdError().orElse(0), second.stdError().orElse(0)),
        difference - below,
        difference + above,
        StandardNormal.pValue(z, Alternative.TWO_SIDED));
  }
}
