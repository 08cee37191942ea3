package dev.telltale.look;

import static dev.telltale.look.Units.arm;
import static dev.telltale.look.Units.data;
import static dev.telltale.look.Units.experiment;
import static dev.telltale.look.Units.found;
import static dev.telltale.look.Units.guardrail;
import static dev.telltale.look.Units.metric;
import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.config.ExperimentMetric.Kind;
import dev.telltale.config.ExperimentMetric.Role;
import dev.telltale.experiment.Outcome;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/**
 * 800 units an arm with deviation 10: a standard error of 0.5. Day 10 of 20 is information 0.5,
 * where the bound at the level 0.05 is 2.963, two-sided.
 */
class DecisionTest {
  private static final List<String> BLUE = List.of("blue");
  private static final LookJudge SPEND =
      new LookJudge(experiment(BLUE, metric("spend", Role.PRIMARY)));

  private static void assertSays(VariantDecision actual, Decision decision, String because) {
    assertThat(actual.because()).isEqualTo(because);
    assertThat(actual.decision()).isEqualTo(decision);
  }

  private static VariantDecision spend(int day, double mean, PastLook... earlier) {
    return SPEND
        .judge(data(day, arm(800, 10, 50), arm(800, 10, 50 + mean), earlier))
        .decisions()
        .get(0);
  }

  @Test
  void shipsWhatIsShownBetter() {
    assertSays(
        spend(10, 2),
        Decision.SHIP,
        "spend is shown better in blue and no metric is shown worse: spend (z 3.99, bound 2.96).");
  }

  @Test
  void stopsForAPrimaryMetricThatIsWorse() {
    assertSays(
        spend(10, -2),
        Decision.STOP_FOR_HARM,
        "spend is worse in blue than in the control beyond the bound: spend (z -3.99, bound"
            + " 2.96).");
  }

  @Test
  void keepsRunningBelowTheBound() {
    assertSays(
        spend(10, 1),
        Decision.KEEP_RUNNING,
        "No primary metric of blue is shown yet: spend (z 2, bound 2.96).");
  }

  @Test
  void theLastLookIsInconclusiveOrShips() {
    assertSays(
        spend(20, 0.9),
        Decision.INCONCLUSIVE,
        "The last look has come and no primary metric of blue is shown: spend (z 1.8, bound"
            + " 1.96).");
    assertThat(spend(20, 1).decision()).isEqualTo(Decision.SHIP);
    assertThat(spend(25, 1).decision()).isEqualTo(Decision.SHIP);
  }

  /** The planned effect is 3.0 at the end, 2.7 at 0.8, of which 15 % are below 2.7 - 1.03. */
  @Test
  void stopsForFutility() {
    assertThat(spend(16, 0.9).decision()).isEqualTo(Decision.KEEP_RUNNING);
    assertSays(
        spend(16, 0),
        Decision.STOP_FOR_FUTILITY,
        "The planned effect would probably not be found any more: spend (gain 0 standard errors,"
            + " below 1.71).");
    assertThat(spend(2, -0.5).decision()).isEqualTo(Decision.KEEP_RUNNING);
  }

  @Test
  void futilityTakesAllPrimaryMetrics() {
    LookJudge two =
        new LookJudge(
            experiment(BLUE, metric("spend", Role.PRIMARY), metric("clicks", Role.PRIMARY)));
    LookReport one = two.judge(data(16, arm(800, 10, 50, 50), arm(800, 10, 50, 50.9)));
    assertThat(one.decisions().get(0).decision()).isEqualTo(Decision.KEEP_RUNNING);
    LookReport none = two.judge(data(16, arm(800, 10, 50, 50), arm(800, 10, 50, 50)));
    assertThat(none.decisions().get(0).decision()).isEqualTo(Decision.STOP_FOR_FUTILITY);
  }

  @Test
  void aHarmedGuardrailStops() {
    LookJudge judge =
        new LookJudge(
            experiment(BLUE, metric("spend", Role.PRIMARY), metric("visits", Role.GUARDRAIL)));
    LookReport report = judge.judge(data(10, arm(800, 10, 50, 50), arm(800, 10, 53, 48)));
    assertSays(
        report.decisions().get(0),
        Decision.STOP_FOR_HARM,
        "visits is worse in blue than in the control beyond the bound: visits (z -3.99, bound"
            + " 2.96).");
    assertThat(found(report, "visits", "blue").outcome()).isEqualTo(Outcome.LOWER);
    LookReport quiet = judge.judge(data(10, arm(800, 10, 50, 50), arm(800, 10, 53, 49)));
    assertThat(quiet.decisions().get(0).decision()).isEqualTo(Decision.SHIP);
  }

  @Test
  void aMarginHasToBeShown() {
    LookJudge judge =
        new LookJudge(
            experiment(BLUE, metric("spend", Role.PRIMARY), guardrail("visits", 0.02, true)));
    LookReport open = judge.judge(data(10, arm(800, 10, 50, 50), arm(800, 10, 53, 50)));
    assertSays(
        open.decisions().get(0),
        Decision.KEEP_RUNNING,
        "spend is shown better in blue, spend (z 5.96, bound 2.96), but that visits (2 %) is worse"
            + " by less than its margin is not shown yet: visits (z 2.02, bound 2.96).");
    assertThat(found(open, "visits", "blue").outcome()).isEqualTo(Outcome.NOT_SHOWN);
    LookReport last = judge.judge(data(20, arm(800, 10, 50, 50), arm(800, 10, 53, 49.9)));
    assertThat(last.decisions().get(0).decision()).isEqualTo(Decision.INCONCLUSIVE);
    assertThat(last.decisions().get(0).because()).contains("and the last look has come");
    LookReport shown = judge.judge(data(10, arm(800, 10, 50, 50), arm(800, 10, 53, 50.6)));
    assertSays(
        shown.decisions().get(0),
        Decision.SHIP,
        "spend is shown better in blue and no metric is shown worse: spend (z 5.96, bound 2.96);"
            + " within the margin: visits (z 3.22, bound 2.96).");
    assertThat(found(shown, "visits", "blue").outcome()).isEqualTo(Outcome.NON_INFERIOR);
    LookReport harmed = judge.judge(data(10, arm(800, 10, 50, 50), arm(800, 10, 53, 47)));
    assertThat(harmed.decisions().get(0).decision()).isEqualTo(Decision.STOP_FOR_HARM);
  }

  /** Worse than the control, and shown so by a test of no difference, but within the margin. */
  @Test
  void aLossWithinTheMarginIsNoHarm() {
    LookJudge judge =
        new LookJudge(
            experiment(BLUE, metric("spend", Role.PRIMARY), guardrail("visits", 5, false)));
    LookReport report = judge.judge(data(10, arm(800, 10, 50, 50), arm(800, 10, 53, 48)));
    assertThat(found(report, "visits", "blue").outcome()).isEqualTo(Outcome.NON_INFERIOR);
    assertThat(report.decisions().get(0).decision()).isEqualTo(Decision.SHIP);
  }

  /** Less is better: a primary metric that falls, and a guardrail that must not rise by 2 %. */
  @Test
  void lessMayBeBetter() {
    LookJudge judge =
        new LookJudge(
            experiment(
                BLUE,
                Units.less(metric("errors", Role.PRIMARY)),
                Units.less(guardrail("latency", 0.02, true))));
    LookReport ship = judge.judge(data(10, arm(800, 10, 50, 50), arm(800, 10, 48, 49)));
    assertThat(ship.decisions().get(0).decision()).isEqualTo(Decision.SHIP);
    assertThat(found(ship, "errors", "blue").outcome()).isEqualTo(Outcome.LOWER);
    assertThat(found(ship, "latency", "blue").outcome()).isEqualTo(Outcome.NON_INFERIOR);
    LookReport slow = judge.judge(data(10, arm(800, 10, 50, 50), arm(800, 10, 48, 53)));
    assertThat(slow.decisions().get(0).decision()).isEqualTo(Decision.STOP_FOR_HARM);
    assertThat(found(slow, "latency", "blue").outcome()).isEqualTo(Outcome.HIGHER);
    LookReport worse = judge.judge(data(10, arm(800, 10, 50, 50), arm(800, 10, 52, 49)));
    assertThat(worse.decisions().get(0).decision()).isEqualTo(Decision.STOP_FOR_HARM);
  }

  @Test
  void aFailedTrustCheckInvalidatesEverything() {
    LookData good = data(10, arm(800, 10, 50), arm(800, 10, 52));
    LookData bad =
        new LookData(
            good.end(), good.arms(), Map.of(), List.of(), Optional.of("the shares are off"));
    LookReport report = SPEND.judge(bad);
    assertSays(report.decisions().get(0), Decision.INVALID, "The shares are off.");
    LookMetric spend = found(report, "spend", "blue");
    assertThat(spend.outcome()).isEqualTo(Outcome.INVALID);
    assertThat(spend.reading()).as("nothing is spent").isEmpty();
    assertThat(spend.unadjusted()).isPresent();
    PastLook past = Units.past(bad.end(), report);
    assertThat(spend(11, 2, past).decision())
        .as("invalid is not for ever")
        .isEqualTo(Decision.SHIP);
  }

  @Test
  void aDecisionStays() {
    LookReport shipped = SPEND.judge(data(10, arm(800, 10, 50), arm(800, 10, 52)));
    PastLook past = Units.past(Units.FROM.plusDays(10), shipped);
    VariantDecision later = spend(11, -3, past);
    assertSays(later, Decision.SHIP, "It was decided by the look with data up to 2026-01-11.");
    assertThat(later.fixed()).contains(Units.FROM.plusDays(10));
    LookData data = data(11, arm(800, 10, 50), arm(800, 10, 52), past);
    LookData bad =
        new LookData(data.end(), data.arms(), Map.of(), data.earlier(), Optional.of("Bots came."));
    assertSays(
        SPEND.judge(bad).decisions().get(0),
        Decision.SHIP,
        "It was decided by the look with data up to 2026-01-11; now the experiment is invalid: Bots"
            + " came.");
    assertThat(spend(10, 0, past).fixed()).as("the same look again").isEmpty();
  }

  @Test
  void withoutWindowsOrUnitsNothingIsJudged() {
    LookJudge week =
        new LookJudge(
            experiment(
                BLUE,
                metric(
                    "spend",
                    Role.PRIMARY,
                    Kind.SUM,
                    OptionalInt.of(7),
                    OptionalDouble.empty(),
                    false)));
    LookReport early = week.judge(data(6, arm(0, 10, 50), arm(0, 10, 52)));
    assertThat(found(early, "spend", "blue").outcome()).isEqualTo(Outcome.INSUFFICIENT_DATA);
    assertThat(found(early, "spend", "blue").because())
        .isEqualTo(
            "No unit's window is over: that of spend ends 6 days after the day of the exposure, and"
                + " data are up to 2026-01-07.");
    assertSays(
        early.decisions().get(0),
        Decision.KEEP_RUNNING,
        "No primary metric of blue is shown yet: spend (no look yet).");
    LookMetric few = found(SPEND.judge(data(7, arm(1, 10, 50), arm(800, 10, 52))), "spend", "blue");
    assertThat(few.outcome()).isEqualTo(Outcome.INSUFFICIENT_DATA);
    assertThat(few.because())
        .isEqualTo("grey has 1 units with spend, fewer than the 2 that a comparison takes.");
    LookReport none =
        SPEND.judge(
            new LookData(Units.FROM.plusDays(5), Map.of(), Map.of(), List.of(), Optional.empty()));
    assertThat(found(none, "spend", "blue").outcome()).isEqualTo(Outcome.INSUFFICIENT_DATA);
    assertThat(found(none, "spend", "blue").controlMean()).isNaN();
  }
}
