package dev.telltale.experiment;

import java.util.Optional;

/**
 * Outcome of one test, with the difference and the lift that belong to it.
 *
 * @param test name of the test
 * @param statistic its statistic
 * @param degreesOfFreedom of its distribution; infinite for a normal one
 * @param absolute variant minus control
 * @param relative the difference as a share of the control's level; empty where that level cannot
 *     be told from zero
 */
public record Inference(
    String test,
    double statistic,
    double degreesOfFreedom,
    Effect absolute,
    Optional<Lift> relative) {

  /**
   * A difference.
   *
   * @param effect variant minus control
   * @param standardError its standard error; NaN if the test has none
   * @param low lower end of the interval, or minus infinity if it is one-sided
   * @param high upper end, or infinity
   * @param pValue 0 to 1
   */
  public record Effect(
      double effect, double standardError, double low, double high, double pValue) {}

  /**
   * A relative difference: 0.03 is 3 % of the absolute level of the control more.
   *
   * @param effect (variant - control) / |control|
   * @param low lower end of the interval, or minus infinity
   * @param high upper end, or infinity
   * @param method how the interval was made
   */
  public record Lift(double effect, double low, double high, String method) {}
}
