package dev.telltale.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class QualityJudgeTest {
  private static final QualityPolicy POLICY = new QualityPolicy(0.02, 0.1, 0.05, 100);

  @Test
  void worseNeedsBothSignificanceAndSize() {
    Estimate training = share(8000, 10_000);
    assertThat(judge("accuracy", share(700, 1000), training).status())
        .isEqualTo(QualityJudge.Status.DEGRADED);
    // 0.785 of a million is surely less than 0.8, and by less than matters.
    assertThat(judge("accuracy", share(785_000, 1_000_000), training).status())
        .isEqualTo(QualityJudge.Status.OK);
    // 0.76 of 200 is less by enough, and may be chance.
    assertThat(judge("accuracy", share(152, 200), training).status())
        .isEqualTo(QualityJudge.Status.OK);
    assertThat(judge("accuracy", share(900, 1000), training).status())
        .isEqualTo(QualityJudge.Status.IMPROVED);
    assertThat(judge("brier", share(900, 1000), training).status())
        .isEqualTo(QualityJudge.Status.DEGRADED);
    QualityJudge.Judged few = judge("accuracy", share(10, 99), training);
    assertThat(few.status()).isEqualTo(QualityJudge.Status.INSUFFICIENT_DATA);
    assertThat(few.because())
        .isEqualTo(
            "accuracy is not compared: 99 labels here and 10,000 in training, where 100 are"
                + " needed.");
  }

  /**
   * Newcombe's hybrid score interval of 56/70 against 48/80: 0.0524 to 0.3339, his table II, method
   * 10 (1998, doi:10.1002/(SICI)1097-0258(19980430)17:8&lt;873::AID-SIM779&gt;3.0.CO;2-I).
   */
  @Test
  void theIntervalOfADifferenceIsNewcombes() {
    EstimateComparison comparison = EstimateComparison.of(share(56, 70), share(48, 80));
    assertThat(comparison.difference()).isCloseTo(0.2, within(1e-12));
    assertThat(comparison.low()).isCloseTo(0.0524, within(5e-5));
    assertThat(comparison.high()).isCloseTo(0.3339, within(5e-5));
    assertThat(comparison.pValue()).isBetween(0.001, 0.05);
  }

  private static QualityJudge.Judged judge(String metric, Estimate current, Estimate training) {
    return new QualityJudge(POLICY)
        .judge(
            List.of(
                new QualityJudge.Pair(
                    metric, current, training, current.rows(), training.rows(), "in training")))
        .get(0);
  }

  private static Estimate share(long yes, long all) {
    return ConfusionMetrics.proportion(Mass.of(yes), Mass.of(all - yes)).orElseThrow();
  }
}
