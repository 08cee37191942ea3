package dev.telltale.stats;

import java.util.ArrayList;
import java.util.List;

/**
 * Confidence intervals of a family that say the same as its adjusted p-values: an interval excludes
 * the null value exactly if the adjusted p-value is below alpha, where each interval consists of
 * the values that the two-sided test of the p-value does not reject.
 *
 * <ul>
 *   <li>Bonferroni: all at level 1 - alpha/m. All together hold with probability 1 - alpha.
 *   <li>Holm and Hochberg: with A hypotheses not rejected, those at level 1 - alpha/A. A rejected
 *       one shows only on which side of the null value it lies, because the others use all of
 *       alpha; if all are rejected, level 1 - alpha/m, cut at the null value. All together hold
 *       with probability 1 - alpha: Guilbaud (2008, doi:10.1002/bimj.200710425), Strassburger and
 *       Bretz (2008, doi:10.1002/sim.3338), for Hochberg Guilbaud (2012,
 *       doi:10.1002/bimj.201100123). These prove one-sided intervals, and two-sided ones of which a
 *       rejected one is not the null value; that its side is the right one is proved for
 *       independent statistics: Finner (1999, doi:10.1214/aos/1018031111).
 *   <li>Benjamini-Hochberg: with R rejected, those at level 1 - R alpha/m; of these intervals the
 *       expected share that misses is at most alpha for independent and positively dependent
 *       statistics: Benjamini and Yekutieli (2005, doi:10.1198/016214504000001907). Nothing is
 *       promised of those not rejected, which get the same level, as if R were at least 1.
 *   <li>Benjamini-Yekutieli: the same with alpha divided by 1 + 1/2 + … + 1/m, whatever the
 *       dependence.
 * </ul>
 */
public final class SimultaneousIntervals {
  private SimultaneousIntervals() {}

  /**
   * How one interval is to be made.
   *
   * @param level of the two-sided interval; 1 for the whole line, of which the cut leaves a side
   * @param cutAtNull whether it ends at the null value, on the side of the estimate
   */
  public record Confidence(double level, boolean cutAtNull) {
    /**
     * The interval as it is to be shown.
     *
     * @param own interval of {@link #level}, if that is less than 1; otherwise not looked at
     * @param estimate tells the side
     * @param nullValue value under the null hypothesis
     */
    public ConfidenceInterval apply(ConfidenceInterval own, double estimate, double nullValue) {
      boolean line = level == 1;
      double low = line ? Double.NEGATIVE_INFINITY : own.low();
      double high = line ? Double.POSITIVE_INFINITY : own.high();
      boolean above = estimate > nullValue;
      return new ConfidenceInterval(
          cutAtNull && above ? Math.max(low, nullValue) : low,
          cutAtNull && !above ? Math.min(high, nullValue) : high,
          level);
    }
  }

  /**
   * The level of each interval, in the order given. Time as of sorting.
   *
   * @param correction of the family
   * @param pValues 0 to 1, two-sided
   * @param alpha of the family, above 0, below 1
   */
  public static List<Confidence> of(MultipleTesting correction, double[] pValues, double alpha) {
    if (!(alpha > 0 && alpha < 1)) {
      throw new IllegalArgumentException("Not an alpha: " + alpha);
    }
    double[] adjusted = correction.adjust(pValues);
    int size = pValues.length;
    int rejected = 0;
    for (double p : adjusted) {
      rejected += p < alpha ? 1 : 0;
    }
    Confidence bonferroni = new Confidence(1 - alpha / size, false);
    List<Confidence> result = new ArrayList<>();
    for (double p : adjusted) {
      result.add(
          switch (correction) {
            case BONFERRONI -> bonferroni;
            case HOLM, HOCHBERG -> stepwise(p < alpha, size, rejected, alpha);
            case BENJAMINI_HOCHBERG, BENJAMINI_YEKUTIELI ->
                new Confidence(1 - falseCoverage(correction, size, rejected, alpha), false);
          });
    }
    return List.copyOf(result);
  }

  private static Confidence stepwise(boolean own, int size, int rejected, double alpha) {
    if (rejected == size) {
      return new Confidence(1 - alpha / size, true);
    }
    return own ? new Confidence(1, true) : new Confidence(1 - alpha / (size - rejected), false);
  }

  private static double falseCoverage(
      MultipleTesting correction, int size, int rejected, double alpha) {
    double harmonic =
        correction == MultipleTesting.BENJAMINI_YEKUTIELI ? MultipleTesting.harmonic(size) : 1;
    return Math.max(1, rejected) * alpha / (size * harmonic);
  }
}
