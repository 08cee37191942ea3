package dev.telltale.experiment;

import dev.telltale.sequential.GroupSequentialBounds;
import dev.telltale.sequential.SequentialDesign;
import dev.telltale.sequential.SequentialPower;
import dev.telltale.sequential.Sides;
import dev.telltale.sequential.Spending;
import dev.telltale.stats.PowerAnalysis;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * A planned experiment: of its effect, its units and its power, what was not given.
 *
 * @param effect difference that is shown, in units of the metric
 * @param power probability of showing it
 * @param unitsControl units of the control
 * @param unitsVariant units of each variant
 * @param units all units
 * @param alphaEach level of each variant's test
 * @param designEffect factor of the variance of clusters
 * @param covariateFactor factor of the variance after adjustment
 * @param lookFactor factor of the units for looking more than once
 */
public record Plan(
    double effect,
    double power,
    long unitsControl,
    long unitsVariant,
    long units,
    double alphaEach,
    double designEffect,
    double covariateFactor,
    double lookFactor) {
  /** Power that a plan has where none is asked for. */
  public static final double POWER = 0.8;

  /**
   * What is known of the metric.
   *
   * @param mean level of the control; NaN if unknown
   * @param variance of a unit, above 0
   * @param explained share of the variance that covariates take away, 0 to 1
   * @param isProportion whether the variance follows the level
   */
  public record Level(double mean, double variance, double explained, boolean isProportion) {}

  /**
   * How units are divided and tested.
   *
   * @param alpha level of the family of variants
   * @param isTwoSided whether either direction is tested
   * @param variants beside the control
   * @param controlShare of the units, above 0, below 1
   * @param clusterSize rows of a cluster
   * @param intraclassCorrelation of two rows of a cluster
   * @param covariateCorrelation of the metric with its covariates
   * @param looks evenly spaced looks, at least 1
   * @param spending how alpha is spent over the looks
   */
  public record Design(
      double alpha,
      boolean isTwoSided,
      int variants,
      double controlShare,
      double clusterSize,
      double intraclassCorrelation,
      double covariateCorrelation,
      int looks,
      Spending spending) {
    /** Refuses shares that leave nobody. */
    public Design {
      if (variants < 1) {
        throw new IllegalArgumentException(variants + " variants: at least one is compared");
      }
      if (looks < 1) {
        throw new IllegalArgumentException(looks + " looks: at least one is taken");
      }
      if (!(controlShare > 0 && controlShare < 1)) {
        throw new IllegalArgumentException(
            "The control's share is above 0 and below 1, not " + controlShare);
      }
    }
  }

  /**
   * Plans an experiment.
   *
   * @param effect to be shown; empty = the smallest that the units show
   * @param units all units; empty = as many as the effect takes
   * @param power where effect or units are not given
   * @throws IllegalArgumentException if nothing can be planned: the message says why
   */
  public static Plan of(
      Level level, Design design, OptionalDouble effect, OptionalDouble units, double power) {
    double ratio = (1 - design.controlShare()) / design.variants() / design.controlShare();
    PowerAnalysis single =
        new PowerAnalysis(
            design.alpha(), design.isTwoSided(), ratio, PowerAnalysis.Distribution.NORMAL);
    PowerAnalysis analysis = design.variants() == 1 ? single : single.dunnett(design.variants());
    double designEffect =
        PowerAnalysis.designEffect(design.clusterSize(), design.intraclassCorrelation(), 0);
    double covariateFactor =
        PowerAnalysis.covariateFactor(design.covariateCorrelation()) * (1 - level.explained());
    if (!(covariateFactor > 0)) {
      throw new IllegalArgumentException(
          "A covariate that explains all of the metric leaves nothing to show");
    }
    double lookFactor = lookFactor(design, analysis.alpha(), power);
    // More units for the same power are the same units with more variance.
    double inflation = designEffect * covariateFactor * lookFactor;
    double shown = effect.isPresent() ? effect.getAsDouble() : Double.NaN;
    double unitsControl =
        units.isPresent() ? units.getAsDouble() * design.controlShare() : Double.NaN;
    double reached = power;
    if (effect.isPresent()) {
      double standardized = standardized(analysis, level, shown, inflation);
      if (units.isPresent()) {
        reached = analysis.power(standardized, unitsControl);
      } else {
        unitsControl = analysis.controlUnits(standardized, power);
      }
    } else {
      shown = smallest(analysis, level, unitsControl, inflation, power);
    }
    if (!(unitsControl < Long.MAX_VALUE)) {
      throw new IllegalArgumentException("No number of units shows an effect of " + shown);
    }
    long control = (long) Math.ceil(unitsControl);
    long variant = (long) Math.ceil(unitsControl * ratio);
    return new Plan(
        shown,
        reached,
        control,
        variant,
        control + design.variants() * variant,
        analysis.alpha(),
        designEffect,
        covariateFactor,
        lookFactor);
  }

  private static double lookFactor(Design design, double alpha, double power) {
    if (design.looks() == 1) {
      return 1;
    }
    GroupSequentialBounds bounds =
        GroupSequentialBounds.of(
            new SequentialDesign(
                alpha, design.isTwoSided() ? Sides.TWO : Sides.ONE, design.spending()),
            IntStream.rangeClosed(1, design.looks())
                .mapToDouble(look -> (double) look / design.looks())
                .toArray());
    return SequentialPower.inflation(bounds, power);
  }

  private static double standardized(
      PowerAnalysis analysis, Level level, double effect, double inflation) {
    if (!level.isProportion()) {
      return analysis.standardized(
          effect, level.variance() * inflation, level.variance() * inflation);
    }
    double variant = level.mean() + effect;
    if (!(variant > 0 && variant < 1)) {
      throw new IllegalArgumentException(
          "A share of " + level.mean() + " cannot change by " + effect);
    }
    return analysis.standardized(
        effect, level.variance() * inflation, variant * (1 - variant) * inflation);
  }

  private static double smallest(
      PowerAnalysis analysis, Level level, double unitsControl, double inflation, double power) {
    if (!level.isProportion()) {
      double one =
          analysis.standardized(1, level.variance() * inflation, level.variance() * inflation);
      return analysis.detectableEffect(unitsControl, power) / one;
    }
    double variant =
        analysis.detectableProportion(level.mean(), true, unitsControl / inflation, power);
    if (Double.isNaN(variant)) {
      throw new IllegalArgumentException(
          "So few units show no share above " + level.mean() + ", not even 1");
    }
    return variant - level.mean();
  }
}
