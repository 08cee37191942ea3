package dev.telltale.stats;

/**
 * Wilson's score interval of a proportion, 95 %: all p that a score test does not reject. Wilson
 * 1927, doi:10.1080/01621459.1927.10502953. Its coverage is close to nominal on average from a
 * handful of trials on: Brown, Cai and DasGupta 2001, doi:10.1214/ss/1009213286.
 *
 * @param low lower end, 0 to 1
 * @param high upper end, 0 to 1
 */
public record WilsonInterval(double low, double high) {
  /** The 97.5 % quantile of the standard normal distribution. */
  public static final double Z = 1.959963984540054;

  /**
   * The interval.
   *
   * @param proportion successes as a share of trials, 0 to 1
   * @param trials trials, or an effective number of them; above 0
   * @throws IllegalArgumentException otherwise
   */
  public static WilsonInterval of(double proportion, double trials) {
    if (!(trials > 0) || !(proportion >= 0 && proportion <= 1)) {
      throw new IllegalArgumentException(proportion + " of " + trials + " trials");
    }
    double square = Z * Z / trials;
    double middle = (proportion + square / 2) / (1 + square);
    double half =
        Z
            * Math.sqrt(proportion * (1 - proportion) / trials + square / (4 * trials))
            / (1 + square);
    return new WilsonInterval(
        proportion == 0 ? 0 : Math.max(0, middle - half),
        proportion == 1 ? 1 : Math.min(1, middle + half));
  }
}
