package dev.telltale.look;

import static dev.telltale.look.Units.arm;
import static dev.telltale.look.Units.data;
import static dev.telltale.look.Units.experiment;
import static dev.telltale.look.Units.found;
import static dev.telltale.look.Units.guardrail;
import static dev.telltale.look.Units.metric;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.config.Experiment;
import dev.telltale.config.ExperimentMetric;
import dev.telltale.config.ExperimentMetric.Kind;
import dev.telltale.config.ExperimentMetric.Role;
import dev.telltale.experiment.ArmState;
import dev.telltale.experiment.Outcome;
import dev.telltale.sequential.AsymptoticConfidenceSequence;
import dev.telltale.sequential.GroupSequentialBounds;
import dev.telltale.sequential.RepeatedInterval;
import dev.telltale.sequential.SequentialDesign;
import dev.telltale.sequential.Sides;
import dev.telltale.sequential.Spending;
import dev.telltale.stats.StandardNormal;
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

class LookJudgeTest {
  private static final List<String> BLUE = List.of("blue");

  private static LookMetric.Reading reading(LookReport report, String metric) {
    return found(report, metric, "blue").reading().orElseThrow();
  }

  private static ExperimentMetric weekly(String name) {
    return metric(name, Role.PRIMARY, Kind.SUM, OptionalInt.of(7), OptionalDouble.empty(), false);
  }

  /** The z of 800 units an arm with deviation 10 is that of Welch's t with 1598 degrees. */
  @Test
  void aReadingIsOneTest() {
    LookJudge judge = new LookJudge(experiment(BLUE, metric("spend", Role.PRIMARY)));
    LookReport report = judge.judge(data(10, arm(800, 10, 50), arm(800, 10, 52)));
    LookMetric spend = found(report, "spend", "blue");
    LookMetric.Reading reading = spend.reading().orElseThrow();
    assertThat(reading.effect()).isCloseTo(2, within(1e-12));
    assertThat(reading.standardError()).isCloseTo(0.5 * Math.sqrt(800 / 799.0), within(1e-12));
    assertThat(reading.information()).isEqualTo(0.5);
    assertThat(reading.bound()).isCloseTo(2.962588, within(1e-6));
    assertThat(reading.z()).isCloseTo(3.98694, within(1e-4));
    assertThat(2 * StandardNormal.upperTail(reading.z()))
        .isCloseTo(reading.pValue(), within(1e-12));
    assertThat(reading.low()).isCloseTo(2 - 0.5 * 2.968, within(2e-3));
    assertThat(reading.lift()).isCloseTo(0.04, within(1e-12));
    assertThat(reading.liftLow()).isPositive();
    assertThat(reading.alphaSpent()).isCloseTo(0.003051, within(1e-6));
    assertThat(spend.missing()).isZero();
    assertThat(spend.adjusted()).isEmpty();
    assertThat(spend.because())
        .isEqualTo(
            "spend is 2 higher in blue than in grey, +4 % (95 % repeated interval 0.516 to 3.48): z"
                + " 3.99 reaches the bound 2.96 of look 1 with 50 % of the information, at the level"
                + " 0.05.");
  }

  @Test
  void informationIsTheShareOfDaysWhoseWindowsAreOver() {
    LookJudge judge = new LookJudge(experiment(BLUE, weekly("spend")));
    LookReport ninth = judge.judge(data(9, arm(80, 10, 50), arm(80, 10, 52)));
    assertThat(reading(ninth, "spend").information()).isEqualTo(0.15);
    LookReport end = judge.judge(data(20, arm(80, 10, 50), arm(80, 10, 50)));
    assertThat(reading(end, "spend").information()).isEqualTo(0.7);
    assertThat(end.decisions().get(0).decision()).isNotEqualTo(Decision.INCONCLUSIVE);
    LookReport last = judge.judge(data(26, arm(80, 10, 50), arm(80, 10, 50)));
    assertThat(reading(last, "spend").information()).isEqualTo(1);
    assertThat(reading(last, "spend").alphaSpent()).isEqualTo(0.05);
    assertThat(last.decisions().get(0).decision()).isEqualTo(Decision.INCONCLUSIVE);
  }

  /** The last look spends all alpha though half of the units came; over the plan it is the last. */
  @Test
  void informationIsTheShareOfUnits() {
    Experiment planned =
        experiment(
            BLUE, Optional.of(Units.TO), OptionalLong.of(400), 0, metric("spend", Role.PRIMARY));
    LookJudge judge = new LookJudge(planned);
    LookMetric.Reading half =
        reading(judge.judge(data(3, arm(100, 10, 50), arm(100, 10, 50))), "spend");
    assertThat(half.information()).isEqualTo(0.5);
    LookReport early = judge.judge(data(20, arm(100, 10, 50), arm(100, 10, 50)));
    assertThat(reading(early, "spend").alphaSpent()).isEqualTo(0.05);
    assertThat(early.decisions().get(0).decision()).isEqualTo(Decision.INCONCLUSIVE);
    LookReport over = judge.judge(data(5, arm(300, 10, 50), arm(300, 10, 50)));
    assertThat(reading(over, "spend").information()).isEqualTo(1.5);
    assertThat(over.decisions().get(0).decision()).isEqualTo(Decision.INCONCLUSIVE);
  }

  @Test
  void laterLooksChangeNothing() {
    LookJudge judge = new LookJudge(experiment(BLUE, metric("spend", Role.PRIMARY)));
    LookReport last = judge.judge(data(20, arm(800, 10, 50), arm(800, 10, 50.9)));
    PastLook past = new PastLook(Units.TO, Units.past(Units.TO, last).readings(), Map.of());
    LookReport after = judge.judge(data(22, arm(800, 10, 50), arm(800, 10, 53), past));
    LookMetric spend = found(after, "spend", "blue");
    assertThat(spend.outcome()).isEqualTo(Outcome.NOT_SHOWN);
    assertThat(spend.fixed()).contains(Units.TO);
    assertThat(spend.because())
        .contains("look 1 with 100 %")
        .endsWith("; fixed by the last look, with data up to 2026-01-21.");
    LookMetric.Reading before = reading(last, "spend");
    LookMetric.Reading now = spend.reading().orElseThrow();
    assertThat(now.z()).isEqualTo(before.z());
    assertThat(now.bound()).isEqualTo(before.bound());
    assertThat(now.pValueSequential()).isEqualTo(before.pValueSequential());
    assertThat(now.effect()).as("today's estimate").isCloseTo(3, within(1e-12));
  }

  @Test
  void sequentialPValuesAreOfAllLooks() {
    LookJudge judge = new LookJudge(experiment(BLUE, metric("spend", Role.PRIMARY)));
    Subject subject = new Subject("spend", "blue", Optional.empty());
    PastLook first =
        new PastLook(
            Units.FROM.plusDays(5), Map.of(subject, new PastLook.Reading(0.25, 4.9)), Map.of());
    LookReport report = judge.judge(data(10, arm(800, 10, 50), arm(800, 10, 50.5), first));
    LookMetric spend = found(report, "spend", "blue");
    LookMetric.Reading reading = spend.reading().orElseThrow();
    GroupSequentialBounds bounds =
        GroupSequentialBounds.of(
            new SequentialDesign(0.05, Sides.TWO, Spending.of("obf")), 0.25, 0.5);
    assertThat(reading.bound()).isCloseTo(bounds.latest().bound(), within(1e-12));
    double exact = RepeatedInterval.pValue(bounds, 4.9, reading.z());
    assertThat(reading.pValueSequential()).isCloseTo(exact, within(1e-3 * exact));
    assertThat(spend.outcome()).as("the first look has shown it").isEqualTo(Outcome.HIGHER);
    assertThat(reading.low()).as("this one would not").isNegative();
    assertThat(spend.because()).contains(", but z 4.9 with data up to 2026-01-06 did");
    assertThat(report.decisions().get(0).because())
        .contains("(z 0.999, bound 2.96, reached with data up to 2026-01-06)");
  }

  @Test
  void withoutAPlanBoundsHoldAtAnyTime() {
    LookJudge judge =
        new LookJudge(
            experiment(
                BLUE, Optional.empty(), OptionalLong.empty(), 0, metric("spend", Role.PRIMARY)));
    LookReport report = judge.judge(data(100, arm(800, 10, 50), arm(800, 10, 51)));
    AsymptoticConfidenceSequence sequence =
        AsymptoticConfidenceSequence.tightestAt(0.05, Sides.TWO, LookJudge.TUNED_UNITS);
    LookMetric.Reading reading = reading(report, "spend");
    assertThat(reading.information()).isEqualTo(1600);
    assertThat(reading.bound()).isCloseTo(sequence.bound(1600), within(1e-12));
    assertThat(reading.pValueSequential())
        .isCloseTo(sequence.pValue(reading.z(), 1, 1600), within(1e-12));
    assertThat(reading.alphaSpent()).isNaN();
    assertThat(report.decisions().get(0).decision()).isEqualTo(Decision.KEEP_RUNNING);
    LookReport shown = judge.judge(data(100, arm(800, 10, 50), arm(800, 10, 53)));
    assertThat(shown.decisions().get(0).decision()).isEqualTo(Decision.SHIP);
    assertThat(found(shown, "spend", "blue").because()).contains("look 1 with 1,600 units");
  }

  /** Two primary metrics: 0.025 each, and 0.05 for the other when one is shown. */
  @Test
  void primaryMetricsShareAlphaAndHandItOn() {
    LookJudge judge =
        new LookJudge(
            experiment(
                BLUE,
                metric("spend", Role.PRIMARY),
                metric("clicks", Role.PRIMARY),
                metric("visits", Role.SECONDARY)));
    ArmState grey = arm(800, 10, 50, 50, 50);
    LookReport one = judge.judge(data(20, grey, arm(800, 10, 51.05, 50, 53)));
    assertThat(found(one, "spend", "blue").outcome()).isEqualTo(Outcome.NOT_SHOWN);
    assertThat(reading(one, "spend").level()).isEqualTo(0.025);
    assertThat(reading(one, "spend").bound()).isCloseTo(2.2414, within(1e-4));
    LookReport both = judge.judge(data(20, grey, arm(800, 10, 51.05, 52, 50)));
    assertThat(found(both, "spend", "blue").outcome()).isEqualTo(Outcome.HIGHER);
    assertThat(reading(both, "spend").level()).isCloseTo(0.05, within(1e-6));
    assertThat(reading(both, "clicks").level()).isEqualTo(0.025);
    assertThat(reading(both, "spend").pValueAdjusted())
        .isCloseTo(reading(both, "spend").pValueSequential(), within(1e-6));
    LookMetric closed = found(one, "visits", "blue");
    assertThat(closed.outcome()).isEqualTo(Outcome.NOT_SHOWN);
    assertThat(closed.because())
        .endsWith("; it is not asked before all primary metrics of blue are shown.");
    assertThat(closed.reading().orElseThrow().pValueAdjusted()).isGreaterThan(0.05);
    LookReport partly = judge.judge(data(20, grey, arm(800, 10, 50, 52, 60)));
    assertThat(found(partly, "clicks", "blue").outcome()).isEqualTo(Outcome.HIGHER);
    assertThat(found(partly, "visits", "blue").outcome()).isEqualTo(Outcome.NOT_SHOWN);
    LookReport all = judge.judge(data(20, grey, arm(800, 10, 51.05, 52, 51.05)));
    assertThat(found(all, "visits", "blue").outcome()).isEqualTo(Outcome.HIGHER);
    assertThat(reading(all, "visits").level()).isCloseTo(0.05, within(1e-6));
    assertThat(found(all, "visits", "blue").family()).isEqualTo("secondary");
  }

  /** Green has nothing to show; blue's alpha goes to its own two secondary metrics, by Holm. */
  @Test
  void secondaryMetricsInheritFromTheirVariant() {
    LookJudge judge =
        new LookJudge(
            experiment(
                List.of("blue", "green"),
                metric("spend", Role.PRIMARY),
                metric("visits", Role.SECONDARY),
                metric("likes", Role.SECONDARY)));
    LookData two =
        new LookData(
            Units.TO,
            Map.of(
                "grey", arm(800, 10, 50, 50, 50),
                "blue", arm(800, 10, 53, 53, 51.1),
                "green", arm(800, 10, 50, 53, 53)),
            Map.of(),
            List.of(),
            Optional.empty());
    LookReport report = judge.judge(two);
    assertThat(reading(report, "spend").level()).isEqualTo(0.025);
    assertThat(reading(report, "visits").level()).isCloseTo(0.0125, within(1e-6));
    assertThat(reading(report, "likes").level()).isCloseTo(0.025, within(1e-6));
    assertThat(found(report, "visits", "blue").outcome()).isEqualTo(Outcome.HIGHER);
    assertThat(found(report, "likes", "blue").outcome()).isEqualTo(Outcome.NOT_SHOWN);
    assertThat(found(report, "visits", "green").outcome()).isEqualTo(Outcome.NOT_SHOWN);
    assertThat(report.decisions().get(0).decision()).isEqualTo(Decision.SHIP);
    assertThat(report.decisions().get(1).decision()).isEqualTo(Decision.INCONCLUSIVE);
  }

  /**
   * Two guardrails: harm at 0.025 each by Holm, the margin at 0.05 two-sided without correction.
   */
  @Test
  void guardrailsAreAFamily() {
    LookJudge judge =
        new LookJudge(
            experiment(
                BLUE,
                metric("spend", Role.PRIMARY),
                metric("visits", Role.GUARDRAIL),
                guardrail("likes", 1, false)));
    ArmState grey = arm(800, 10, 50, 50, 50);
    LookReport report = judge.judge(data(20, grey, arm(800, 10, 50, 48.95, 50.05)));
    assertThat(found(report, "visits", "blue").outcome()).isEqualTo(Outcome.NOT_SHOWN);
    assertThat(reading(report, "visits").level()).isEqualTo(0.025);
    assertThat(found(report, "likes", "blue").outcome()).isEqualTo(Outcome.NON_INFERIOR);
    assertThat(reading(report, "likes").level()).isEqualTo(0.05);
    assertThat(reading(report, "likes").low()).as("the margin is excluded").isGreaterThan(-1);
    LookReport harmed = judge.judge(data(20, grey, arm(800, 10, 50, 48.95, 47)));
    assertThat(found(harmed, "likes", "blue").outcome()).isEqualTo(Outcome.LOWER);
    assertThat(found(harmed, "visits", "blue").outcome()).as("Holm").isEqualTo(Outcome.LOWER);
    assertThat(found(harmed, "visits", "blue").familySize()).isEqualTo(2);
  }

  /** 28 looks at 600 segments of metrics; measured at 0.9 s. */
  @Test
  void aNightOfManySegmentsTakesSeconds() {
    ExperimentMetric[] metrics = new ExperimentMetric[10];
    for (int i = 0; i < metrics.length; i++) {
      metrics[i] = metric("m" + i, Role.PRIMARY);
    }
    LookJudge judge = new LookJudge(experiment(BLUE, metrics));
    double[] means = new double[10];
    ArmState grey = arm(400, 10, means);
    ArmState blue = arm(400, 11, means);
    Map<Segment, Map<String, ArmState>> segments = new LinkedHashMap<>();
    List<Optional<Segment>> all = new ArrayList<>(List.of(Optional.empty()));
    for (int i = 0; i < 60; i++) {
      Segment segment = new Segment("country", "c" + i);
      segments.put(segment, Map.of("grey", grey, "blue", blue));
      all.add(Optional.of(segment));
    }
    SplittableRandom random = new SplittableRandom(1);
    List<PastLook> earlier = new ArrayList<>();
    for (int k = 1; k < 28; k++) {
      Map<Subject, PastLook.Reading> readings = new LinkedHashMap<>();
      for (ExperimentMetric one : metrics) {
        for (Optional<Segment> segment : all) {
          readings.put(
              new Subject(one.name(), "blue", segment),
              new PastLook.Reading(k / 28.0, Units.normal(random)));
        }
      }
      earlier.add(new PastLook(Units.FROM.plusDays(k).minusYears(1), readings, Map.of()));
    }
    LookData data =
        new LookData(
            Units.FROM.plusDays(19),
            Map.of("grey", grey, "blue", blue),
            segments,
            earlier,
            Optional.empty());
    long start = System.nanoTime();
    LookReport report = judge.judge(data);
    double seconds = (System.nanoTime() - start) / 1e9;
    assertThat(report.metrics()).hasSize(610);
    assertThat(report.metrics()).allMatch(one -> one.reading().isPresent());
    assertThat(seconds).isLessThan(20);
  }

  @Test
  void refusesAnAlphaThatIsNone() {
    Experiment good = experiment(BLUE, metric("spend", Role.PRIMARY));
    Experiment bad =
        new Experiment(
            good.id(),
            good.model(),
            good.from(),
            good.to(),
            good.control(),
            good.variants(),
            good.exposures(),
            good.metrics(),
            0,
            0.7,
            "obf",
            good.units(),
            OptionalDouble.empty());
    assertThatIllegalArgumentException().isThrownBy(() -> new LookJudge(bad));
    assertThatIllegalArgumentException().isThrownBy(() -> new PastLook.Reading(0, 1));
  }
}
