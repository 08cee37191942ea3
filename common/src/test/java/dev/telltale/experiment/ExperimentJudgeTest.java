package dev.telltale.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.stats.Alternative;
import dev.telltale.stats.ConfidenceInterval;
import dev.telltale.stats.MultipleTesting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExperimentJudgeTest {
  private static final Hypothesis TWO_SIDED = Hypothesis.superiority(Alternative.TWO_SIDED);
  private static final Estimand MEAN = Estimand.mean(0, List.of());
  private static final Estimand RATIO = Estimand.ratio(0, 1, List.of());

  private static ExperimentPolicy policy(TestMethod method, Hypothesis hypothesis) {
    return new ExperimentPolicy(
        method, hypothesis, 0.05, MultipleTesting.HOLM, Adjustment.CUPED, 30);
  }

  private static Comparison compare(
      String metric, Estimand estimand, CrossMoments control, CrossMoments variant) {
    return new Comparison(
        metric,
        "blue",
        estimand,
        new Comparison.Side("grey", control, 0, 0),
        new Comparison.Side("blue", variant, 0, 0));
  }

  private static MetricResult judge(Hypothesis hypothesis, Comparison comparison) {
    return judge(policy(TestMethod.AUTO, hypothesis), comparison).get(0);
  }

  private static List<MetricResult> judge(ExperimentPolicy policy, Comparison... family) {
    return new ExperimentJudge(policy).judge(Arrays.asList(family));
  }

  private static MetricResult means(Hypothesis hypothesis, double control, double variant) {
    return judge(
        hypothesis,
        compare(
            "spend", MEAN, Samples.summary(400, control, 100), Samples.summary(400, variant, 100)));
  }

  private static void assertSays(MetricResult result, Outcome outcome, String because) {
    assertThat(result.because()).isEqualTo(because);
    assertThat(result.outcome()).isEqualTo(outcome);
  }

  @Test
  void superiorityIsHigherLowerOrNotShown() {
    assertSays(
        means(TWO_SIDED, 50, 53),
        Outcome.HIGHER,
        "spend is 3 higher in blue than in grey, +6 % (95 % interval 1.61 to 4.39): p"
            + " 2.47e-05 is below 0.05.");
    assertSays(
        means(TWO_SIDED, 50, 47),
        Outcome.LOWER,
        "spend is 3 lower in blue than in grey, -6 % (95 % interval -4.39 to -1.61): p"
            + " 2.47e-05 is below 0.05.");
    assertSays(
        means(TWO_SIDED, 50, 50.5),
        Outcome.NOT_SHOWN,
        "spend is 0.5 higher in blue than in grey, +1 % (95 % interval -0.888 to 1.89):"
            + " p 0.48 is not below 0.05.");
    assertSays(
        means(Hypothesis.superiority(Alternative.GREATER), 50, 53),
        Outcome.HIGHER,
        "spend is 3 higher in blue than in grey, +6 % (95 % sure of at least 1.84): p"
            + " 1.23e-05 is below 0.05.");
    assertSays(
        means(Hypothesis.superiority(Alternative.LESS), 50, 53),
        Outcome.NOT_SHOWN,
        "spend is 3 higher in blue than in grey, +6 % (95 % sure of at most 4.16): p 1"
            + " is not below 0.05.");
  }

  @Test
  void marginsAreShownOrNot() {
    Hypothesis greater = Hypothesis.nonInferiority(Alternative.GREATER, 2, false);
    assertSays(
        means(greater, 50, 50),
        Outcome.NON_INFERIOR,
        "spend is 0 higher in blue than in grey, +0 % (95 % sure of at least -1.16): p"
            + " of being worse by 2 0.0024 is below 0.05.");
    assertSays(
        means(greater, 50, 48.5),
        Outcome.NOT_SHOWN,
        "spend is 1.5 lower in blue than in grey, -3 % (95 % sure of at least -2.66): p"
            + " of being worse by 2 0.24 is not below 0.05.");
    Hypothesis less = Hypothesis.nonInferiority(Alternative.LESS, 0.04, true);
    assertSays(
        means(less, 50, 50),
        Outcome.NON_INFERIOR,
        "spend is 0 higher in blue than in grey, +0 % (95 % sure of at most 1.16): p of"
            + " being worse by 4 % 0.00285 is below 0.05.");
    assertSays(
        means(Hypothesis.equivalence(0.05, true), 50, 50.2),
        Outcome.EQUIVALENT,
        "spend is 0.2 higher in blue than in grey, +0.4 % (90 % interval -0.964 to"
            + " 1.36): p of a difference beyond 5 % 0.000785 is below 0.05.");
    assertSays(
        means(Hypothesis.equivalence(1, false), 50, 50.2),
        Outcome.NOT_SHOWN,
        "spend is 0.2 higher in blue than in grey, +0.4 % (90 % interval -0.964 to"
            + " 1.36): p of a difference beyond 1 0.129 is not below 0.05.");
  }

  /** 2158 units against 10: the number needed is that of the formula (1.96 + 0.84)^2 ... */
  @Test
  void tooFewUnitsAreNotJudged() {
    Comparison comparison =
        compare("spend", MEAN, Samples.summary(2158, 20, 100), Samples.summary(10, 25, 64));
    MetricResult result = judge(TWO_SIDED, comparison);
    double ratio = 10.0 / 2158;
    double needed = Math.pow(1.959963984540054 + 0.8416212335729143, 2) * (100 + 64 / ratio) / 25;
    assertThat(needed).isCloseTo(4367.5, within(0.1));
    assertSays(
        result,
        Outcome.INSUFFICIENT_DATA,
        "blue has 10 units with spend, fewer than the 30 that a comparison takes. To"
            + " show a difference as large as the one seen, 5, with 80 % power takes about"
            + " 4,368 units of grey and 21 of blue.");
    assertThat(result.pValueAdjusted()).isEmpty();
    assertThat(result.simultaneous()).isEmpty();
    assertThat(result.unadjusted()).isPresent();
    assertThat(
            judge(
                    TWO_SIDED,
                    compare("spend", MEAN, Samples.summary(29, 1, 1), Samples.summary(50, 1, 1)))
                .because())
        .isEqualTo("grey has 29 units with spend, fewer than the 30 that a comparison takes.");
    assertThat(
            judge(TWO_SIDED, compare("spend", MEAN, new CrossMoments(1), Samples.summary(50, 1, 1)))
                .outcome())
        .isEqualTo(Outcome.INSUFFICIENT_DATA);
  }

  @Test
  void withoutVariationNothingIsTested() {
    CrossMoments zeros = Samples.summary(100, 0, 0);
    assertSays(
        judge(TWO_SIDED, compare("spend", MEAN, zeros, zeros)),
        Outcome.INSUFFICIENT_DATA,
        "spend is 0 in every unit of both: nothing varies, so nothing can be tested.");
    assertSays(
        judge(TWO_SIDED, compare("spend", MEAN, zeros, Samples.summary(100, 3, 0))),
        Outcome.INSUFFICIENT_DATA,
        "spend is 0 in every unit of grey and 3 in every unit of blue: without variation"
            + " nothing can be tested.");
  }

  @Test
  void denominatorsMustBeClearOfZero() {
    CrossMoments good = ratio(1, 10, 4);
    Comparison negative =
        new Comparison(
            "clicks/views",
            "blue",
            RATIO,
            new Comparison.Side("grey", good, 0, 0),
            new Comparison.Side("blue", good, 0, 3));
    assertSays(
        judge(TWO_SIDED, negative),
        Outcome.INVALID,
        "The denominator of clicks/views is negative in 3 units of blue.");
    assertSays(
        judge(TWO_SIDED, compare("clicks/views", RATIO, good, ratio(1, 0.5, 4))),
        Outcome.INVALID,
        "The denominator of clicks/views is not clear of zero in blue: mean 0.5,"
            + " standard error 0.2.");
    assertThat(judge(TWO_SIDED, compare("clicks/views", RATIO, good, ratio(1, 0, 0))).outcome())
        .isEqualTo(Outcome.INVALID);
    assertThat(judge(TWO_SIDED, compare("clicks/views", RATIO, good, good)).outcome())
        .isEqualTo(Outcome.NOT_SHOWN);
  }

  private static CrossMoments ratio(double numerator, double denominator, double variance) {
    return CrossMoments.of(
        100, new double[] {numerator, denominator}, new double[][] {{1, 0}, {0, variance}});
  }

  @Test
  void whatTheTestSaysOfTheDataIsInvalid() {
    Comparison values =
        compare("spend", MEAN, Samples.summary(99, 5, 2), Samples.summary(99, 5, 2));
    assertSays(
        judge(policy(TestMethod.FISHER, TWO_SIDED), values).get(0),
        Outcome.INVALID,
        "Fisher is for zeros and ones.");
  }

  /** Without covariates the test does not reject, with one it does. */
  @Test
  void theAdjustedTestDecides() {
    Estimand estimand = Estimand.mean(0, List.of(1));
    MetricResult result = judge(TWO_SIDED, compare("spend", estimand, covaried(50), covaried(51)));
    assertThat(result.unadjusted().orElseThrow().absolute().pValue()).isGreaterThan(0.05);
    assertThat(result.adjusted().orElseThrow().absolute().pValue()).isLessThan(0.05);
    assertThat(result.outcome()).isEqualTo(Outcome.HIGHER);
    assertThat(result.deciding()).isEqualTo(result.adjusted());
    assertThat(result.theta()).hasSize(1);
    assertThat(result.theta().get(0)).isCloseTo(0.95, within(1e-12));
    assertThat(result.pValueAdjusted())
        .hasValue(result.adjusted().orElseThrow().absolute().pValue());
  }

  private static CrossMoments covaried(double mean) {
    return CrossMoments.of(200, new double[] {mean, 3}, new double[][] {{100, 95}, {95, 100}});
  }

  /** It is not judged without the covariates that were asked for. */
  @Test
  void anAdjustmentThatCannotBeIsInvalid() {
    ExperimentPolicy policy =
        new ExperimentPolicy(
            TestMethod.AUTO, TWO_SIDED, 0.05, MultipleTesting.HOLM, Adjustment.INTERACTED, 2);
    CrossMoments two = Samples.moments(2, 1, 2, 2, 5);
    MetricResult result =
        judge(policy, compare("spend", Estimand.mean(0, List.of(1)), two, covaried(50))).get(0);
    assertSays(result, Outcome.INVALID, "Too few units to adjust for covariates.");
    assertThat(result.pValueAdjusted()).isEmpty();
  }

  @Test
  void theFamilyIsCorrectedForWhatWasTested() {
    Comparison first = means(TWO_SIDED, 50, 52).comparison();
    Comparison second = means(TWO_SIDED, 50, 51.8).comparison();
    Comparison none = compare("zero", MEAN, Samples.summary(100, 0, 0), Samples.summary(100, 0, 0));
    List<MetricResult> results = judge(policy(TestMethod.WELCH, TWO_SIDED), second, none, first);
    double p = results.get(2).unadjusted().orElseThrow().absolute().pValue();
    double q = results.get(0).unadjusted().orElseThrow().absolute().pValue();
    assertThat(results.get(2).pValueAdjusted()).hasValue(2 * p);
    assertThat(results.get(0).pValueAdjusted()).hasValue(Math.max(2 * p, q));
    assertThat(results.get(1).outcome()).isEqualTo(Outcome.INSUFFICIENT_DATA);
    assertThat(results.get(2).because()).contains("corrected for 2 tests, is below 0.05");
    assertThat(judge(policy(TestMethod.WELCH, TWO_SIDED))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(MultipleTesting.class)
  void simultaneousIntervalsAgreeWithAdjustedPValues(MultipleTesting correction) {
    SplittableRandom random = new SplittableRandom(3);
    int rejected = 0;
    for (int round = 0; round < 300; round++) {
      List<Comparison> family = new ArrayList<>();
      int size = random.nextInt(1, 7);
      for (int i = 0; i < size; i++) {
        family.add(
            random.nextInt(4) == 0
                ? compare(
                    "rare",
                    MEAN,
                    Samples.binary(random.nextInt(1, 9), 300),
                    Samples.binary(random.nextInt(1, 30), 300))
                : compare(
                    "spend",
                    MEAN,
                    Samples.summary(90, 5, 4),
                    Samples.summary(70, 5 + 0.9 * Samples.normal(random), 6)));
      }
      ExperimentPolicy policy =
          new ExperimentPolicy(TestMethod.AUTO, TWO_SIDED, 0.05, correction, Adjustment.CUPED, 30);
      for (MetricResult result : new ExperimentJudge(policy).judge(family)) {
        boolean rejects = result.pValueAdjusted().orElseThrow() < 0.05;
        ConfidenceInterval interval = result.simultaneous().orElseThrow();
        assertThat(interval.low() >= 0 || interval.high() <= 0)
            .as("%s %s", result, interval)
            .isEqualTo(rejects);
        rejected += rejects ? 1 : 0;
      }
    }
    assertThat(rejected).isGreaterThan(200);
  }

  @Test
  void marginsAndOneSidedTestsHaveNoSimultaneousInterval() {
    assertThat(means(Hypothesis.superiority(Alternative.GREATER), 1, 2).simultaneous()).isEmpty();
    assertThat(means(Hypothesis.equivalence(1, false), 1, 2).simultaneous()).isEmpty();
    assertThat(
            judge(
                    policy(TestMethod.CHI_SQUARE, TWO_SIDED),
                    compare("buys", MEAN, Samples.binary(40, 90), Samples.binary(60, 90)))
                .get(0)
                .simultaneous())
        .isEmpty();
  }
}
