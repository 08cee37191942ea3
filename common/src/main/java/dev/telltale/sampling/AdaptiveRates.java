package dev.telltale.sampling;

import java.util.List;

/**
 * Tomorrow's rate of each stratum from what today says of it: more where an interval is wide, where
 * an alert is open, a stratum is new or the model is weak; less where all is quiet.
 *
 * <p>Without any of that, rows are shared out by the power allocation of Bankier 1988
 * (doi:10.1080/00031305.1988.10475556) with the power one half: n_h in proportion to S_h √N_h, so
 * that small strata get intervals of use, too, and large ones most of the rows; S_h is the standard
 * deviation of a mistake. What {@link StratumRates#ALIKE} of the budget goes to all rows alike, so
 * that no rate is zero and every estimate stays unbiased.
 */
public final class AdaptiveRates {
  /** How many times as many rows one reason for attention asks for. */
  public static final double ATTENTION = 2;

  /** Labels that the overall error rate counts as, where a stratum has few of its own. */
  private static final double PRIOR_LABELS = 20;

  /** A stratum without a mistake so far may have one tomorrow. */
  private static final double LEAST_DEVIATION = 0.05;

  private AdaptiveRates() {}

  /**
   * What is known of a stratum.
   *
   * @param rows rows of a day that are not kept for certain
   * @param labels labelled rows of the last days
   * @param mistakes of them, those that the model got wrong
   * @param reasons reasons for attention, 0 to 3: an alert, new, weak
   */
  public record Stratum(long rows, double labels, double mistakes, int reasons) {}

  /**
   * The rates, each above 0 and at most 1, at which the budget is expected to be kept.
   *
   * @param errorRate of all strata together; NaN where it is not known, or nothing is a mistake
   * @param budget rows to keep, above 0
   */
  public static double[] of(List<Stratum> strata, double errorRate, double budget) {
    long[] counts = strata.stream().mapToLong(Stratum::rows).toArray();
    double[] sizes =
        strata.stream()
            .mapToDouble(
                one ->
                    deviation(one, errorRate)
                        * Math.pow(ATTENTION, one.reasons())
                        / Math.sqrt((double) Math.max(1, one.rows())))
            .toArray();
    return InclusionProbabilities.of(counts, sizes, budget, StratumRates.ALIKE);
  }

  /**
   * Standard deviation of a mistake in a stratum: of its error rate, drawn to that of all; 1 where
   * none is known.
   */
  public static double deviation(Stratum stratum, double errorRate) {
    if (!Double.isFinite(errorRate)) {
      return 1;
    }
    double rate = errorRate(stratum, errorRate);
    return Math.max(LEAST_DEVIATION, Math.sqrt(rate * (1 - rate)));
  }

  /**
   * Share of mistakes in a stratum, drawn to that of all strata.
   *
   * @param errorRate of all strata together
   */
  public static double errorRate(Stratum stratum, double errorRate) {
    return (stratum.mistakes() + PRIOR_LABELS * errorRate) / (stratum.labels() + PRIOR_LABELS);
  }
}
