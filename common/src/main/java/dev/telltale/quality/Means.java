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
    double half = quantile(mass.mass().effectiveRows() - 1) * stdError;
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
    double factor = Math.exp(quantile(mass.mass().effectiveRows() - 1) * stdError / value);
    return Optional.of(Estimate.of(value, stdError, value / factor, value * factor, mass.rows()));
  }

  /**
   * A mean of values in 0 to 1; empty without rows. Its interval is Wilson's, which stays in 0 to 1
   * and is a proportion's where the values are 0 and 1, with the number of trials that has this
   * standard error.
   */
  static Optional<Estimate> ofShares(LossSum sum, MassSum mass) {
    double stdError = sum.stdError(mass);
    if (!Double.isFinite(stdError)) {
      return estimate(sum.mean(mass), stdError, mass);
    }
    double value = Math.min(1, sum.mean(mass));
    double spread = value * (1 - value);
    double rows = mass.mass().effectiveRows();
    // Without any spread the rows have not shown how wide they spread: at most as far as a share.
    double trials = spread > 0 && stdError > 0 ? spread / (stdError * stdError) : rows;
    WilsonInterval interval = wilson(value, trials, rows - 1);
    return Optional.of(Estimate.of(value, stdError, interval.low(), interval.high(), mass.rows()));
  }

  /**
   * Wilson's interval of a value in 0 to 1 whose error was itself estimated: a quantile of t
   * instead of the normal's is as if there were fewer trials.
   *
   * @param degrees of freedom of the error; at least 1 is taken
   */
  static WilsonInterval wilson(double value, double trials, double degrees) {
    double t = quantile(degrees);
    return WilsonInterval.of(value, trials * WilsonInterval.Z * WilsonInterval.Z / (t * t));
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

  private static double quantile(double degrees) {
    return new TDistribution(null, Math.max(1, degrees)).inverseCumulativeProbability(UPPER);
  }
}
