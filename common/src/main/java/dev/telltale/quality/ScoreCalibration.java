package dev.telltale.quality;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Optional;

/**
 * How often rows of a score turn out to be true: the isotonic regression of labels on scores, found
 * by pooling adjacent violators in O(cells). Ayer et al. 1955, doi:10.1214/aoms/1177728423; as
 * calibration, Zadrozny and Elkan 2002, doi:10.1145/775047.775151.
 *
 * <p>Not that of a library: an estimate needs to know how many rows each step rests on, which none
 * of them tells. Immutable. Crosses to executors, hence a class.
 */
public final class ScoreCalibration implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Highest score of each step. */
  private final double[] highest;

  private final double[] shares;
  private final double[] variances;

  private ScoreCalibration(double[] highest, double[] shares, double[] variances) {
    this.highest = highest;
    this.shares = shares;
    this.variances = variances;
  }

  /** From labelled rows; empty unless both labels occur. */
  public static Optional<ScoreCalibration> of(ScoreCells cells) {
    int steps = 0;
    double[] highest = new double[cells.size()];
    double[] positive = new double[cells.size()];
    double[] weight = new double[cells.size()];
    double[] squared = new double[cells.size()];
    double positives = 0;
    double all = 0;
    for (int i = 0; i < cells.size(); i++) {
      highest[steps] = cells.score(i);
      positive[steps] = cells.positive(i);
      weight[steps] = cells.positive(i) + cells.negative(i);
      squared[steps] = cells.squaredPositive(i) + cells.squaredNegative(i);
      positives += positive[steps];
      all += weight[steps];
      steps++;
      while (steps > 1
          && positive[steps - 2] * weight[steps - 1] >= positive[steps - 1] * weight[steps - 2]) {
        steps--;
        highest[steps - 1] = highest[steps];
        positive[steps - 1] += positive[steps];
        weight[steps - 1] += weight[steps];
        squared[steps - 1] += squared[steps];
      }
    }
    if (!(positives > 0 && positives < all)) {
      return Optional.empty();
    }
    double[] shares = new double[steps];
    double[] variances = new double[steps];
    for (int i = 0; i < steps; i++) {
      shares[i] = positive[i] / weight[i];
      // A step of few rows that are all alike is not certain: half a row of each is added.
      double rows = weight[i] * weight[i] / squared[i];
      double share = (rows * shares[i] + 0.5) / (rows + 1);
      variances[i] = share * (1 - share) / (rows + 1);
    }
    return Optional.of(new ScoreCalibration(Arrays.copyOf(highest, steps), shares, variances));
  }

  /** Number of steps. */
  int steps() {
    return shares.length;
  }

  /** Index of the step of a score; scores between two steps belong to the upper one. */
  int step(double score) {
    int at = Arrays.binarySearch(highest, score);
    return Math.min(at >= 0 ? at : -at - 1, shares.length - 1);
  }

  /** Share of true rows of a step, 0 to 1. */
  double share(int step) {
    return shares[step];
  }

  /** Squared standard error of a step's share. */
  double variance(int step) {
    return variances[step];
  }

  /** Share of true rows with a score, 0 to 1. */
  public double share(double score) {
    return shares[step(score)];
  }
}
