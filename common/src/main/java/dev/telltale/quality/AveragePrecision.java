package dev.telltale.quality;

import dev.telltale.stats.WilsonInterval;
import java.util.Optional;

/**
 * Average precision, the area under the precision-recall curve as steps: the mean over the
 * positives of the precision at their score, Σ (R_k - R_{k-1}) P_k, as in scikit-learn. The
 * trapezoid would promise precision between thresholds that there is not: Davis and Goadrich 2006,
 * doi:10.1145/1143844.1143874.
 *
 * <p>The standard error is by the delta method in the weights of the cells. With T and N the
 * positives and negatives that score as high or higher, a positive of cell j moves it by (T_j/(T_j
 * + N_j) - AP + Σ p_c N_c/(T_c + N_c)²)/P, a negative by -(Σ p_c T_c/(T_c + N_c)²)/P, the sums over
 * the cells c that score no higher than j. The interval is Wilson's with the number of trials that
 * has this error, shrunk towards the number of positives as if {@value #PRIOR_ROWS} more had been
 * seen. Measured coverage is in the test.
 */
public final class AveragePrecision {
  private static final double PRIOR_ROWS = 4;

  private AveragePrecision() {}

  /**
   * The value; empty without positives.
   *
   * @param scoredRows rows in the cells
   * @return its error bound holds for any order of the scores that share a cell
   */
  public static Optional<Estimate> of(ScoreCells cells, long scoredRows) {
    int size = cells.size();
    double positive = 0;
    double squaredPositive = 0;
    for (int i = 0; i < size; i++) {
      positive += cells.positive(i);
      squaredPositive += cells.squaredPositive(i);
    }
    if (!(positive > 0)) {
      return Optional.empty();
    }
    double[] precision = new double[size];
    double[] all = new double[size];
    double hits = 0;
    double rows = 0;
    double sum = 0;
    double bound = 0;
    for (int i = size - 1; i >= 0; i--) {
      double before = hits;
      double rowsBefore = rows;
      hits += cells.positive(i);
      rows += cells.positive(i) + cells.negative(i);
      all[i] = rows;
      precision[i] = rows > 0 ? hits / rows : 0;
      sum += cells.positive(i) * precision[i];
      if (cells.positive(i) > 0) {
        double best = hits / (rowsBefore + cells.positive(i));
        double worst = before / Math.max(1, rowsBefore + cells.negative(i));
        bound += cells.positive(i) * Math.max(best - precision[i], precision[i] - worst) / positive;
      }
    }
    double value = sum / positive;

    double variance = 0;
    double gain = 0;
    double loss = 0;
    for (int i = 0; i < size; i++) {
      if (all[i] > 0) {
        gain += cells.positive(i) * (1 - precision[i]) / all[i];
        loss += cells.positive(i) * precision[i] / all[i];
      }
      double ofPositive = (precision[i] - value + gain) / positive;
      double ofNegative = loss / positive;
      variance +=
          cells.squaredPositive(i) * ofPositive * ofPositive
              + cells.squaredNegative(i) * ofNegative * ofNegative;
    }
    double positives = positive * positive / squaredPositive;
    return Optional.of(
        estimate(value, variance, positives, scoredRows)
            .withErrorBound(cells.isExact() ? 0 : bound));
  }

  private static Estimate estimate(double value, double variance, double positives, long rows) {
    double ofShare = value * (1 - value);
    double shrunk =
        (positives * variance + PRIOR_ROWS * ofShare / positives) / (positives + PRIOR_ROWS);
    double trials = ofShare > 0 && shrunk > 0 ? ofShare / shrunk : positives;
    double degrees = positives - 1 + PRIOR_ROWS;
    WilsonInterval interval = Means.wilson(Math.min(1, value), trials, degrees);
    return Estimate.of(value, Math.sqrt(variance), interval.low(), interval.high(), rows);
  }
}
