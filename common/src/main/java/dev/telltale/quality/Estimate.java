package dev.telltale.quality;

import java.util.OptionalDouble;

/**
 * A metric with its uncertainty.
 *
 * @param value value
 * @param stdError standard error; empty where it cannot be told
 * @param low lower end of the 95 % interval; empty where there is none
 * @param high upper end
 * @param rows rows that the value rests on: for recall those that are true, for precision those
 *     that are predicted
 * @param errorBound the value of the rows themselves is within this of {@code value}; 0 = exact
 */
public record Estimate(
    double value,
    OptionalDouble stdError,
    OptionalDouble low,
    OptionalDouble high,
    long rows,
    double errorBound) {
  /** A value with its interval, exact. */
  public static Estimate of(double value, double stdError, double low, double high, long rows) {
    return new Estimate(
        value,
        OptionalDouble.of(stdError),
        OptionalDouble.of(low),
        OptionalDouble.of(high),
        rows,
        0);
  }

  /** A value of which no error is known. */
  public static Estimate bare(double value, long rows) {
    return new Estimate(
        value, OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty(), rows, 0);
  }

  /** The same with an error bound. */
  public Estimate withErrorBound(double bound) {
    return new Estimate(value, stdError, low, high, rows, bound);
  }
}
