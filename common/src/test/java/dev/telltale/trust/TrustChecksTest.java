package dev.telltale.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.telltale.config.ExperimentMetric;
import dev.telltale.experiment.ArmState;
import dev.telltale.experiment.Estimand;
import dev.telltale.experiment.Heterogeneity;
import dev.telltale.experiment.Inference;
import dev.telltale.trust.TrustCheck.Status;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrustChecksTest {
  @ParameterizedTest
  @CsvSource({
    "0.3, 0.21, 0.39, WARNING",
    "0.3, 0.19, 0.41, OK",
    "0.3, 0.21, Infinity, WARNING",
    "-0.5, -0.6, -0.21, WARNING",
    "-0.5, -0.9, -0.1, OK",
    "0.01, 0.005, 0.015, OK"
  })
  void anIntervalWhollyBeyondAFifthIsTooGood(double lift, double low, double high, Status status) {
    TrustCheck found = new Looks().effects(effect("revenue", lift, low, high)).one(tooGood());
    assertThat(found.status()).isEqualTo(status);
    assertThat(found.statistic()).isEqualTo(lift);
    assertThat(found.because().contains("check for double counting, then believe"))
        .isEqualTo(status == Status.WARNING);
  }

  private static Check tooGood() {
    return new TooGoodCheck(TooGoodCheck.DEFAULT_LIFT);
  }

  private static TrustData.MetricEffect effect(
      String metric, double lift, double low, double high) {
    return new TrustData.MetricEffect(
        metric, "B", 5 * lift, 0.1, Optional.of(new Inference.Lift(lift, low, high, "fieller")));
  }

  @Test
  void guardrailsAreNotAskedAndALiftThatIsNotThereIsSaid() {
    Looks look =
        new Looks()
            .metrics(
                Looks.metric(
                    "errors",
                    ExperimentMetric.Kind.COUNT,
                    ExperimentMetric.Role.GUARDRAIL,
                    OptionalDouble.empty()),
                Looks.metric("revenue", ExperimentMetric.Kind.SUM))
            .effects(
                effect("errors", 2, 1, 3),
                new TrustData.MetricEffect("revenue", "B", 1, 1, Optional.empty()));
    TrustCheck found = look.one(tooGood());
    assertThat(found.metric()).contains("revenue");
    assertThat(found.status()).isEqualTo(Status.INSUFFICIENT_DATA);
  }

  @Test
  void aReversalIsAWarning() {
    List<TrustCheck> found =
        new SimpsonCheck()
            .of(
                new Looks()
                    .heterogeneities(List.of(heterogeneity(true), heterogeneity(false)))
                    .data());
    assertThat(found).extracting(TrustCheck::status).containsExactly(Status.WARNING, Status.OK);
    assertThat(found.get(0).because()).isEqualTo("So it is.");
    assertThat(found.get(0).segmentKey()).contains("country");
    assertThat(found.get(0).pValueAdjusted()).hasValue(0.08);
  }

  private static Heterogeneity heterogeneity(boolean isReversed) {
    return new Heterogeneity(
        "revenue", "B", "country", 2, 4.2, 0.04, 0.08, 0.5, isReversed, "So it is.");
  }

  @Test
  void allChecksAreMadeInTheirOrder() {
    assertThat(TrustChecks.names())
        .containsExactly(
            "SAMPLE_RATIO",
            "SAMPLE_RATIO_SEQUENTIAL",
            "SAMPLE_RATIO_DAY",
            "SAMPLE_RATIO_SEGMENT",
            "SEVERAL_VARIANTS",
            "PRE_EXPOSURE_BIAS",
            "NOVELTY",
            "OUTLIERS",
            "TOO_GOOD",
            "SIMPSON");
  }

  @Test
  void aLookOfNoUnitsHasTooLittleData() {
    List<TrustCheck> found = TrustChecks.all(new Looks().preDays(7).data());
    assertThat(found)
        .extracting(TrustCheck::check)
        .containsExactly(
            "SAMPLE_RATIO",
            "SAMPLE_RATIO_SEQUENTIAL",
            "SAMPLE_RATIO_DAY",
            "SEVERAL_VARIANTS",
            "PRE_EXPOSURE_BIAS",
            "OUTLIERS");
    assertThat(found).extracting(TrustCheck::status).containsOnly(Status.INSUFFICIENT_DATA);
    assertThat(TrustChecks.isInvalid(found)).isFalse();
    assertThat(
            TrustChecks.isInvalid(
                TrustChecks.all(
                    new Looks().units(900, 400).looks(List.of(Map.of("A", 20L, "B", 30L))).data())))
        .isTrue();
  }

  @Test
  void aNumberThatIsNoneIsNoFinding() {
    TrustCheck sound = TrustCheck.of("X", 1, Status.OK, "Fine.");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TrustCheck.of("X", Double.NaN, Status.OK, "Fine."));
    assertThatIllegalArgumentException().isThrownBy(() -> sound.tested(Double.NaN, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> sound.tested(1, 1.1));
  }

  @Test
  void aQuantileIsAskedNeitherForBiasNorForOutliers() {
    ArmState arm = new ArmState(2, ArmState.QUANTILE);
    for (int unit = 0; unit < 300; unit++) {
      arm.addUnit();
      arm.add(0, new double[] {unit, unit % 7}, Estimand.NONE);
      arm.add(1, new int[] {unit}, new long[] {1}, 1);
    }
    Looks look =
        new Looks()
            .metrics(
                Looks.metric("revenue", ExperimentMetric.Kind.SUM),
                Looks.metric("latency", ExperimentMetric.Kind.QUANTILE))
            .preDays(7)
            .arm("A", arm)
            .arm("B", arm);
    List<TrustCheck> found = TrustChecks.all(look.data());
    assertThat(found)
        .filteredOn(one -> one.metric().isPresent())
        .extracting(TrustCheck::check)
        .containsExactly("PRE_EXPOSURE_BIAS", "OUTLIERS");
    assertThat(found).noneMatch(one -> one.metric().equals(Optional.of("latency")));
  }
}
