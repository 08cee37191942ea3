package dev.telltale.look;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.config.Experiment;
import dev.telltale.config.ExperimentMetric;
import dev.telltale.config.ExperimentMetric.Role;
import dev.telltale.experiment.ArmState;
import dev.telltale.experiment.Estimand;
import dev.telltale.experiment.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Experiments of 28 nights with 20 new units an arm and day, each judged every night. */
class LookSimulationTest {
  private static final int NIGHTS = 28;
  private static final int UNITS = 20;
  private static final int TRIALS = 2_000;

  private static Experiment experiment(ExperimentMetric... metrics) {
    return Units.experiment(
        List.of("blue"),
        Optional.of(Units.FROM.plusDays(NIGHTS)),
        OptionalLong.empty(),
        0,
        metrics);
  }

  /** One experiment: whether a primary metric was ever shown, and the p-value of the last night. */
  private record Run(boolean isShown, double last) {}

  private static Run run(LookJudge judge, SplittableRandom random, int metrics, double effect) {
    ArmState grey = new ArmState(metrics == 1 ? new int[] {1} : new int[] {1, 1});
    ArmState blue = new ArmState(metrics == 1 ? new int[] {1} : new int[] {1, 1});
    List<PastLook> earlier = new ArrayList<>();
    boolean isShown = false;
    double last = 1;
    for (int night = 1; night <= NIGHTS; night++) {
      for (int unit = 0; unit < UNITS; unit++) {
        for (int block = 0; block < metrics; block++) {
          grey.add(block, new double[] {Units.normal(random)}, Estimand.NONE);
          blue.add(block, new double[] {effect + Units.normal(random)}, Estimand.NONE);
        }
      }
      LookData data =
          new LookData(
              Units.FROM.plusDays(night),
              Map.of("grey", grey, "blue", blue),
              Map.of(),
              earlier,
              Optional.empty());
      LookReport report = judge.judge(data);
      isShown |=
          report.metrics().stream()
              .anyMatch(one -> one.outcome() == Outcome.HIGHER || one.outcome() == Outcome.LOWER);
      last = report.metrics().get(0).reading().orElseThrow().pValue();
      earlier.add(Units.past(data.end(), report));
    }
    return new Run(isShown, last);
  }

  /** 0.0405 with this seed. */
  @Test
  void anyPrimaryMetricIsEverShownAsOftenAsAlphaSays() {
    LookJudge judge =
        new LookJudge(
            experiment(Units.metric("spend", Role.PRIMARY), Units.metric("clicks", Role.PRIMARY)));
    SplittableRandom random = new SplittableRandom(20);
    int shown = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
      shown += run(judge, random, 2, 0).isShown() ? 1 : 0;
    }
    double share = (double) shown / TRIALS;
    double scatter = Math.sqrt(0.05 * 0.95 / TRIALS);
    assertThat(share).isBetween(0.05 - 2.576 * scatter, 0.05 + 2.576 * scatter);
  }

  /** 0.7835 against 0.7995 with this seed. */
  @Test
  void lookingEveryNightCostsLittlePower() {
    LookJudge judge = new LookJudge(experiment(Units.metric("spend", Role.PRIMARY)));
    double effect = (1.959964 + 0.841621) * Math.sqrt(2.0 / (NIGHTS * UNITS));
    SplittableRandom random = new SplittableRandom(21);
    int shown = 0;
    int fixed = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
      Run run = run(judge, random, 1, effect);
      shown += run.isShown() ? 1 : 0;
      fixed += run.last() <= 0.05 ? 1 : 0;
    }
    double looked = (double) shown / TRIALS;
    double single = (double) fixed / TRIALS;
    assertThat(single).isCloseTo(0.8, within(2.576 * Math.sqrt(0.8 * 0.2 / TRIALS)));
    assertThat(looked).isCloseTo(single, within(0.02));
  }
}
