package dev.telltale.look;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.config.Experiment;
import dev.telltale.config.ExperimentMetric;
import dev.telltale.config.ExperimentMetric.Kind;
import dev.telltale.config.ExperimentMetric.Role;
import dev.telltale.experiment.ArmState;
import dev.telltale.experiment.Estimand;
import dev.telltale.experiment.Outcome;
import dev.telltale.experiment.QuantileEstimate;
import dev.telltale.experiment.QuantileState;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The 0.9 quantile of rows in a look, beside a metric of units. */
class QuantileLookTest {
  /** A sum with its days before, then rows: units of eight that are alike, times a factor. */
  private static ArmState arm(long seed, int units, double factor) {
    SplittableRandom random = new SplittableRandom(seed);
    ArmState state = new ArmState(2, ArmState.QUANTILE);
    long[] one = new long[8];
    Arrays.fill(one, 1);
    for (int unit = 0; unit < units; unit++) {
      state.addUnit();
      state.add(0, new double[] {random.nextDouble(), random.nextDouble()}, Estimand.NONE);
      double own = Units.normal(random);
      int[] bins =
          random
              .doubles(8)
              .mapToInt(row -> QuantileState.bin(factor * Math.exp(own + row)))
              .sorted()
              .distinct()
              .toArray();
      state.add(1, bins, one, bins.length);
    }
    return state;
  }

  private static Experiment experiment(Role role, OptionalDouble margin, OptionalLong units) {
    ExperimentMetric latency =
        Units.metric("latency", role, Kind.QUANTILE, OptionalInt.empty(), margin, true);
    return Units.experiment(
        List.of("blue"),
        Optional.of(Units.TO),
        units,
        14,
        Units.metric("revenue", Role.PRIMARY),
        latency);
  }

  @Test
  void aQuantileIsJudgedLikeAnyOtherAndWithoutCovariates() {
    Experiment experiment = experiment(Role.PRIMARY, OptionalDouble.empty(), OptionalLong.empty());
    ArmState grey = arm(1, 900, 1);
    ArmState blue = arm(2, 1000, 1.5);
    LookReport report = new LookJudge(experiment).judge(Units.data(20, grey, blue));
    LookMetric latency = Units.found(report, "latency", "blue");
    QuantileEstimate control = grey.quantiles(1).estimate(0.9);
    QuantileEstimate variant = blue.quantiles(1).estimate(0.9);
    assertThat(latency.outcome()).isEqualTo(Outcome.HIGHER);
    assertThat(latency.controlUnits()).isEqualTo(900);
    assertThat(latency.controlMean()).isEqualTo(control.value());
    assertThat(latency.variantMean()).isEqualTo(variant.value());
    assertThat(latency.adjusted()).isEmpty();
    LookMetric.Reading reading = latency.reading().orElseThrow();
    assertThat(reading.effect()).isEqualTo(variant.value() - control.value());
    assertThat(reading.standardError())
        .isCloseTo(Math.hypot(control.standardError(), variant.standardError()), within(1e-12));
    assertThat(reading.z()).isGreaterThan(reading.bound());
    assertThat(reading.low()).isPositive().isLessThan(reading.effect());
    assertThat(reading.liftLow()).isBetween(0.0, 0.5);
    assertThat(reading.liftHigh()).isGreaterThan(0.5);
    assertThat(Units.found(report, "revenue", "blue").adjusted()).isPresent();
    assertThat(latency.because()).contains("latency is ", " higher in blue than in grey");
  }

  @Test
  void aGuardrailHasItsMargin() {
    Experiment experiment =
        experiment(Role.GUARDRAIL, OptionalDouble.of(0.3), OptionalLong.empty());
    LookJudge judge = new LookJudge(experiment);
    LookMetric same =
        Units.found(
            judge.judge(Units.data(20, arm(1, 900, 1), arm(2, 1000, 1))), "latency", "blue");
    assertThat(same.outcome()).isEqualTo(Outcome.NON_INFERIOR);
    // More is better: half of it is a loss beyond the margin.
    LookMetric less =
        Units.found(
            judge.judge(Units.data(20, arm(1, 900, 1), arm(2, 1000, 0.4))), "latency", "blue");
    assertThat(less.outcome()).isEqualTo(Outcome.LOWER);
  }

  @Test
  void theInformationIsOfTheUnitsWithRows() {
    Experiment experiment =
        experiment(Role.PRIMARY, OptionalDouble.empty(), OptionalLong.of(4_000));
    ArmState grey = arm(1, 900, 1);
    grey.add(1, new int[0], new long[0], 0);
    LookMetric latency =
        Units.found(
            new LookJudge(experiment).judge(Units.data(9, grey, arm(2, 1100, 1))),
            "latency",
            "blue");
    assertThat(latency.reading().orElseThrow().information()).isEqualTo(0.5);
    assertThat(latency.missing()).isEqualTo(1);
  }

  @Test
  void withTooFewRowsNothingIsTested() {
    Experiment experiment = experiment(Role.PRIMARY, OptionalDouble.empty(), OptionalLong.empty());
    LookJudge judge = new LookJudge(experiment);
    LookMetric few =
        Units.found(
            judge.judge(Units.data(20, arm(1, 900, 1), arm(2, 12, 1.5))), "latency", "blue");
    assertThat(few.outcome()).isEqualTo(Outcome.INSUFFICIENT_DATA);
    assertThat(few.unadjusted()).isEmpty();
    assertThat(few.reading()).isEmpty();
    assertThat(few.variantMean()).isPositive();
    assertThat(few.because())
        .matches(
            "latency cannot be tested in blue: its interval runs out of the 9\\d rows of 12 units\\.");
    LookData none =
        new LookData(
            Units.TO, Map.of("grey", arm(1, 900, 1)), Map.of(), List.of(), Optional.empty());
    LookMetric nobody = Units.found(judge.judge(none), "latency", "blue");
    assertThat(nobody.outcome()).isEqualTo(Outcome.INSUFFICIENT_DATA);
    assertThat(nobody.variantMean()).isNaN();
    assertThat(nobody.because()).contains("blue has 0 units with latency");
  }
}
