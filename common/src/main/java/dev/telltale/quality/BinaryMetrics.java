package dev.telltale.quality;

import java.util.LinkedHashMap;
import java.util.Map;

/** The metrics of a binary model, those that are defined. */
final class BinaryMetrics {
  private BinaryMetrics() {}

  static Map<String, Estimate> of(BinaryState state, MetricOptions options) {
    Map<String, Estimate> metrics = new LinkedHashMap<>(ConfusionMetrics.of(state.confusion()));
    Confusion confusion = state.confusion();
    if (options.otherBeta().isPresent()) {
      ConfusionMetrics.fBeta(confusion, options.beta())
          .ifPresent(estimate -> metrics.put("f_beta", estimate));
    }
    options.value().ifPresent(values -> value(confusion, values, metrics));
    MassSum scored = state.scored();
    if (scored.rows() == 0) {
      return metrics;
    }
    ScoreCells cells = state.scores().labelled();
    RocAuc.of(cells, scored.rows()).ifPresent(estimate -> metrics.put("roc_auc", estimate));
    AveragePrecision.of(cells, scored.rows())
        .ifPresent(estimate -> metrics.put("average_precision", estimate));
    Means.mean(state.logLoss(), scored)
        .ifPresent(
            estimate -> metrics.put("log_loss", Means.within(estimate, 0, Double.MAX_VALUE)));
    Means.mean(state.brier(), scored)
        .ifPresent(estimate -> metrics.put("brier", Means.within(estimate, 0, 1)));
    state.calibration().expectedError().ifPresent(estimate -> metrics.put("ece", estimate));
    CalibrationLine.of(cells, scored.rows())
        .ifPresent(
            line -> {
              metrics.put("calibration_intercept", line.intercept());
              metrics.put("calibration_slope", line.slope());
            });
    return metrics;
  }

  /** Mean worth of a prediction: outcomes are weighted by what each is worth. */
  private static void value(
      Confusion confusion, MetricOptions.OutcomeValues values, Map<String, Estimate> metrics) {
    double sum = 0;
    Mass mass = confusion.all();
    if (mass.rows() == 0) {
      return;
    }
    double[] worth = {
      values.truePositive(), values.falsePositive(), values.falseNegative(), values.trueNegative()
    };
    Mass[] masses = {
      confusion.truePositive(),
      confusion.falsePositive(),
      confusion.falseNegative(),
      confusion.trueNegative()
    };
    for (int i = 0; i < worth.length; i++) {
      sum += worth[i] * masses[i].weight();
    }
    double mean = sum / mass.weight();
    double squared = 0;
    for (int i = 0; i < worth.length; i++) {
      squared += (worth[i] - mean) * (worth[i] - mean) * masses[i].squaredWeight();
    }
    double stdError = Math.sqrt(squared) / mass.weight();
    metrics.put("business_value", Means.normal(mean, stdError, mass.rows()));
  }
}
