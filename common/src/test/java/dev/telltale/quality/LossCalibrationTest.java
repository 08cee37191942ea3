package dev.telltale.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LossCalibrationTest {
  private static final int LABELLED = 5000;
  private static final int ROWS = 1000;
  private static final int WINDOWS = 1000;

  /** Rows err by up to 1 to 4, as the model expects but for a factor; windows have more of 4. */
  private static LossCalibration.Known row(Random random, double lean, boolean weighted) {
    double deviation = 1 + 3 * Math.pow(random.nextDouble(), lean);
    return new LossCalibration.Known(
        deviation / 3, deviation * random.nextGaussian(), weighted ? 1 + random.nextInt(4) : 1);
  }

  private static LossCalibration learn(Random random, boolean weighted) {
    List<LossCalibration.Known> rows = new ArrayList<>();
    for (int i = 0; i < LABELLED; i++) {
      rows.add(row(random, 2, weighted));
    }
    return LossCalibration.of(rows).orElseThrow();
  }

  @Test
  void intervalsHoldTheTruthWhenInputsHaveMoved() {
    for (boolean weighted : List.of(false, true)) {
      Random random = new Random(7);
      Map<String, Integer> covered = new TreeMap<>();
      Map<String, Double> bias = new TreeMap<>();
      for (int window = 0; window < WINDOWS; window++) {
        LossCalibration calibration = learn(random, weighted);
        Map<Integer, Mass> cells = new TreeMap<>();
        RegressionState truth = new RegressionState(0, List.of());
        for (int i = 0; i < ROWS; i++) {
          LossCalibration.Known row = row(random, 0.7, weighted);
          int cell = 0;
          for (double bound : calibration.bounds()) {
            cell += bound <= row.expected() ? 1 : 0;
          }
          cells.merge(cell, new Mass(1, row.weight(), row.weight() * row.weight()), Mass::plus);
          Observation observation = new Observation();
          observation.labelled = true;
          observation.prediction = row.error();
          observation.label = 0;
          observation.weight = row.weight();
          truth.add(observation);
        }
        Map<String, Estimate> realized =
            truth.metrics(new MetricOptions(1, java.util.Optional.empty()));
        calibration
            .estimates(cells)
            .forEach(
                (metric, estimate) -> {
                  double value = realized.get(metric).value();
                  boolean holds =
                      estimate.low().orElseThrow() <= value
                          && value <= estimate.high().orElseThrow();
                  covered.merge(metric, holds ? 1 : 0, Integer::sum);
                  bias.merge(metric, (estimate.value() - value) / WINDOWS, Double::sum);
                });
      }
      if (Boolean.getBoolean("telltale.print")) {
        System.out.println((weighted ? "weighted" : "unweighted") + covered + bias);
      }
      // 95 % of 1,000 are within 930 and 970 but once in some hundred times.
      covered.forEach((metric, count) -> assertThat(count).as(metric).isBetween(930, 970));
      bias.forEach((metric, mean) -> assertThat(mean).as(metric).isCloseTo(0, within(0.02)));
    }
  }

  @Test
  void rowsThatAreExpectedToErrAlikeAreOneCell() {
    List<LossCalibration.Known> rows = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      rows.add(new LossCalibration.Known(i % 2, i % 2 == 0 ? 1 : i % 4 == 1 ? 2 : -4, 1));
    }
    LossCalibration calibration = LossCalibration.of(rows).orElseThrow();
    assertThat(calibration.bounds()).containsExactly(1);
    Map<String, Estimate> estimates = calibration.estimates(Map.of(0, Mass.of(10), 1, Mass.of(30)));
    assertThat(estimates.get("mae").value()).isCloseTo((10 + 30 * 3) / 40.0, within(1e-12));
    assertThat(estimates.get("rmse").value())
        .isCloseTo(Math.sqrt((10 + 30 * 10) / 40.0), within(1e-12));
    assertThat(estimates.get("mae").rows()).isEqualTo(40);
    // Of the second cell only: 2 and 4, a variance of 1, for 30 rows to come and 500 known.
    assertThat(estimates.get("mae").stdError().orElseThrow())
        .isCloseTo(Math.sqrt((30 + 30 * 30 / 500.0) * 500 / 499.0) / 40, within(1e-12));
    // Of which no error is expected: all together.
    assertThat(calibration.estimates(Map.of(2, Mass.of(5))).get("mae").value())
        .isCloseTo(2, within(1e-12));
    assertThat(calibration.estimates(Map.of())).isEmpty();
    assertThat(LossCalibration.of(List.of())).isEmpty();
  }
}
