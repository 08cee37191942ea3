package dev.telltale.stats;

import java.util.Arrays;
import org.apache.commons.math3.distribution.ChiSquaredDistribution;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.special.Beta;

/**
 * How large a share of the next day's rows may be, where the rows of some days are known: an upper
 * prediction bound, which a next day of the same kind exceeds with at most a given probability.
 *
 * <p>The count of the next day is beta-binomial, \( X + \tfrac12 \) against \( N - X + \tfrac12 \)
 * rows seen (Jeffreys' prior). Days that differ by more than chance are worth fewer rows: all
 * counts are divided by the dispersion \( \phi \), the upper 95 % limit of Pearson's \( \chi^2 /
 * (D-1) \) over the days (McCullagh and Nelder 1989, section 4.5), at least 1.
 */
public final class SharePrediction {
  /** Probability that the dispersion is larger than it is taken for. */
  private static final double DISPERSION_RISK = 0.05;

  /** With fewer days their dispersion is not looked at. */
  private static final int FEWEST_DAYS = 3;

  /** Expected counts above it are taken for normal: the probabilities of each are all tiny. */
  private static final double NORMAL_FROM = 200;

  private SharePrediction() {}

  /**
   * The share that the next day exceeds with probability {@code risk} at most.
   *
   * @param rows rows of each day
   * @param hits those counted of them, in the same order
   * @param sizes how many rows the next day may have; the bound is for each of these
   * @param risk above 0 and below 1
   * @return 0 to 1, and no less than the share of any day seen; 1 without rows
   */
  public static double upper(long[] rows, long[] hits, long[] sizes, double risk) {
    double all = Arrays.stream(rows).sum();
    double counted = Arrays.stream(hits).sum();
    if (all == 0) {
      return 1;
    }
    double dispersion = dispersion(rows, hits, counted / all);
    double bound = 0;
    for (long size : Arrays.stream(sizes).filter(size -> size > 0).distinct().toArray()) {
      long effective = Math.max(1, Math.round(size / dispersion));
      double count =
          quantile(
              (double) effective,
              counted / dispersion + 0.5,
              (all - counted) / dispersion + 0.5,
              risk);
      bound = Math.max(bound, count / effective);
    }
    for (int day = 0; day < rows.length; day++) {
      bound = Math.max(bound, rows[day] == 0 ? 0 : (double) hits[day] / rows[day]);
    }
    return Math.min(1, bound);
  }

  /**
   * The share of the next day that is beyond the smallest or the largest of the values seen: that
   * of any distribution, as the probability between two order statistics has a beta distribution
   * (Wilks 1941, doi:10.1214/aoms/1177731788).
   *
   * @param values values seen, at least 2
   * @param sizes see {@link #upper}
   * @param risk see {@link #upper}
   */
  public static double beyondExtremes(long values, long[] sizes, double risk) {
    double bound = 0;
    for (long size : Arrays.stream(sizes).filter(size -> size > 0).distinct().toArray()) {
      bound =
          Math.max(
              bound, quantile((double) size, 2, Math.max(1.0, (double) values - 1), risk) / size);
    }
    return Math.min(1, bound);
  }

  private static double dispersion(long[] rows, long[] hits, double share) {
    long days = Arrays.stream(rows).filter(size -> size > 0).count();
    if (days < FEWEST_DAYS || share == 0 || share == 1) {
      return 1;
    }
    double chiSquare = 0;
    for (int day = 0; day < rows.length; day++) {
      if (rows[day] > 0) {
        double distance = hits[day] - rows[day] * share;
        chiSquare += distance * distance / (rows[day] * share * (1 - share));
      }
    }
    return Math.max(
        1,
        chiSquare
            / new ChiSquaredDistribution(days - 1.0).inverseCumulativeProbability(DISPERSION_RISK));
  }

  /** The smallest count that a beta-binomial one exceeds with probability {@code risk} at most. */
  private static double quantile(double trials, double alpha, double beta, double risk) {
    double sum = alpha + beta;
    double mean = trials * alpha / sum;
    if (mean > NORMAL_FROM) {
      double variance = mean * (beta / sum) * (sum + trials) / (sum + 1);
      double z = new NormalDistribution().inverseCumulativeProbability(1 - risk);
      return Math.min(trials, Math.ceil(mean + z * Math.sqrt(variance)));
    }
    double probability = Math.exp(Beta.logBeta(alpha, beta + trials) - Beta.logBeta(alpha, beta));
    double cumulative = probability;
    long count = 0;
    while (count < trials && cumulative < 1 - risk) {
      probability *=
          (trials - count) * (alpha + count) / ((count + 1.0) * (beta + (trials - count - 1)));
      count++;
      cumulative += probability;
    }
    return count;
  }
}
