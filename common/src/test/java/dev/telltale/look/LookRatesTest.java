package dev.telltale.look;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.config.Experiment;
import dev.telltale.config.ExperimentMetric;
import dev.telltale.config.ExperimentMetric.Kind;
import dev.telltale.config.ExperimentMetric.Role;
import dev.telltale.config.Kpi;
import dev.telltale.experiment.ArmState;
import dev.telltale.experiment.Estimand;
import dev.telltale.experiment.Outcome;
import dev.telltale.experiment.QuantileState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * How often looks err, by estimator: experiments of 28 nights without an effect, each judged every
 * night. As many as {@code -Dexperiments=10000} says; the builds make do with fewer.
 */
class LookRatesTest {
  private static final int NIGHTS = 28;
  private static final int UNITS = 20;
  private static final int EXPERIMENTS = Integer.getInteger("experiments", 400);

  /** Of a normal distribution: 99 % of the rates are within, where the error rate is alpha. */
  private static final double BAND = 2.576;

  /** How a unit of either arm is drawn. */
  enum Estimator {
    /** A skewed value. */
    MEAN(Kind.SUM, 0) {
      @Override
      void draw(ArmState arm, SplittableRandom random) {
        add(arm, -Math.log(1 - random.nextDouble()) - Math.log(1 - random.nextDouble()));
      }
    },
    /** One unit in five does it. */
    PROPORTION(Kind.PROPORTION, 0) {
      @Override
      void draw(ArmState arm, SplittableRandom random) {
        add(arm, random.nextDouble() < 0.2 ? 1 : 0);
      }
    },
    /** Sums of one to five values that are alike. */
    RATIO(Kind.RATIO, 0) {
      @Override
      void draw(ArmState arm, SplittableRandom random) {
        ratio(arm, random, 1 + random.nextInt(5));
      }
    },
    /** The same of whole clusters, of up to sixty rows. */
    CLUSTERED(Kind.MEAN, 0) {
      @Override
      void draw(ArmState arm, SplittableRandom random) {
        ratio(arm, random, 1 + random.nextInt(60));
      }
    },
    /** A value that half depends on that of before. */
    CUPED(Kind.SUM, 14) {
      @Override
      void draw(ArmState arm, SplittableRandom random) {
        double before = Units.normal(random);
        add(arm, before + Units.normal(random), before);
      }
    },
    /** The median of one to nine values that are alike. */
    QUANTILE(Kind.QUANTILE, 0) {
      @Override
      void draw(ArmState arm, SplittableRandom random) {
        double unit = Units.normal(random);
        int[] bins = new int[1 + random.nextInt(9)];
        for (int i = 0; i < bins.length; i++) {
          bins[i] = QuantileState.bin(Math.exp(0.5 * (unit + Units.normal(random))));
        }
        int[] distinct = Arrays.stream(bins).sorted().distinct().toArray();
        long[] counts =
            Arrays.stream(distinct)
                .mapToLong(bin -> Arrays.stream(bins).filter(other -> other == bin).count())
                .toArray();
        arm.add(0, distinct, counts, distinct.length);
      }
    };

    private final Kind kind;
    private final int preDays;

    Estimator(Kind kind, int preDays) {
      this.kind = kind;
      this.preDays = preDays;
    }

    abstract void draw(ArmState arm, SplittableRandom random);

    private static void add(ArmState arm, double... values) {
      arm.add(0, values, Estimand.NONE);
    }

    private static void ratio(ArmState arm, SplittableRandom random, int rows) {
      double unit = Units.normal(random);
      double sum = 0;
      for (int row = 0; row < rows; row++) {
        sum += 3 + unit + Units.normal(random);
      }
      arm.add(0, new double[] {sum, rows}, 1);
    }

    ArmState arm() {
      return switch (kind) {
        case QUANTILE -> new ArmState(ArmState.QUANTILE);
        case RATIO, MEAN, FUNNEL -> new ArmState(2);
        default -> new ArmState(preDays > 0 ? 2 : 1);
      };
    }

    Experiment experiment() {
      return Units.experiment(
          List.of("blue"),
          Optional.of(Units.FROM.plusDays(NIGHTS)),
          OptionalLong.empty(),
          preDays,
          new ExperimentMetric(
              "spend",
              "facts",
              "user",
              "at",
              Optional.empty(),
              kind,
              Optional.of("v"),
              Optional.empty(),
              0,
              OptionalInt.empty(),
              OptionalDouble.empty(),
              OptionalDouble.empty(),
              kind == Kind.QUANTILE ? OptionalDouble.of(0.5) : OptionalDouble.empty(),
              Role.PRIMARY,
              Kpi.Goal.INCREASE,
              OptionalDouble.empty(),
              false));
    }
  }

  @ParameterizedTest
  @EnumSource(Estimator.class)
  void anEffectIsFoundAsOftenAsAlphaSaysWhereThereIsNone(Estimator estimator) {
    LookJudge judge = new LookJudge(estimator.experiment());
    SplittableRandom random = new SplittableRandom(28);
    int found = 0;
    int missed = 0;
    for (int trial = 0; trial < EXPERIMENTS; trial++) {
      ArmState grey = estimator.arm();
      ArmState blue = estimator.arm();
      List<PastLook> earlier = new ArrayList<>();
      boolean isFound = false;
      boolean isMissed = false;
      for (int night = 1; night <= NIGHTS; night++) {
        for (int unit = 0; unit < UNITS; unit++) {
          estimator.draw(grey, random);
          estimator.draw(blue, random);
        }
        LookData data =
            new LookData(
                Units.FROM.plusDays(night),
                Map.of("grey", grey, "blue", blue),
                Map.of(),
                earlier,
                Optional.empty());
        LookReport report = judge.judge(data);
        LookMetric metric = report.metrics().get(0);
        isFound |= metric.outcome() == Outcome.HIGHER || metric.outcome() == Outcome.LOWER;
        isMissed |= metric.reading().stream().anyMatch(one -> one.low() > 0 || one.high() < 0);
        earlier.add(Units.past(data.end(), report));
      }
      found += isFound ? 1 : 0;
      missed += isMissed ? 1 : 0;
    }
    System.out.printf(
        "%s: %d of %d experiments find an effect, %d have an interval without it%n",
        estimator, found, EXPERIMENTS, missed);
    double scatter = BAND * Math.sqrt(0.05 * 0.95 * EXPERIMENTS);
    assertThat((double) found)
        .isBetween(0.05 * EXPERIMENTS - scatter, 0.05 * EXPERIMENTS + scatter);
    assertThat((double) missed)
        .isBetween(0.05 * EXPERIMENTS - scatter, 0.05 * EXPERIMENTS + scatter);
  }
}
