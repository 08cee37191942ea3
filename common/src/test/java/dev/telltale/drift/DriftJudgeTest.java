package dev.telltale.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.finding.Severity;
import dev.telltale.stats.MultipleTesting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DriftJudgeTest {
  private static final DriftPolicy POLICY = DriftPolicy.defaults();

  private static Verdict verdict(CheckKind kind, Measurement measurement) {
    return new DriftJudge(POLICY)
        .judge(List.of(measurement)).get(0).stream()
            .filter(verdict -> verdict.kind() == kind)
            .findFirst()
            .orElseThrow();
  }

  private static Measurement categories(long a, long b, long aNow, long bNow) {
    return categories(a, b, 0, aNow, bNow, 0);
  }

  private static Measurement categories(
      long a, long b, long missing, long aNow, long bNow, long missingNow) {
    return Measurement.of(
        CategoricalComparison.ofCounts(
            Map.of("a", a, "b", b), missing, Map.of("a", aNow, "b", bNow), missingNow));
  }

  @ParameterizedTest
  @CsvSource({
    // far and surely
    "500, 500, 300, 700, DRIFT, reaches the threshold 0.1 and adjusted p",
    // surely, but not far: a million rows
    "500000, 500000, 495000, 505000, OK, is below the threshold 0.1; adjusted p",
    // far, but not surely: a hundred rows
    "25, 15, 19, 21, OK, 'reaches the threshold 0.1, but adjusted p'",
    // neither
    "500, 500, 501, 499, OK, is below the threshold 0.1; adjusted p",
  })
  void driftNeedsBothADistanceAndAPValue(
      long a, long b, long aNow, long bNow, VerdictStatus status, String because) {
    Verdict verdict = verdict(CheckKind.DRIFT, categories(a, b, aNow, bNow));
    assertThat(verdict.status()).isEqualTo(status);
    assertThat(verdict.because()).contains(because);
    assertThat(verdict.metric()).isEqualTo(Metrics.JS_DISTANCE);
    assertThat(verdict.threshold()).isEqualTo(0.1);
  }

  @Test
  void theReasonIsRuleValueThresholdSizesAndPValue() {
    assertThat(verdict(CheckKind.DRIFT, categories(500, 500, 300, 700)).because())
        .isEqualTo(
            "js_distance 0.174 reaches the threshold 0.1 and adjusted p 6.93e-20 over 2 tests is"
                + " below 0.05 (test chi_squared, n 1,000 in the reference, 1,000 now).");
  }

  @Test
  void tooFewRowsAreAStatusOfTheirOwnAndInNoFamily() {
    Measurement few = categories(500, 500, 9, 20);
    Measurement enough = categories(500, 500, 300, 700);
    List<List<Verdict>> verdicts = new DriftJudge(POLICY).judge(List.of(few, enough));

    assertThat(verdicts.get(0))
        .allSatisfy(
            verdict -> {
              assertThat(verdict.status()).isEqualTo(VerdictStatus.INSUFFICIENT_DATA);
              assertThat(verdict.pValue()).isEmpty();
              assertThat(verdict.pValueAdjusted()).isEmpty();
              assertThat(verdict.familySize()).isZero();
              assertThat(verdict.severity()).isEqualTo(Severity.INFO);
              assertThat(verdict.because()).endsWith("at least 30 needed on each side.");
            });
    assertThat(verdicts.get(1)).isEqualTo(new DriftJudge(POLICY).judge(List.of(enough)).get(0));
    assertThat(verdict(CheckKind.DRIFT, categories(500, 500, 10, 20)).status())
        .isNotEqualTo(VerdictStatus.INSUFFICIENT_DATA);
  }

  @Test
  void aFamilyIsOneQuestionOverAllMeasurements() {
    List<Measurement> measurements = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      measurements.add(categories(500, 500, 20, 500, 500, 20 + i % 3).only(CheckKind.MISSINGNESS));
    }
    measurements.add(categories(500, 500, 0, 490, 490, 20));
    List<List<Verdict>> verdicts = new DriftJudge(POLICY).judge(measurements);
    double[] p =
        verdicts.stream()
            .mapToDouble(
                list ->
                    list.stream()
                        .filter(verdict -> verdict.kind() == CheckKind.MISSINGNESS)
                        .findFirst()
                        .orElseThrow()
                        .pValue()
                        .orElseThrow())
            .toArray();
    double[] adjusted = MultipleTesting.BENJAMINI_HOCHBERG.adjust(p);

    Verdict missing =
        verdicts.get(20).stream()
            .filter(verdict -> verdict.kind() == CheckKind.MISSINGNESS)
            .findFirst()
            .orElseThrow();
    assertThat(missing.familySize()).isEqualTo(21);
    assertThat(missing.pValueAdjusted()).hasValue(adjusted[20]);
    assertThat(adjusted[20]).isGreaterThan(p[20]);
    assertThat(missing.status()).isEqualTo(VerdictStatus.DRIFT);
  }

  @Test
  void manyColumnsRaiseTheBar() {
    // 10 and 22 missing of a thousand: p is 0.04, alone and among two hundred that are quiet.
    Measurement slight = categories(500, 500, 10, 500, 500, 22).only(CheckKind.MISSINGNESS);
    Verdict alone = verdict(CheckKind.MISSINGNESS, slight);
    assertThat(alone.status()).isEqualTo(VerdictStatus.DRIFT);
    List<Measurement> many = new ArrayList<>(List.of(slight));
    for (int i = 0; i < 200; i++) {
      many.add(categories(500, 500, 10, 500, 500, 10).only(CheckKind.MISSINGNESS));
    }
    assertThat(new DriftJudge(POLICY).judge(many).get(0).get(0).status())
        .isEqualTo(VerdictStatus.OK);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 30, DRIFT, 0.029", // 30 of 1,030 newly missing
    "30, 0, DRIFT, -0.029", // and newly present
    "0, 5, OK, 0.005", // half a point
    "50, 60, OK, 0.009", // chance
  })
  void missingnessIsJudgedEitherWay(
      long missing, long missingNow, VerdictStatus status, double change) {
    Verdict verdict =
        verdict(CheckKind.MISSINGNESS, categories(500, 500, missing, 500, 500, missingNow));
    assertThat(verdict.status()).isEqualTo(status);
    assertThat(verdict.value()).isCloseTo(change, within(0.0005)); // as written above
    assertThat(verdict.metric()).isEqualTo("missing_share_change");
  }

  @Test
  void missingValuesAloneAreDrift() {
    Verdict verdict = verdict(CheckKind.DRIFT, categories(500, 500, 0, 500, 500, 300));
    assertThat(verdict.status()).isEqualTo(VerdictStatus.DRIFT);
  }

  @ParameterizedTest
  @CsvSource({"30, DRIFT", "5, OK", "0, OK"})
  void aNewCategoryIsFound(long rows, VerdictStatus status) {
    Measurement measurement =
        Measurement.of(
            CategoricalComparison.ofCounts(
                Map.of("a", 1000L), 0, Map.of("a", 1000L - rows, "new", rows), 0));
    assertThat(verdict(CheckKind.NEW_CATEGORY, measurement).status()).isEqualTo(status);
  }

  private static double[] ramp(int n, double from, double to) {
    double[] values = new double[n];
    Arrays.setAll(values, i -> from + (to - from) * i / (n - 1));
    return values;
  }

  @Test
  void valuesOutOfRangeAreFound() {
    double[] reference = ramp(1000, 0, 1);
    Verdict found =
        verdict(
            CheckKind.OUT_OF_RANGE,
            Measurement.of(NumericComparison.ofValues(reference, 0, ramp(1000, 0, 1.03), 0)));
    assertThat(found.status()).isEqualTo(VerdictStatus.DRIFT);
    assertThat(found.metric()).isEqualTo("out_of_range_share");
    assertThat(found.value()).isCloseTo(0.03, within(0.001)); // one row
    assertThat(
            verdict(
                    CheckKind.OUT_OF_RANGE,
                    Measurement.of(
                        NumericComparison.ofValues(reference, 0, ramp(1000, 0, 1.005), 0)))
                .status())
        .isEqualTo(VerdictStatus.OK);
  }

  @Test
  void aColumnThatIsStuckIsCriticalAndOneThatWentLiveIsNot() {
    double[] varying = ramp(100, 0, 1);
    double[] constant = new double[100];
    Measurement stops = Measurement.of(NumericComparison.ofValues(varying, 0, constant, 0));
    Measurement begins = Measurement.of(NumericComparison.ofValues(constant, 0, varying, 0));

    assertThat(verdict(CheckKind.STUCK, stops))
        .satisfies(
            verdict -> {
              assertThat(verdict.status()).isEqualTo(VerdictStatus.DRIFT);
              assertThat(verdict.severity()).isEqualTo(Severity.CRITICAL);
              assertThat(verdict.value()).isCloseTo(0.99, within(1e-12)); // rounding
            });
    assertThat(verdict(CheckKind.WENT_LIVE, stops).status()).isEqualTo(VerdictStatus.OK);
    assertThat(verdict(CheckKind.WENT_LIVE, begins).status()).isEqualTo(VerdictStatus.DRIFT);
    assertThat(verdict(CheckKind.STUCK, begins).status()).isEqualTo(VerdictStatus.OK);
    Measurement still = Measurement.of(NumericComparison.ofValues(constant, 0, constant, 0));
    assertThat(verdict(CheckKind.STUCK, still).because())
        .startsWith("Only one value in the reference and only one now (n 100");
  }

  @ParameterizedTest
  @CsvSource({
    "2400, 24, 1500, 24, DRIFT, WARNING",
    "2400, 24, 1000, 24, DRIFT, WARNING",
    "2400, 24, 700, 24, DRIFT, CRITICAL",
    "2400, 24, 0, 24, DRIFT, CRITICAL",
    "2400, 24, 4000, 24, DRIFT, WARNING",
    "2400, 24, 100, 1, OK, INFO",
    "2400, 24, 3000, 24, OK, INFO",
    "40, 24, 70, 24, DRIFT, WARNING",
    "30, 24, 45, 24, OK, INFO",
    "20, 24, 900, 24, INSUFFICIENT_DATA, INFO",
  })
  void rowCountsAreJudgedByTheHour(
      long rows, double hours, long now, double hoursNow, VerdictStatus status, Severity severity) {
    Verdict verdict =
        verdict(
            CheckKind.ROW_COUNT,
            Measurement.ofRows(
                Measurement.Count.of(rows, hours), Measurement.Count.of(now, hoursNow)));
    assertThat(verdict.status()).isEqualTo(status);
    assertThat(verdict.severity()).isEqualTo(severity);
  }

  @Test
  void onlyTheQuestionsWantedAreAsked() {
    Measurement time =
        Measurement.of(NumericComparison.ofValues(ramp(50, 0, 1), 0, ramp(50, 1, 2), 0))
            .only(CheckKind.MISSINGNESS, CheckKind.STUCK, CheckKind.ROW_COUNT);
    assertThat(new DriftJudge(POLICY).judge(List.of(time)).get(0))
        .extracting(Verdict::kind)
        .containsExactly(CheckKind.MISSINGNESS, CheckKind.STUCK);
  }

  @Test
  void everyMetricIsARowAndThoseThatDecideCarryTheVerdict() {
    Measurement measurement = categories(500, 500, 1, 300, 700, 0);
    Judgement judgement = new DriftJudge(POLICY).judgements(List.of(measurement)).get(0);

    assertThat(judgement.metrics())
        .extracting(JudgedMetric::name)
        .containsExactly(
            "psi",
            "js_distance",
            "hellinger",
            "kl_divergence",
            "chi_squared",
            "cramers_v",
            "g_test",
            "l_infinity",
            "total_variation",
            "missing_share_change",
            "unseen_share",
            "stuck_share",
            "live_share");
    assertThat(judgement.metrics().stream().filter(metric -> metric.verdict().isPresent()))
        .extracting(JudgedMetric::name)
        .containsExactly(
            "js_distance", "missing_share_change", "unseen_share", "stuck_share", "live_share");
    // Chi-squared, G, and the test that decides, which takes the sparse table's variance.
    assertThat(judgement.familySize()).isEqualTo(3);
    assertThat(judgement.headline().kind()).isEqualTo(CheckKind.DRIFT);
    assertThat(judgement.metrics())
        .allSatisfy(
            metric ->
                assertThat(metric.pValueAdjusted().isPresent())
                    .isEqualTo(metric.familySize().isPresent()));
  }

  @Test
  void aMetricThatAColumnLacksIsReplacedByTheDistanceThatAllHave() {
    DriftPolicy wasserstein =
        new DriftPolicy(
            0.05,
            MultipleTesting.HOLM,
            Metrics.WASSERSTEIN_NORMALIZED,
            0.1,
            0.01,
            0.01,
            0.01,
            1.5,
            30);
    List<List<Verdict>> verdicts =
        new DriftJudge(wasserstein)
            .judge(
                List.of(
                    categories(500, 500, 300, 700),
                    Measurement.of(
                        NumericComparison.ofValues(ramp(50, 0, 1), 0, ramp(50, 1, 2), 0))));
    assertThat(verdicts.get(0).get(0).metric()).isEqualTo(Metrics.JS_DISTANCE);
    assertThat(verdicts.get(1).get(0).metric()).isEqualTo(Metrics.WASSERSTEIN_NORMALIZED);
  }

  @Test
  void theEffectAtItsThresholdCounts() {
    Comparison comparison =
        CategoricalComparison.ofCounts(Map.of("a", 1000L), 0, Map.of("a", 900L, "b", 100L), 0);
    double exactly = comparison.metric(Metrics.TOTAL_VARIATION).orElseThrow().value();
    for (double threshold : new double[] {exactly, Math.nextUp(exactly)}) {
      DriftPolicy policy =
          new DriftPolicy(
              0.05,
              MultipleTesting.HOLM,
              Metrics.TOTAL_VARIATION,
              threshold,
              0.01,
              0.01,
              0.01,
              1.5,
              30);
      assertThat(
              new DriftJudge(policy)
                  .judge(List.of(Measurement.of(comparison)))
                  .get(0)
                  .get(0)
                  .status())
          .isEqualTo(threshold == exactly ? VerdictStatus.DRIFT : VerdictStatus.OK);
    }
  }

  @Test
  void nothingToJudgeIsNoError() {
    assertThat(new DriftJudge(POLICY).judge(List.of())).isEmpty();
    Measurement empty =
        Measurement.of(NumericComparison.ofValues(new double[0], 0, new double[0], 0));
    assertThat(new DriftJudge(POLICY).judge(List.of(empty)).get(0))
        .allSatisfy(
            verdict -> {
              assertThat(verdict.status()).isEqualTo(VerdictStatus.INSUFFICIENT_DATA);
              assertThat(verdict.value()).isFinite();
              assertThat(verdict.pValue()).isEqualTo(OptionalDouble.empty());
            });
  }
}
