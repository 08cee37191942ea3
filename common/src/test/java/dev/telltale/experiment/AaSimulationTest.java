package dev.telltale.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.experiment.EffectTest.Distribution;
import dev.telltale.stats.Alternative;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Experiments without an effect, and with a known one: how often the test errs, and how often the
 * intervals miss. Seeded: a run is the same every time.
 */
class AaSimulationTest {
  private static final int EXPERIMENTS = 2_000;
  private static final double LIFT = 0.1;

  /**
   * 99 % of binomial counts of 2000 at 0.05: SciPy 1.17.1, stats.binom.interval(0.99, 2000, .05).
   */
  private static final int FEWEST = 76;

  private static final int MOST = 126;

  /** What is drawn; the first column is multiplied by the effect. */
  private enum Scenario {
    /** A skewed metric. */
    MEAN(Estimand.mean(0, List.of()), 3) {
      @Override
      void fill(CrossMoments arm, SplittableRandom random, double factor) {
        for (int unit = 0; unit < 250; unit++) {
          arm.add(new double[] {factor * exponential(random, 3)});
        }
      }
    },
    PROPORTION(Estimand.mean(0, List.of()), 0.3) {
      @Override
      void fill(CrossMoments arm, SplittableRandom random, double factor) {
        for (int unit = 0; unit < 400; unit++) {
          arm.add(new double[] {random.nextDouble() < 0.3 * factor ? 1 : 0});
        }
      }
    },
    /** Clicks by views, both larger for keener users. */
    RATIO(Estimand.ratio(0, 1, List.of()), 0.25) {
      @Override
      void fill(CrossMoments arm, SplittableRandom random, double factor) {
        for (int unit = 0; unit < 250; unit++) {
          double views = 1 + Math.floor(exponential(random, 4));
          double clicks = views * 0.5 * random.nextDouble();
          arm.add(new double[] {factor * clicks, views});
        }
      }
    },
    CUPED(Estimand.mean(0, List.of(1)), 10) {
      @Override
      void fill(CrossMoments arm, SplittableRandom random, double factor) {
        covaried(arm, random, factor, 100);
      }
    },
    INTERACTED(Estimand.mean(0, List.of(1)), 10) {
      @Override
      void fill(CrossMoments arm, SplittableRandom random, double factor) {
        covaried(arm, random, factor, 100);
      }
    },
    /** Units of a cluster are alike: the cluster is the unit, its units the denominator. */
    CLUSTERED(Estimand.ratio(0, 1, List.of()), 5) {
      @Override
      void fill(CrossMoments arm, SplittableRandom random, double factor) {
        for (int cluster = 0; cluster < 120; cluster++) {
          int units = random.nextInt(1, 12);
          double level = 5 + Samples.normal(random);
          double sum = 0;
          for (int unit = 0; unit < units; unit++) {
            sum += level + random.nextDouble(-2, 2);
          }
          arm.add(new double[] {factor * sum, units});
        }
      }
    };

    private final Estimand estimand;
    private final double level;

    Scenario(Estimand estimand, double level) {
      this.estimand = estimand;
      this.level = level;
    }

    abstract void fill(CrossMoments arm, SplittableRandom random, double factor);

    CrossMoments arm(SplittableRandom random, double factor) {
      CrossMoments arm = new CrossMoments(2 - (this == MEAN || this == PROPORTION ? 1 : 0));
      fill(arm, random, factor);
      return arm;
    }

    ArmPair pair(CrossMoments control, CrossMoments variant) {
      return switch (this) {
        case MEAN, PROPORTION, RATIO, CLUSTERED -> Estimator.unadjusted(control, variant, estimand);
        case CUPED -> Estimator.adjusted(control, variant, estimand, Adjustment.CUPED);
        case INTERACTED -> Estimator.adjusted(control, variant, estimand, Adjustment.INTERACTED);
      };
    }

    static void covaried(CrossMoments arm, SplittableRandom random, double factor, int units) {
      for (int unit = 0; unit < units; unit++) {
        double before = 2 * Samples.normal(random);
        double now = 10 + before + random.nextDouble(-2, 2);
        arm.add(new double[] {factor * now, before});
      }
    }

    static double exponential(SplittableRandom random, double mean) {
      return -mean * Math.log(1 - random.nextDouble());
    }
  }

  @ParameterizedTest
  @EnumSource(Scenario.class)
  void errorsAreAsOftenAsPromised(Scenario scenario) {
    SplittableRandom random = new SplittableRandom(2025);
    EffectTest test =
        EffectTest.of(Hypothesis.superiority(Alternative.TWO_SIDED), 0.05, Distribution.T);
    int falsePositives = 0;
    int missedDifferences = 0;
    int missedLifts = 0;
    double difference = LIFT * scenario.level;
    for (int experiment = 0; experiment < EXPERIMENTS; experiment++) {
      CrossMoments control = scenario.arm(random, 1);
      Inference same = test.test(scenario.pair(control, scenario.arm(random, 1)));
      Inference more = test.test(scenario.pair(control, scenario.arm(random, 1 + LIFT)));
      Inference.Effect effect = more.absolute();
      Inference.Lift lift = more.relative().orElseThrow();
      falsePositives += same.absolute().pValue() < 0.05 ? 1 : 0;
      missedDifferences += effect.low() > difference || effect.high() < difference ? 1 : 0;
      missedLifts += lift.low() > LIFT || lift.high() < LIFT ? 1 : 0;
    }
    assertThat(falsePositives).as("false positives").isBetween(FEWEST, MOST);
    assertThat(missedDifferences).as("differences missed").isBetween(FEWEST, MOST);
    assertThat(missedLifts).as("lifts missed").isBetween(FEWEST, MOST);
  }
}
