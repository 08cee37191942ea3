package dev.telltale.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Estimates before labels, against what the labels then say: many windows are drawn from a score
 * that is not calibrated, the calibration is learned from other rows.
 */
class ConfidenceEstimatesTest {
  private static final int DRAWS = 1000;
  private static final int MATURE_ROWS = 5000;
  private static final int WINDOW_ROWS = 1000;

  /**
   * Of 1,000 draws a coverage of 95 % is known to 1.4; and the steps are fitted to the labels that
   * they rest on, so that scores look a little better than they are, log_loss most (92.3 %).
   */
  private static final double LEAST_COVERAGE = 0.915;

  private static final double MOST_COVERAGE = 0.98;

  @Test
  void isotonicStepsAreThoseOfScikitLearn() {
    // IsotonicRegression().fit(x, y).predict(x) of scikit-learn 1.9.1:
    // x = [.1, .2, .3, .4, .5, .6, .7, .8], y = [0, 1, 0, 0, 1, 0, 1, 1]
    // 0, 1/3, 1/3, 1/3, 1/2, 1/2, 1, 1
    double[] none = {1, 0, 1, 1, 0, 1, 0, 0};
    double[] some = {0, 1, 0, 0, 1, 0, 1, 1};
    double[] scores = {.1, .2, .3, .4, .5, .6, .7, .8};
    ScoreCalibration calibration =
        ScoreCalibration.of(new ScoreCells(scores, none, some, none, some, true)).orElseThrow();
    double third = 1.0 / 3;
    double[] expected = {0, third, third, third, 0.5, 0.5, 1, 1};
    for (int i = 0; i < scores.length; i++) {
      assertThat(calibration.share(scores[i])).isCloseTo(expected[i], within(1e-15));
    }
    assertThat(ScoreCalibration.of(new ScoreCells(scores, none, none, none, none, true)))
        .isPresent();
    double[] zero = new double[8];
    assertThat(ScoreCalibration.of(new ScoreCells(scores, none, zero, none, zero, true))).isEmpty();
  }

  @Test
  void intervalsCoverWhatTheLabelsThenSay() {
    Map<String, int[]> covered = new TreeMap<>();
    Map<String, Double> bias = new TreeMap<>();
    for (int draw = 0; draw < DRAWS; draw++) {
      Random random = new Random(draw);
      QualityState mature = state(random, MATURE_ROWS, 0);
      // Inputs have moved, what a score means has not.
      QualityState window = state(random, WINDOW_ROWS, 0.5);
      Map<String, Estimate> truth =
          window.metrics(new MetricOptions(1, java.util.Optional.empty()));
      window
          .estimates(mature.scoreCalibration().orElseThrow())
          .forEach(
              (name, estimate) -> {
                double value = truth.get(name).value();
                int[] counts = covered.computeIfAbsent(name, absent -> new int[1]);
                if (estimate.low().orElseThrow() <= value
                    && value <= estimate.high().orElseThrow()) {
                  counts[0]++;
                }
                bias.merge(name, (estimate.value() - value) / DRAWS, Double::sum);
              });
    }
    if (Boolean.getBoolean("telltale.print")) {
      covered.forEach(
          (name, counts) ->
              System.out.printf(
                  java.util.Locale.ROOT,
                  "%s %.3f, bias %.4f%n",
                  name,
                  (double) counts[0] / DRAWS,
                  bias.get(name)));
    }
    assertThat(covered.keySet())
        .containsExactlyInAnyOrderElementsOf(
            List.of(
                "accuracy",
                "precision",
                "recall",
                "specificity",
                "f1",
                "roc_auc",
                "brier",
                "log_loss"));
    covered.forEach(
        (name, counts) ->
            assertThat((double) counts[0] / DRAWS)
                .as(name)
                .isBetween(LEAST_COVERAGE, MOST_COVERAGE));
    bias.forEach((name, value) -> assertThat(Math.abs(value)).as(name).isLessThan(0.01));
  }

  /** The true probability is the square of the score, so that the score itself is far off. */
  private static QualityState state(Random random, int rows, double shift) {
    QualityState state = QualityState.of(Task.BINARY, StateOptions.DEFAULTS);
    Observation row = new Observation();
    row.labelled = true;
    for (int i = 0; i < rows; i++) {
      double logit = 1.2 * random.nextGaussian() + shift;
      double score = Math.rint(1000 / (1 + Math.exp(-logit))) / 1000;
      row.score = score;
      row.prediction = score > 0.5 ? 1 : 0;
      row.label = random.nextDouble() < score * score ? 1 : 0;
      state.add(row);
    }
    return state;
  }
}
