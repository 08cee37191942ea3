package dev.telltale.quality;

import dev.telltale.stats.WilsonInterval;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.commons.math3.distribution.TDistribution;

/** Estimates of means and of what follows from them. */
final class Means {
  private static final double UPPER = 0.975;

  private Means() {}

  /** A mean with its t interval; empty without rows. */
  static Optional<Estimate> mean(LossSum sum, MassSum mass) {
    return estimate(sum.mean(mass), sum.stdError(mass), mass);
  }

  /** A value with its t interval; empty without rows, or with rows of no weight only. */
  static Optional<Estimate> estimate(double value, double stdError, MassSum mass) {
    if (!(mass.mass().weight() > 0)) {
      return Optional.empty();
    }
    if (!Double.isFinite(stdError)) {
      return Optional.of(Estimate.bare(value, mass.rows()));
    }
    double half = quantile(mass) * stdError;
    return Optional.of(Estimate.of(value, stdError, value - half, value + half, mass.rows()));
  }

  /**
   * A positive value with an interval that is symmetric on the scale of its logarithm, so that it
   * stays positive; of zero, the interval is that of its mean.
   */
  static Optional<Estimate> positive(double value, double stdError, MassSum mass) {
    if (!Double.isFinite(stdError) || !(value > 0)) {
      return estimate(value, stdError, mass);
    }
    double factor = Math.exp(quantile(mass) * stdError / value);
    return Optional.of(Estimate.of(value, stdError, value / factor, value * factor, mass.rows()));
  }

  /** Within bounds that the metric cannot leave. */
  static Estimate within(Estimate estimate, double least, double most) {
    return new Estimate(
        estimate.value(),
        estimate.stdError(),
        clamped(estimate.low(), least, most),
        clamped(estimate.high(), least, most),
        estimate.rows(),
        estimate.errorBound());
  }

  private static OptionalDouble clamped(OptionalDouble value, double least, double most) {
    return value.isPresent()
        ? OptionalDouble.of(Math.max(least, Math.min(most, value.getAsDouble())))
        : value;
  }

  /** A value in 0 to 1 with an interval that is symmetric on the scale of its logit. */
  static Estimate share(double value, double stdError, long rows) {
    if (!(value > 0 && value < 1)) {
      return Estimate.of(value, stdError, value, value, rows);
    }
    double logit = Math.log(value / (1 - value));
    double half = WilsonInterval.Z * stdError / (value * (1 - value));
    return Estimate.of(
        value, stdError, 1 / (1 + Math.exp(half - logit)), 1 / (1 + Math.exp(-half - logit)), rows);
  }

  /** A value with its normal interval. */
  static Estimate normal(double value, double stdError, long rows) {
    return Estimate.of(
        value,
        stdError,
        value - WilsonInterval.Z * stdError,
        value + WilsonInterval.Z * stdError,
        rows);
  }

  private static double quantile(MassSum mass) {
    double degrees = Math.max(1, mass.mass().effectiveRows() - 1);
    return new TDistribution(null, degrees).inverseCumulativeProbability(UPPER);
  }
}
