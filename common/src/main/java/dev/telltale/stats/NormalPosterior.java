package dev.telltale.stats;

/**
 * What is known of an effect of the variant against the control after an experiment: normal, as its
 * prior and its estimate are. Gelman et al. 2013, doi:10.1201/b16018, section 2.5; the decision's
 * loss as in Stucchio's Bayesian A/B tests and Raiffa and Schlaifer 1961. Looking often does not
 * change it, but its chance to win is no error rate.
 *
 * @param mean finite
 * @param deviation above 0, finite
 */
public record NormalPosterior(double mean, double deviation) {
  /**
   * Refuses what is no normal distribution.
   *
   * @throws IllegalArgumentException if it is none
   */
  public NormalPosterior {
    check(mean, deviation);
  }

  /**
   * From a prior and an estimate, each weighed by one over its variance.
   *
   * @param estimate of the effect, finite
   * @param standardError its own, above 0, finite
   * @param priorMean of effects of experiments like this, finite
   * @param priorDeviation theirs, above 0, finite
   * @throws IllegalArgumentException if an argument is outside its range
   */
  public static NormalPosterior of(
      double estimate, double standardError, double priorMean, double priorDeviation) {
    check(estimate, standardError);
    check(priorMean, priorDeviation);
    // Neither variance is computed: it may overflow where the ratio does not.
    double length = Math.hypot(standardError, priorDeviation);
    double toEstimate = priorDeviation / length;
    double toPrior = standardError / length;
    return new NormalPosterior(
        toPrior * toPrior * priorMean + toEstimate * toEstimate * estimate,
        standardError * toEstimate);
  }

  /**
   * The interval that has the effect inside with a probability, and as much on either side.
   *
   * @param level above 0, below 1
   * @throws IllegalArgumentException if it is not
   */
  public ConfidenceInterval interval(double level) {
    ConfidenceInterval.checkLevel(level);
    double half = deviation * StandardNormal.upperQuantile((1 - level) / 2);
    return new ConfidenceInterval(mean - half, mean + half, level);
  }

  /**
   * Probability that the variant is better than the control, 0 to 1.
   *
   * @param higherIsBetter whether an effect above zero is
   */
  public double chanceToWin(boolean higherIsBetter) {
    return StandardNormal.upperTail(higherIsBetter ? -mean / deviation : mean / deviation);
  }

  /**
   * By how much the effect is on the wrong side on average, where the right one counts as zero, if
   * the variant is chosen; from 0, in units of the effect.
   *
   * @param higherIsBetter whether an effect above zero is
   */
  public double lossOfVariant(boolean higherIsBetter) {
    double z = mean / deviation;
    return deviation * StandardNormal.upperExcess(higherIsBetter ? z : -z);
  }

  /** The same if the control is chosen: what the variant would have gained. */
  public double lossOfControl(boolean higherIsBetter) {
    return lossOfVariant(!higherIsBetter);
  }

  private static void check(double mean, double deviation) {
    if (!Double.isFinite(mean) || !(deviation > 0) || Double.isInfinite(deviation)) {
      throw new IllegalArgumentException(
          "No normal distribution: mean " + mean + ", deviation " + deviation);
    }
  }
}
