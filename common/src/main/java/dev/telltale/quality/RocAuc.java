package dev.telltale.quality;

import java.util.Optional;

/**
 * Area under the ROC curve: the probability that a positive scores above a negative, ties half.
 *
 * <p>The standard error is that of DeLong, DeLong and Clarke-Pearson 1988, doi:10.2307/2531595: the
 * variance of the placements of each class among the other, here from cumulative counts in
 * O(cells), with weights weighted. The interval is {@link AucInterval}.
 */
public final class RocAuc {
  private RocAuc() {}

  /**
   * The area; empty without rows of both classes.
   *
   * @param scoredRows rows in the cells
   * @return its error bound is half the share of pairs of both classes that share a cell without
   *     having the same score
   */
  public static Optional<Estimate> of(ScoreCells cells, long scoredRows) {
    double positive = 0;
    double negative = 0;
    double squaredPositive = 0;
    double squaredNegative = 0;
    double won = 0;
    double tied = 0;
    for (int i = 0; i < cells.size(); i++) {
      won += cells.positive(i) * negative;
      tied += cells.positive(i) * cells.negative(i);
      positive += cells.positive(i);
      negative += cells.negative(i);
      squaredPositive += cells.squaredPositive(i);
      squaredNegative += cells.squaredNegative(i);
    }
    if (!(positive > 0 && negative > 0)) {
      return Optional.empty();
    }
    double pairs = positive * negative;
    double auc = (won + tied / 2) / pairs;

    double ofPositives = 0;
    double ofNegatives = 0;
    double positivesBelow = 0;
    double negativesBelow = 0;
    for (int i = 0; i < cells.size(); i++) {
      double above = (negativesBelow + cells.negative(i) / 2) / negative - auc;
      double below = 1 - (positivesBelow + cells.positive(i) / 2) / positive - auc;
      ofPositives += cells.squaredPositive(i) * above * above;
      ofNegatives += cells.squaredNegative(i) * below * below;
      positivesBelow += cells.positive(i);
      negativesBelow += cells.negative(i);
    }
    double positives = positive * positive / squaredPositive;
    double negatives = negative * negative / squaredNegative;
    double variance =
        unbiased(ofPositives / (positive * positive), positives)
            + unbiased(ofNegatives / (negative * negative), negatives);
    AucInterval interval = AucInterval.of(auc, variance, positives, negatives);
    return Optional.of(
        Estimate.of(auc, Math.sqrt(variance), interval.low(), interval.high(), scoredRows)
            .withErrorBound(cells.isExact() ? 0 : tied / pairs / 2));
  }

  private static double unbiased(double variance, double rows) {
    return rows > 1 ? variance * rows / (rows - 1) : variance;
  }
}
