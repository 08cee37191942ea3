package dev.telltale.stats;

/**
 * Agreement of annotators beyond chance, \( \kappa = \frac{A - E}{1 - E} \), and its 95 % interval.
 * All numbers are finite and without unit.
 *
 * @param value kappa: 1 where all agree, 0 where they agree as often as by chance; -1 to 1
 * @param standardError of kappa in large samples, at least 0; 0 where the ratings do not vary, see
 *     {@code low}
 * @param low lower end of the interval, at least -1. It is the value minus a quantile times the
 *     standard error. Where that error is 0, as of complete agreement, it would be the value and
 *     deny all doubt: there it is Wilson's interval of the observed agreement among {@code items},
 *     with the expected agreement as it is
 * @param high upper end of the interval, at most 1
 * @param items items that were rated, at least 1
 * @param observedAgreement A, the share of pairs of ratings that agree; 0 to 1
 * @param expectedAgreement E, that of ratings by chance with the same class frequencies; 0 to 1
 */
public record Kappa(
    double value,
    double standardError,
    double low,
    double high,
    long items,
    double observedAgreement,
    double expectedAgreement) {
  /** A variance this small against the squared mean is the rounding of zero. */
  private static final double CONSTANT = 1e-13;

  /**
   * The delta method: with D = 1 - A and W = 1 - E, kappa is 1 - D / W, and an item's share in its
   * error is that of a term t whose variance over the items is known.
   *
   * @param items at least 1
   * @param disagreement D; whatever is close to 0 is kept without cancellation
   * @param chanceDisagreement W, above 0
   * @param termMean mean of t
   * @param termVariance mean squared deviation of t
   * @param divisor of the variance, for that of a mean
   * @param quantile of standard errors at the ends of the interval
   */
  static Kappa of(
      long items,
      double disagreement,
      double chanceDisagreement,
      double termMean,
      double termVariance,
      double divisor,
      double quantile) {
    double value = atLeastMinusOne(1 - disagreement / chanceDisagreement);
    boolean constant = termVariance <= CONSTANT * termMean * termMean;
    double error = constant ? 0 : Math.sqrt(termVariance / divisor) / chanceDisagreement;
    double low = value - quantile * error;
    double high = value + quantile * error;
    if (constant) {
      // Of all values between 0 and 1 zeros and ones scatter most: the interval is wide enough.
      WilsonInterval disagreeing = WilsonInterval.of(Math.min(1, disagreement), (double) items);
      low = 1 - disagreeing.high() / chanceDisagreement;
      high = 1 - disagreeing.low() / chanceDisagreement;
    }
    return new Kappa(
        value,
        error,
        atLeastMinusOne(low),
        Math.min(1, high),
        items,
        Math.max(0, 1 - disagreement),
        Math.max(0, 1 - chanceDisagreement));
  }

  private static double atLeastMinusOne(double kappa) {
    return Math.max(-1, kappa);
  }
}
