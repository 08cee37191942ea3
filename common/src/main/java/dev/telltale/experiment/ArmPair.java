package dev.telltale.experiment;

import java.util.List;

/**
 * The estimates of two arms and how they scatter together: all that a test of their difference or
 * ratio asks.
 *
 * @param control estimate of the control
 * @param variant estimate of the variant
 * @param controlVariance squared standard error of {@code control}
 * @param variantVariance squared standard error of {@code variant}
 * @param covariance of the two estimates; 0 for independent arms without adjustment
 * @param controlDegrees degrees of freedom of {@code controlVariance}
 * @param variantDegrees degrees of freedom of {@code variantVariance}
 * @param isPaired whether the same units, or matched ones, were measured twice
 * @param theta coefficients of the covariates: none, one per covariate, or for interacted
 *     adjustment those of the control followed by those of the variant
 */
public record ArmPair(
    double control,
    double variant,
    double controlVariance,
    double variantVariance,
    double covariance,
    double controlDegrees,
    double variantDegrees,
    boolean isPaired,
    List<Double> theta) {
  /** Copies the list. */
  public ArmPair {
    theta = List.copyOf(theta);
  }

  /** Variant minus control. */
  public double difference() {
    return variant - control;
  }

  /** Standard error of {@code variant - factor * control}. */
  public double standardError(double factor) {
    double variance = variantVariance + factor * factor * controlVariance - 2 * factor * covariance;
    return Math.sqrt(Math.max(0, variance));
  }

  /**
   * Degrees of freedom of {@code variant - factor * control}: Welch (1947,
   * doi:10.1093/biomet/34.1-2.28) for independent arms, pairs less one for pairs.
   */
  public double degreesOfFreedom(double factor) {
    if (isPaired) {
      return controlDegrees;
    }
    double a = variantVariance;
    double b = factor * factor * controlVariance;
    double scale = Math.max(a, b);
    if (!(scale > 0)) {
      return variantDegrees + controlDegrees;
    }
    // Scaled, as the squares of small variances would vanish.
    double first = a / scale;
    double second = b / scale;
    double sum = first + second;
    return sum * sum / (first * first / variantDegrees + second * second / controlDegrees);
  }
}
