package dev.telltale.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.stats.Alternative;
import dev.telltale.stats.MultipleTesting;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HeterogeneityTest {
  private static final ExperimentPolicy POLICY =
      new ExperimentPolicy(
          TestMethod.Z,
          Hypothesis.superiority(Alternative.TWO_SIDED),
          0.05,
          MultipleTesting.HOLM,
          Adjustment.CUPED,
          2);

  /**
   * statsmodels 0.15.0: {@code combine_effects([.1, .5, .9], [.04, .01, .09], method_re="chi2",
   * use_t=False)} has q = 5.551020408163264 and i2 = 0.6397058823529411; SciPy 1.17.1: {@code
   * chi2.sf(q, 2)} = 0.062317673845838965.
   */
  @Test
  void cochransQIsThatOfStatsmodels() {
    Heterogeneity found = one(0.45, part("a", 0.1, 0.2), part("b", 0.5, 0.1), part("c", 0.9, 0.3));
    assertThat(found.values()).isEqualTo(3);
    assertThat(found.statistic()).isCloseTo(5.551020408163264, within(1e-9));
    assertThat(found.pValue()).isCloseTo(0.062317673845838965, within(1e-10));
    assertThat(found.inconsistency()).isCloseTo(0.6397058823529411, within(1e-10));
    assertThat(found.isReversed()).isFalse();
    assertThat(found.because()).contains("is not below 0.05");
  }

  @Test
  void theValueThatStandsOutIsNamed() {
    Heterogeneity found = one(0.2, part("a", 0.1, 0.1), part("b", 0.1, 0.1), part("c", 0.9, 0.1));
    assertThat(found.because())
        .startsWith(
            "The effect of B on m differs between values of country, most in c: 0.9, 0.1 in the"
                + " others");
  }

  @Test
  void aReversalIsSaid() {
    Heterogeneity found = one(0.3, part("a", -0.1, 0.1), part("b", -0.2, 0.1));
    assertThat(found.isReversed()).isTrue();
    assertThat(found.because())
        .startsWith("m is lower in B for every value of country and higher for all units");
  }

  @Test
  void aSingleValueIsNoQuestionAndTheFamilyIsCorrected() {
    assertThat(Heterogeneity.of(List.of(question(1, part("a", 1, 1))), MultipleTesting.HOLM, 0.05))
        .isEmpty();
    List<Heterogeneity> two =
        Heterogeneity.of(
            List.of(
                question(1, part("a", 0, 0.1), part("b", 1, 0.1)),
                question(1, part("a", 0.4, 0.1), part("b", 0.5, 0.1))),
            MultipleTesting.BONFERRONI,
            0.05);
    assertThat(two.get(0).pValueAdjusted()).isCloseTo(2 * two.get(0).pValue(), within(1e-15));
  }

  /** Of equal effects one in twenty differs by chance: 99 % of binomial counts. */
  @Test
  void equalEffectsAreFoundDifferentAsOftenAsAlphaSays() {
    Random random = new Random(1);
    int found = 0;
    for (int i = 0; i < 4_000; i++) {
      List<Heterogeneity.Part> parts = new ArrayList<>();
      for (int value = 0; value < 5; value++) {
        double error = 0.1 + random.nextDouble();
        parts.add(part("v" + value, 1 + error * random.nextGaussian(), error));
      }
      found += one(1, parts.toArray(Heterogeneity.Part[]::new)).pValue() < 0.05 ? 1 : 0;
    }
    assertThat(found).isBetween(165, 236);
  }

  private static Heterogeneity one(double whole, Heterogeneity.Part... parts) {
    return Heterogeneity.of(List.of(question(whole, parts)), MultipleTesting.HOLM, 0.05).get(0);
  }

  private static Heterogeneity.Question question(double whole, Heterogeneity.Part... parts) {
    return new Heterogeneity.Question("country", result(whole, 0.1), List.of(parts));
  }

  private static Heterogeneity.Part part(String value, double effect, double error) {
    return new Heterogeneity.Part(value, result(effect, error));
  }

  /** Two arms of 1,000 units with this difference and standard error. */
  private static MetricResult result(double effect, double error) {
    double variance = error * error * 1_000 / 2;
    return new ExperimentJudge(POLICY)
        .judge(
            List.of(
                new Comparison(
                    "m",
                    "B",
                    Estimand.mean(0, List.of()),
                    side("A", 5, variance),
                    side("B", 5 + effect, variance))))
        .get(0);
  }

  private static Comparison.Side side(String name, double mean, double variance) {
    return new Comparison.Side(
        name, CrossMoments.of(1_000, new double[] {mean}, new double[][] {{variance}}), 0, 0);
  }
}
