package dev.telltale.experiment;

import java.util.List;

/**
 * What is estimated of an arm, as columns of its {@link CrossMoments}: the mean of a column, or the
 * ratio of two means. Proportions, sums and counts per unit, retention and capped metrics are
 * means; a funnel's step, and a mean over rows that are not the units, are ratios.
 *
 * @param numerator column
 * @param denominator column, or {@link #NONE}
 * @param covariates columns from before the exposure
 */
public record Estimand(int numerator, int denominator, List<Integer> covariates) {
  /** Instead of a denominator. */
  public static final int NONE = -1;

  /** Copies the list. */
  public Estimand {
    covariates = List.copyOf(covariates);
  }

  /** The mean of a column. */
  public static Estimand mean(int column, List<Integer> covariates) {
    return new Estimand(column, NONE, covariates);
  }

  /** The ratio of the means of two columns. */
  public static Estimand ratio(int numerator, int denominator, List<Integer> covariates) {
    return new Estimand(numerator, denominator, covariates);
  }

  /** Whether it is a ratio. */
  public boolean isRatio() {
    return denominator != NONE;
  }

  /**
   * The estimate; NaN without units, and for a ratio whose denominator is zero in all of them.
   *
   * @param arm moments of the units
   */
  public double value(CrossMoments arm) {
    if (!isRatio()) {
      return arm.mean(numerator);
    }
    double ratio = arm.mean(numerator) / arm.mean(denominator);
    return Double.isFinite(ratio) ? ratio : Double.NaN;
  }

  /**
   * Covariance over units of the estimate's influence with a column. For a ratio R = N / D this is
   * the delta method, influence (N - R D) / mean(D): Deng et al. 2018, doi:10.1145/3219819.3219919.
   */
  double covariance(CrossMoments arm, int column) {
    if (!isRatio()) {
      return arm.covariance(numerator, column);
    }
    double ratio = value(arm);
    return (arm.covariance(numerator, column) - ratio * arm.covariance(denominator, column))
        / arm.mean(denominator);
  }

  /** Variance over units of the estimate's influence: divided by n, the squared standard error. */
  public double variance(CrossMoments arm) {
    if (!isRatio()) {
      return arm.variance(numerator);
    }
    double inverse = 1 / arm.mean(denominator);
    double variance =
        (covariance(arm, numerator) - value(arm) * covariance(arm, denominator)) * inverse;
    return Math.max(0, variance);
  }
}
