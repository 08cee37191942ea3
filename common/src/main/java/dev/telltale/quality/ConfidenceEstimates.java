package dev.telltale.quality;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Metrics of a binary model before its labels are known: each row counts as true with the
 * probability that its score had where labels are known. The idea is that of confidence-based
 * performance estimation; it holds as long as a score means what it meant, whatever inputs do.
 *
 * <p>An estimate is about what the labels of these very rows will say. Two things are not known,
 * and the standard error has both, by the delta method: how the label of each row falls, with
 * variance p (1 - p), and the calibration itself, whose steps rest on finitely many rows. Labels of
 * different rows count as independent. O(cells).
 */
final class ConfidenceEstimates {
  private final ScoreCells answers;
  private final ScoreCalibration calibration;
  private final long rows;
  private final int[] steps;
  private double yes;
  private double truePositive;
  private double falseNegative;
  private double all;

  /**
   * @param answers all rows, by answer: those answered no as negatives, yes as positives
   */
  private ConfidenceEstimates(ScoreCells answers, ScoreCalibration calibration, long rows) {
    this.answers = answers;
    this.calibration = calibration;
    this.rows = rows;
    this.steps = new int[answers.size()];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = calibration.step(answers.score(i));
      double share = calibration.share(steps[i]);
      yes += answers.positive(i);
      all += answers.positive(i) + answers.negative(i);
      truePositive += share * answers.positive(i);
      falseNegative += share * answers.negative(i);
    }
  }

  /** By how much a metric changes if a row of a cell is true instead of false. */
  private interface Gradient {
    double of(int cell, boolean answer);
  }

  static Map<String, Estimate> of(ScoreCells answers, ScoreCalibration calibration, long rows) {
    ConfidenceEstimates estimates = new ConfidenceEstimates(answers, calibration, rows);
    Map<String, Estimate> metrics = new LinkedHashMap<>();
    if (estimates.all > 0) {
      estimates.shares(metrics);
      estimates.area(metrics);
      estimates.losses(metrics);
    }
    return metrics;
  }

  /** Only how many answers are right: of several classes the score says no more. */
  static Map<String, Estimate> accuracy(
      ScoreCells answers, ScoreCalibration calibration, long rows) {
    Map<String, Estimate> metrics = of(answers, calibration, rows);
    metrics.keySet().retainAll(java.util.Set.of("accuracy"));
    return metrics;
  }

  private void shares(Map<String, Estimate> metrics) {
    double falsePositive = yes - truePositive;
    double trueNegative = all - yes - falseNegative;
    double positives = truePositive + falseNegative;
    double negatives = falsePositive + trueNegative;
    share(metrics, "accuracy", truePositive + trueNegative, all, 1 / all, -1 / all);
    share(metrics, "precision", truePositive, yes, 1 / yes, 0);
    double squared = positives * positives;
    share(
        metrics,
        "recall",
        truePositive,
        positives,
        falseNegative / squared,
        -truePositive / squared);
    squared = negatives * negatives;
    share(
        metrics,
        "specificity",
        trueNegative,
        negatives,
        trueNegative / squared,
        -falsePositive / squared);
    double twice = 2 * truePositive + falsePositive + falseNegative;
    squared = twice * twice;
    share(
        metrics,
        "f1",
        2 * truePositive,
        twice,
        2 * (truePositive + falsePositive + falseNegative) / squared,
        -2 * truePositive / squared);
  }

  private void share(
      Map<String, Estimate> metrics,
      String name,
      double part,
      double whole,
      double ofYes,
      double ofNo) {
    if (whole > 0) {
      double error = stdError((cell, answer) -> answer ? ofYes : ofNo);
      metrics.put(name, Means.share(part / whole, error, rows));
    }
  }

  private void area(Map<String, Estimate> metrics) {
    double positives = truePositive + falseNegative;
    double negatives = all - positives;
    if (!(positives > 0 && negatives > 0)) {
      return;
    }
    double[] above = new double[steps.length];
    double[] below = new double[steps.length];
    double positivesBelow = 0;
    double negativesBelow = 0;
    double area = 0;
    for (int i = 0; i < steps.length; i++) {
      double weight = answers.positive(i) + answers.negative(i);
      double positive = calibration.share(steps[i]) * weight;
      double negative = weight - positive;
      above[i] = (negativesBelow + negative / 2) / negatives;
      below[i] = 1 - (positivesBelow + positive / 2) / positives;
      area += positive * above[i] / positives;
      positivesBelow += positive;
      negativesBelow += negative;
    }
    double auc = area;
    double error =
        stdError(
            (cell, answer) -> (above[cell] - auc) / positives - (below[cell] - auc) / negatives);
    metrics.put("roc_auc", Means.share(auc, error, rows));
  }

  private void losses(Map<String, Estimate> metrics) {
    double brier = 0;
    double logLoss = 0;
    for (int i = 0; i < steps.length; i++) {
      double weight = (answers.positive(i) + answers.negative(i)) / all;
      double share = calibration.share(steps[i]);
      double score = answers.score(i);
      brier += weight * (share * (1 - score) * (1 - score) + (1 - share) * score * score);
      logLoss += weight * (share * logLoss(score) + (1 - share) * logLoss(1 - score));
    }
    metrics.put(
        "brier",
        Means.share(brier, stdError((cell, answer) -> (1 - 2 * answers.score(cell)) / all), rows));
    metrics.put(
        "log_loss",
        Means.within(
            Means.normal(
                logLoss,
                stdError(
                    (cell, answer) ->
                        (logLoss(answers.score(cell)) - logLoss(1 - answers.score(cell))) / all),
                rows),
            0,
            Double.MAX_VALUE));
  }

  private static double logLoss(double ofTruth) {
    return -Math.log(Math.max(ofTruth, BinaryState.LEAST_PROBABILITY));
  }

  private double stdError(Gradient gradient) {
    double ofLabels = 0;
    double[] ofSteps = new double[calibration.steps()];
    for (int i = 0; i < steps.length; i++) {
      double no = gradient.of(i, false);
      double isYes = gradient.of(i, true);
      double share = calibration.share(steps[i]);
      ofLabels +=
          share
              * (1 - share)
              * (answers.squaredNegative(i) * no * no + answers.squaredPositive(i) * isYes * isYes);
      ofSteps[steps[i]] += answers.negative(i) * no + answers.positive(i) * isYes;
    }
    double ofCalibration = 0;
    for (int step = 0; step < ofSteps.length; step++) {
      ofCalibration += ofSteps[step] * ofSteps[step] * calibration.variance(step);
    }
    return Math.sqrt(ofLabels + ofCalibration);
  }
}
