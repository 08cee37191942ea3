package dev.telltale.kpi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.config.Kpi;
import dev.telltale.quality.QualityPolicy;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KpiJudgeTest {
  private static final QualityPolicy POLICY = new QualityPolicy(0.02, 0.1, 0.05, 100);

  @Test
  void aKpiThatIsFlatWhileTheModelImprovesIsSaturated() {
    KpiJudge.Verdict verdict = one(change(0.80, 0.75), goal("clicks", change(5.02, 5.0)));
    assertThat(verdict.reason()).isEqualTo(KpiJudge.Reason.SATURATION);
    assertThat(verdict.isCritical()).isFalse();
    assertThat(verdict.because())
        .startsWith("Saturation: accuracy is 0.8000 here and 0.7500 there (corrected p = ")
        .contains("but clicks is 5.020 and 5.000: a change of 0.02000 (95 % interval")
        .endsWith("where 0.5000 would matter.");
  }

  @Test
  void aKpiThatFallsIsOverOptimisation() {
    KpiJudge.Verdict some = one(change(0.80, 0.75), goal("clicks", change(4.8, 5.0)));
    assertThat(some.reason()).isEqualTo(KpiJudge.Reason.PROXY_OVER_OPTIMISATION);
    assertThat(some.isCritical()).isFalse();
    assertThat(one(change(0.80, 0.75), goal("clicks", change(4.0, 5.0))).isCritical()).isTrue();
  }

  @Test
  void nothingIsSaidWhereTheKpiFollowsOrTheModelDoesNotImprove() {
    assertThat(judge(change(0.80, 0.75), goal("clicks", change(5.3, 5.0)))).isEmpty();
    assertThat(judge(change(0.755, 0.75), goal("clicks", change(5.0, 5.0)))).isEmpty();
    assertThat(judge(change(0.70, 0.75), goal("clicks", change(4.0, 5.0)))).isEmpty();
    // The interval does not exclude a gain of 0.5: nobody knows.
    assertThat(judge(change(0.80, 0.75), goal("clicks", change(5.2, 5.0, 0.3)))).isEmpty();
  }

  @Test
  void lessMayBeBetter() {
    Kpi refunds =
        new Kpi("refunds", "t", "at", Optional.empty(), Optional.empty(), Kpi.Goal.DECREASE);
    assertThat(judge(change(0.8, 0.75), new KpiJudge.Goal(refunds, change(4.8, 5), List.of())))
        .isEmpty();
    assertThat(
            one(change(0.8, 0.75), new KpiJudge.Goal(refunds, change(5.2, 5), List.of())).reason())
        .isEqualTo(KpiJudge.Reason.PROXY_OVER_OPTIMISATION);
  }

  @Test
  void aSmallSliceThatImprovesIsSegmentSaturationALargeOneIsNot() {
    KpiJudge.Verdict small =
        one(
            change(0.80, 0.75),
            goal("clicks", change(5.02, 5.0), slice("a", 5.0, 60), slice("b", 6.0, 20)));
    assertThat(small.reason()).isEqualTo(KpiJudge.Reason.SEGMENT_SATURATION);
    assertThat(small.because()).endsWith("; it improves where city is b, not where city is a.");
    assertThat(
            one(
                    change(0.80, 0.75),
                    goal("clicks", change(5.02, 5.0), slice("a", 5.0, 20), slice("b", 6.0, 60)))
                .reason())
        .isEqualTo(KpiJudge.Reason.SATURATION);
  }

  private static KpiJudge.Slice slice(String value, double current, long rows) {
    return new KpiJudge.Slice(
        "city",
        value,
        PeriodComparison.of(new Period(current, 0.02, 7, rows), new Period(5, 0.02, 7, rows)));
  }

  private static PeriodComparison change(double current, double reference) {
    return change(current, reference, 0.004 * reference);
  }

  private static PeriodComparison change(double current, double reference, double stdError) {
    return PeriodComparison.of(
        new Period(current, stdError, 7, 700), new Period(reference, stdError, 7, 700));
  }

  private static KpiJudge.Goal goal(
      String name, PeriodComparison change, KpiJudge.Slice... slices) {
    Kpi kpi = new Kpi(name, "t", "at", Optional.empty(), Optional.of("id"), Kpi.Goal.INCREASE);
    return new KpiJudge.Goal(kpi, change, List.of(slices));
  }

  private static List<KpiJudge.Verdict> judge(PeriodComparison accuracy, KpiJudge.Goal goal) {
    return new KpiJudge(POLICY)
        .judge(
            List.of(
                new KpiJudge.Comparison(
                    "here",
                    "there",
                    List.of(new KpiJudge.Quality("accuracy", accuracy)),
                    List.of(goal))));
  }

  private static KpiJudge.Verdict one(PeriodComparison accuracy, KpiJudge.Goal goal) {
    List<KpiJudge.Verdict> verdicts = judge(accuracy, goal);
    assertThat(verdicts).hasSize(1);
    return verdicts.get(0);
  }
}
