package dev.telltale.look;

import static dev.telltale.look.Units.experiment;
import static dev.telltale.look.Units.found;
import static dev.telltale.look.Units.guardrail;
import static dev.telltale.look.Units.metric;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.config.ExperimentMetric;
import dev.telltale.config.ExperimentMetric.Kind;
import dev.telltale.config.ExperimentMetric.Role;
import dev.telltale.experiment.ArmState;
import dev.telltale.experiment.EffectTest;
import dev.telltale.experiment.Estimand;
import dev.telltale.experiment.Estimator;
import dev.telltale.experiment.Hypothesis;
import dev.telltale.experiment.Outcome;
import dev.telltale.stats.Alternative;
import dev.telltale.stats.MultipleTesting;
import dev.telltale.stats.SimultaneousIntervals;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LookAgreementTest {
  private static final List<String> BLUE = List.of("blue");

  /** Units of columns whose values are a mean plus noise. */
  private static ArmState draw(SplittableRandom random, int units, double[]... means) {
    int[] widths = new int[means.length];
    for (int block = 0; block < widths.length; block++) {
      widths[block] = means[block].length;
    }
    ArmState state = new ArmState(widths);
    for (int i = 0; i < units; i++) {
      state.addUnit();
      for (int block = 0; block < widths.length; block++) {
        double[] values = means[block].clone();
        double shared = Units.normal(random);
        for (int column = 0; column < values.length; column++) {
          values[column] += shared + 0.5 * Units.normal(random);
        }
        state.add(block, values, Estimand.NONE);
      }
    }
    return state;
  }

  private static boolean has(double low, double high, double value) {
    return low < value && value < high;
  }

  /** Interval, lift and z say the same at every look; what is shown was crossed by some look. */
  @Test
  void intervalLiftAndDecisionAreOneTest() {
    SplittableRandom random = new SplittableRandom(3);
    LookJudge judge =
        new LookJudge(
            experiment(
                BLUE,
                metric("spend", Role.PRIMARY),
                metric("clicks", Role.PRIMARY),
                metric("visits", Role.GUARDRAIL)));
    int crossed = 0;
    int shown = 0;
    for (int trial = 0; trial < 300; trial++) {
      List<PastLook> earlier = new ArrayList<>();
      boolean[] ever = new boolean[3];
      double shift = random.nextDouble(-0.8, 0.8);
      for (int day : new int[] {4, 9, 14, 20}) {
        ArmState grey = draw(random, day * 3, new double[][] {{5}, {5}, {-5}});
        ArmState blue = draw(random, day * 2, new double[][] {{5 + shift}, {5}, {-5 - shift}});
        LookReport report =
            judge.judge(Units.data(day, grey, blue, earlier.toArray(PastLook[]::new)));
        for (int i = 0; i < 3; i++) {
          LookMetric one = report.metrics().get(i);
          LookMetric.Reading reading = one.reading().orElseThrow();
          boolean isCrossed = Math.abs(reading.z()) >= reading.bound();
          assertThat(has(reading.low(), reading.high(), 0)).isEqualTo(!isCrossed);
          if (Double.isNaN(reading.liftLow())) {
            assertThat(day).as("the control is clear of zero later on").isLessThan(9);
          } else {
            assertThat(has(reading.liftLow(), reading.liftHigh(), 0)).isEqualTo(!isCrossed);
          }
          boolean isShown = one.outcome() != Outcome.NOT_SHOWN;
          assertThat(reading.pValueSequential() <= reading.level()).isEqualTo(isShown);
          assertThat(reading.pValueAdjusted() <= 0.05).isEqualTo(isShown);
          if (isCrossed) {
            assertThat(isShown).isTrue();
          }
          if (ever[i]) {
            assertThat(isShown).as("what was shown stays").isTrue();
          }
          ever[i] = isShown;
          crossed += isCrossed ? 1 : 0;
          shown += isShown ? 1 : 0;
        }
        earlier.add(Units.past(Units.FROM.plusDays(day), report));
      }
    }
    assertThat(crossed).isBetween(200, 3_000);
    assertThat(shown).isBetween(crossed + 1, 3_500);
  }

  /** Both sides of a margin are the tests of non-inferiority, and of the reverse. */
  @ParameterizedTest
  @CsvSource({"true, 5", "true, -5", "false, 5", "true, 0.05"})
  void aMarginIsThatOfTheEffectTest(boolean isRelative, double level) {
    SplittableRandom random = new SplittableRandom(9);
    double margin = isRelative ? 0.1 : 0.4;
    LookJudge judge =
        new LookJudge(
            experiment(
                BLUE, metric("spend", Role.PRIMARY), guardrail("visits", margin, isRelative)));
    Hypothesis hypothesis = Hypothesis.nonInferiority(Alternative.GREATER, margin, isRelative);
    int shown = 0;
    for (int trial = 0; trial < 200; trial++) {
      double shift = random.nextDouble(-1, 1);
      ArmState grey = draw(random, 50, new double[][] {{5}, {level}});
      ArmState blue = draw(random, 70, new double[][] {{5}, {level + shift}});
      LookMetric visits = found(judge.judge(Units.data(20, grey, blue)), "visits", "blue");
      LookMetric.Reading reading = visits.reading().orElseThrow();
      double own =
          EffectTest.of(hypothesis, 0.025, EffectTest.Distribution.T)
              .test(
                  Estimator.unadjusted(
                      grey.moments(1), blue.moments(1), Estimand.mean(0, List.of())))
              .absolute()
              .pValue();
      if (reading.z() > 0) {
        assertThat(reading.pValue()).isCloseTo(Math.min(1, 2 * own), within(1e-9));
      }
      assertThat(visits.outcome() == Outcome.NON_INFERIOR).isEqualTo(own <= 0.025);
      shown += visits.outcome() == Outcome.NON_INFERIOR ? 1 : 0;
      if (isRelative && !Double.isNaN(reading.liftLow())) {
        assertThat(reading.liftLow() > -margin).isEqualTo(visits.outcome() == Outcome.NON_INFERIOR);
      } else if (!isRelative) {
        assertThat(reading.low() > -margin).isEqualTo(visits.outcome() == Outcome.NON_INFERIOR);
      }
    }
    assertThat(shown).isBetween(level == 0.05 ? 0 : 30, 170);
  }

  /** The pre-period takes variance away; one that is the same in all units takes no part. */
  @Test
  void covariatesThatDoNotVaryAreDropped() {
    SplittableRandom random = new SplittableRandom(2);
    ExperimentMetric spend = metric("spend", Role.PRIMARY);
    ExperimentMetric rate =
        metric(
            "rate", Role.PRIMARY, Kind.RATIO, OptionalInt.empty(), OptionalDouble.empty(), false);
    LookJudge judge =
        new LookJudge(
            experiment(BLUE, Optional.of(Units.TO), OptionalLong.empty(), 7, spend, rate));
    ArmState grey = draw(random, 300, new double[][] {{5, 3}, {20, 30, 20, 30}});
    ArmState blue = draw(random, 300, new double[][] {{5.3, 3}, {20, 30, 20, 30}});
    LookReport report = judge.judge(Units.data(10, grey, blue));
    LookMetric adjusted = found(report, "spend", "blue");
    assertThat(adjusted.theta()).hasSize(1);
    assertThat(adjusted.theta().get(0)).isBetween(0.7, 0.9);
    double plain = adjusted.unadjusted().orElseThrow().standardError();
    double own = adjusted.adjusted().orElseThrow().standardError();
    assertThat(own).isBetween(0.5 * plain, 0.7 * plain);
    assertThat(adjusted.reading().orElseThrow().standardError()).isEqualTo(own);
    assertThat(found(report, "rate", "blue").theta()).hasSize(2);

    ArmState[] constant = {new ArmState(2, 4), new ArmState(2, 4)};
    for (int i = 0; i < 200; i++) {
      double value = Units.normal(random);
      constant[i % 2].add(0, new double[] {value, 0}, Estimand.NONE);
      constant[i % 2].add(1, new double[] {value, 4 + value * value, 0, 1}, 1);
    }
    LookReport none = judge.judge(Units.data(10, constant[0], constant[1]));
    for (LookMetric one : none.metrics()) {
      assertThat(one.outcome()).isEqualTo(Outcome.NOT_SHOWN);
      assertThat(one.theta()).isEmpty();
      assertThat(one.adjusted()).isEmpty();
    }
  }

  /** Two units an arm have no room for two coefficients, but for a test without them. */
  @Test
  void tooFewUnitsForCovariatesAreTestedWithoutThem() {
    ExperimentMetric rate =
        metric(
            "rate", Role.PRIMARY, Kind.RATIO, OptionalInt.empty(), OptionalDouble.empty(), false);
    LookJudge judge =
        new LookJudge(experiment(BLUE, Optional.of(Units.TO), OptionalLong.empty(), 7, rate));
    ArmState[] arms = {new ArmState(4), new ArmState(4)};
    SplittableRandom random = new SplittableRandom(6);
    for (int i = 0; i < 4; i++) {
      double one = Units.normal(random);
      double other = Units.normal(random);
      arms[i % 2].add(0, new double[] {other, 50 + i / 2, one, other * one}, 1);
    }
    LookMetric found = found(judge.judge(Units.data(10, arms[0], arms[1])), "rate", "blue");
    assertThat(found.outcome()).isEqualTo(Outcome.NOT_SHOWN);
    assertThat(found.adjusted()).isEmpty();
  }

  /**
   * Ten segments, four with an effect: Benjamini and Hochberg on all, and intervals of one level.
   */
  @Test
  void segmentsAreAFamilyOfTheirOwn() {
    SplittableRandom random = new SplittableRandom(8);
    LookJudge judge =
        new LookJudge(
            experiment(BLUE, metric("spend", Role.PRIMARY), metric("visits", Role.SECONDARY)));
    Map<Segment, Map<String, ArmState>> segments = new LinkedHashMap<>();
    ArmState grey = new ArmState(1, 1);
    ArmState blue = new ArmState(1, 1);
    for (int value = 0; value < 10; value++) {
      ArmState control = draw(random, 100, new double[][] {{5}, {5}});
      ArmState variant = draw(random, 100, new double[][] {{value < 4 ? 5.7 : 5}, {5}});
      segments.put(new Segment("country", "c" + value), Map.of("grey", control, "blue", variant));
      grey.merge(control);
      blue.merge(variant);
    }
    segments.put(new Segment("country", "few"), Map.of());
    LookReport report =
        judge.judge(
            new LookData(
                Units.TO,
                Map.of("grey", grey, "blue", blue),
                segments,
                List.of(),
                Optional.empty()));
    List<LookMetric> parts =
        report.metrics().stream().filter(one -> one.subject().segment().isPresent()).toList();
    assertThat(parts).hasSize(11).allMatch(one -> one.subject().metric().equals("spend"));
    assertThat(parts.get(10).outcome()).isEqualTo(Outcome.INSUFFICIENT_DATA);
    List<LookMetric> looked = parts.subList(0, 10);
    double[] p =
        looked.stream()
            .mapToDouble(one -> one.reading().orElseThrow().pValueSequential())
            .toArray();
    double[] adjusted = MultipleTesting.BENJAMINI_HOCHBERG.adjust(p);
    List<SimultaneousIntervals.Confidence> levels =
        SimultaneousIntervals.of(MultipleTesting.BENJAMINI_HOCHBERG, p, 0.05);
    int shown = 0;
    for (int i = 0; i < 10; i++) {
      LookMetric one = looked.get(i);
      LookMetric.Reading reading = one.reading().orElseThrow();
      assertThat(one.familySize()).isEqualTo(10);
      assertThat(one.family()).isEqualTo("segment");
      assertThat(one.because()).endsWith("; this is exploratory.");
      assertThat(reading.pValueAdjusted()).isCloseTo(adjusted[i], within(1e-12));
      assertThat(reading.level()).isCloseTo(1 - levels.get(i).level(), within(1e-12));
      assertThat(one.outcome() == Outcome.HIGHER).isEqualTo(adjusted[i] <= 0.05);
      assertThat(has(reading.low(), reading.high(), 0)).isEqualTo(adjusted[i] > 0.05);
      shown += one.outcome() == Outcome.HIGHER ? 1 : 0;
    }
    assertThat(shown).isBetween(3, 5);
    assertThat(report.heterogeneity()).hasSize(1);
    assertThat(report.heterogeneity().get(0).values()).isEqualTo(10);
    assertThat(report.heterogeneity().get(0).pValue()).isLessThan(0.001);
  }
}
