package dev.telltale.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuantileStateTest {
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyNumberIsThatOfScikitLearn(boolean weighted) throws IOException {
    QualityState state = empty(0.9, 0.05, 0.5);
    for (String[] row : Reference.rows("quantiles.csv")) {
      Observation forecast = forecast(Double.parseDouble(row[1]), Reference.numbers(row[2]));
      forecast.weight = weighted ? Double.parseDouble(row[0]) : 1;
      state.add(forecast);
    }
    Map<String, Estimate> metrics = state.metrics(MetricOptions.DEFAULTS);
    assertThat(Reference.compare("quantiles-expected.csv", weighted, metrics)).isEqualTo(6);
    assertThat(metrics).containsKeys("mae", "rmse");
  }

  @Test
  void theEndsOfAnIntervalAreInside() {
    QualityState state = empty(0.25, 0.75);
    for (double truth : new double[] {1, 2, 3, 3.5}) {
      state.add(forecast(truth, 1, 3));
    }
    assertThat(metrics(state).get("interval_coverage:0.25-0.75").value()).isEqualTo(0.75);
    assertThat(metrics(state).get("mean_interval_width").value()).isEqualTo(2);
    // (0 + 0.25 + 0.5 + 0.625) / 4
    assertThat(metrics(state).get("quantile_loss:0.25").value()).isEqualTo(0.34375);
  }

  @Test
  void oneLevelHasNoInterval() {
    QualityState state = empty(0.5);
    state.add(forecast(1, 2));
    assertThat(metrics(state))
        .containsKeys("quantile_loss", "quantile_loss:0.5")
        .doesNotContainKey("mean_interval_width");
  }

  @Test
  void rowsThatLackAQuantileAreInTheOtherMetrics() {
    QualityState state = empty(0.1, 0.9);
    state.add(forecast(1, 0, 2));
    state.add(forecast(1, 0, Double.NaN));
    state.add(forecast(1, 0, 1e200));
    state.add(forecast(1));
    Observation awaited = forecast(1, Double.NEGATIVE_INFINITY, 2);
    awaited.labelled = false;
    state.add(awaited);
    Observation none = forecast(1, 0, 2);
    none.quantiles = null;
    state.add(none);
    assertThat(state.unusableScores()).isEqualTo(5);
    assertThat(state.unusable()).isZero();
    assertThat(metrics(state).get("mae").rows()).isEqualTo(5);
    assertThat(metrics(state).get("quantile_loss").rows()).isEqualTo(1);
  }

  /** A model may begin to predict quantiles, and then others; it is the same whatever the order. */
  @Test
  void ofOtherLevelsTogetherNothingIsSaid() {
    QualityState without = empty();
    without.add(forecast(1));
    QualityState before = empty(0.1, 0.9);
    before.add(forecast(1, 0, 2));
    QualityState after = empty(0.2, 0.8);
    after.add(forecast(1, 0, 2));
    after.add(forecast(1, 0, Double.NaN));

    QualityState began = merged(without, before);
    assertThat(metrics(began).get("quantile_loss").rows()).isEqualTo(1);
    assertThat(metrics(began).get("mae").rows()).isEqualTo(2);
    assertThat(began.toBytes()).isEqualTo(merged(before, without).toBytes());

    byte[] mixed = merged(began, after).toBytes();
    assertThat(metrics(QualityState.read(mixed)))
        .containsKey("mae")
        .doesNotContainKey("quantile_loss");
    assertThat(merged(merged(after, before), without).toBytes()).isEqualTo(mixed);
    assertThat(merged(without, merged(after, before)).toBytes()).isEqualTo(mixed);
    assertThat(QualityState.read(mixed).unusableScores()).isEqualTo(1);
    assertThat(metrics(merged(merged(before, after), after))).doesNotContainKey("quantile_loss");
    // What a model without quantiles stores has no trace of them.
    assertThat(without.toBytes()).isEqualTo(merged(without).toBytes());
  }

  private static QualityState merged(QualityState... parts) {
    QualityState all = QualityState.read(parts[0].toBytes());
    for (int i = 1; i < parts.length; i++) {
      all.merge(QualityState.read(parts[i].toBytes()));
    }
    return all;
  }

  private static Map<String, Estimate> metrics(QualityState state) {
    return state.metrics(MetricOptions.DEFAULTS);
  }

  private static QualityState empty(Double... levels) {
    return QualityState.of(
        Task.REGRESSION, new StateOptions(1, 0, Double.NaN, List.of(), List.of(levels)));
  }

  private static Observation forecast(double truth, double... quantiles) {
    Observation forecast = new Observation();
    forecast.labelled = true;
    forecast.label = truth;
    forecast.prediction = truth + 1;
    forecast.quantiles = quantiles;
    return forecast;
  }
}
