package dev.telltale.look;

import dev.telltale.config.ExperimentMetric;
import dev.telltale.experiment.Outcome;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * What a look says of one metric of one variant.
 *
 * @param subject what was looked at
 * @param role of the metric
 * @param controlUnits units of the control that have the metric
 * @param variantUnits units of the variant that have it
 * @param missing units of both that lack it
 * @param controlMean of the control, without covariates; of a quantile metric the quantile; NaN
 *     without units
 * @param variantMean of the variant, likewise
 * @param unadjusted the difference without covariates; empty where there is no test
 * @param adjusted the difference with covariates, which decides where it is there
 * @param theta coefficients of the covariates that vary; empty without adjustment
 * @param reading what decides; empty where there is no look at the metric
 * @param family {@code primary}, {@code secondary}, {@code guardrail} or {@code segment}
 * @param familySize hypotheses of the family, those without a look too
 * @param outcome what is shown; of a segment it is exploratory
 * @param fixed end of the data of the metric's last look, if that was an earlier one
 * @param because the reason in a sentence
 */
public record LookMetric(
    Subject subject,
    ExperimentMetric.Role role,
    long controlUnits,
    long variantUnits,
    long missing,
    double controlMean,
    double variantMean,
    Optional<Estimate> unadjusted,
    Optional<Estimate> adjusted,
    List<Double> theta,
    Optional<Reading> reading,
    String family,
    int familySize,
    Outcome outcome,
    Optional<LocalDate> fixed,
    String because) {
  /** Copies the list. */
  public LookMetric {
    theta = List.copyOf(theta);
  }

  /**
   * A difference, as one look alone sees it.
   *
   * @param effect variant minus control
   * @param standardError its own, above 0
   * @param pValue of no difference, two-sided, by Welch's t
   */
  public record Estimate(double effect, double standardError, double pValue) {}

  /**
   * What decides. Interval, lift and z are of one test: the interval, and the lift's, exclude zero
   * exactly if z reaches the bound. For a guardrail with a margin they exclude the margin, and z
   * and the p-values are those of a difference as large as the margin.
   *
   * @param effect variant minus control
   * @param standardError its own, above 0
   * @param z normal quantile of Welch's p-value with the sign of the difference; finite
   * @param information fraction of the planned information; without a plan the units of both arms
   * @param bound what z has to reach, or minus z, at this look, at {@code level}; infinite where
   *     nothing may be spent
   * @param level of the hypothesis' repeated test, its share of the family's alpha: above 0. Of one
   *     that is shown it is that at which it was; of a guardrail on the better side of its margin
   *     all of alpha; of a secondary metric that is not asked yet what it would begin with
   * @param alphaSpent of {@code level} up to this look; NaN without a plan, where nothing is spent
   * @param low lower end of the repeated interval of the confidence 1 - {@code level}; may be
   *     infinite
   * @param high upper end
   * @param lift the effect by the absolute level of the control; NaN where that is 0
   * @param liftLow lower end of Fieller's interval of the lift; NaN where the control cannot be
   *     told from zero, infinite with the bound
   * @param liftHigh upper end
   * @param pValue of this look alone
   * @param pValueSequential of all looks together: the smallest level that this or an earlier look
   *     would have crossed
   * @param pValueAdjusted the same for the family: at most alpha exactly if shown
   */
  public record Reading(
      double effect,
      double standardError,
      double z,
      double information,
      double bound,
      double level,
      double alphaSpent,
      double low,
      double high,
      double lift,
      double liftLow,
      double liftHigh,
      double pValue,
      double pValueSequential,
      double pValueAdjusted) {}
}
