package dev.telltale.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.stats.Alternative;
import dev.telltale.stats.ConfidenceInterval;
import dev.telltale.stats.FisherExactTest;
import dev.telltale.stats.PoissonRatioTest;
import dev.telltale.stats.ScoreInterval;
import dev.telltale.stats.TwoProportions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MomentTestsTest {
  private static final Estimand MEAN = Estimand.mean(0, List.of());
  private static final Hypothesis TWO_SIDED = Hypothesis.superiority(Alternative.TWO_SIDED);
  private static final CrossMoments CONTROL = Samples.binary(30, 1000);
  private static final CrossMoments VARIANT = Samples.binary(55, 1200);
  private static final TwoProportions COUNTS = new TwoProportions(55, 1200, 30, 1000);

  private static Inference test(TestMethod method, Hypothesis hypothesis) {
    return MomentTests.test(method, hypothesis, 0.05, CONTROL, VARIANT, MEAN);
  }

  /** Few of either, in either arm. */
  @ParameterizedTest
  @CsvSource({
    "9, 1000, 500, 1000, score", "500, 1000, 9, 1000, score", "991, 1000, 500, 1000, score",
    "10, 1000, 10, 1000, welch", "300, 1000, 310, 1000, welch", "0, 50, 25, 50, score"
  })
  void rareZerosAndOnesHaveTheScoreTest(
      long ones, long units, long otherOnes, long otherUnits, String expected) {
    CrossMoments control = Samples.binary(ones, units);
    CrossMoments variant = Samples.binary(otherOnes, otherUnits);
    assertThat(MomentTests.choose(control, variant, MEAN)).hasToString(expected);
    assertThat(MomentTests.test(TestMethod.AUTO, TWO_SIDED, 0.05, control, variant, MEAN).test())
        .isEqualTo(expected);
  }

  @Test
  void otherValuesHaveWelchs() {
    CrossMoments few = Samples.moments(1, 0, 0, 0, 2);
    assertThat(MomentTests.choose(few, few, MEAN)).isEqualTo(TestMethod.WELCH);
    CrossMoments ratio = Samples.moments(2, 0, 1, 1, 1, 0, 1);
    assertThat(MomentTests.choose(ratio, ratio, Estimand.ratio(0, 1, List.of())))
        .isEqualTo(TestMethod.WELCH);
  }

  @ParameterizedTest
  @EnumSource(Alternative.class)
  void theScoreTestIsThatOfCounts(Alternative alternative) {
    Inference inference = test(TestMethod.SCORE, Hypothesis.superiority(alternative));
    double level = alternative == Alternative.TWO_SIDED ? 0.95 : 0.9;
    assertThat(inference.absolute().pValue())
        .isEqualTo(ScoreInterval.differencePValue(COUNTS, 0, alternative));
    ConfidenceInterval difference = ScoreInterval.difference(COUNTS, level);
    ConfidenceInterval ratio = ScoreInterval.ratio(COUNTS, level);
    Inference.Lift lift = inference.relative().orElseThrow();
    if (alternative == Alternative.LESS) {
      assertThat(inference.absolute().low()).isInfinite();
      assertThat(lift.low()).isInfinite();
    } else {
      assertThat(inference.absolute().low()).isEqualTo(difference.low());
      assertThat(lift.low()).isEqualTo(ratio.low() - 1);
    }
    if (alternative == Alternative.GREATER) {
      assertThat(inference.absolute().high()).isInfinite();
    } else {
      assertThat(inference.absolute().high()).isEqualTo(difference.high());
      assertThat(lift.high()).isEqualTo(ratio.high() - 1);
    }
    assertThat(lift.effect()).isCloseTo((55 / 1200.0) / 0.03 - 1, within(1e-12));
    assertThat(inference.statistic()).isPositive();
  }

  @Test
  void theScoreTestTakesMargins() {
    double above = ScoreInterval.differencePValue(COUNTS, -0.01, Alternative.GREATER);
    double below = ScoreInterval.differencePValue(COUNTS, 0.01, Alternative.LESS);
    assertThat(pValue(Hypothesis.nonInferiority(Alternative.GREATER, 0.01, false)))
        .isEqualTo(above);
    assertThat(pValue(Hypothesis.nonInferiority(Alternative.LESS, 0.01, false))).isEqualTo(below);
    assertThat(pValue(Hypothesis.equivalence(0.01, false))).isEqualTo(Math.max(above, below));
    assertThat(pValue(Hypothesis.nonInferiority(Alternative.GREATER, 0.1, true)))
        .isEqualTo(ScoreInterval.ratioPValue(COUNTS, 0.9, Alternative.GREATER));
  }

  private static double pValue(Hypothesis hypothesis) {
    return test(TestMethod.SCORE, hypothesis).absolute().pValue();
  }

  /** SciPy 1.17.1: stats.chi2_contingency([[55, 1145], [30, 970]], correction=False). */
  @Test
  void chiSquareIsThatOfSciPy() {
    Inference inference = test(TestMethod.CHI_SQUARE, TWO_SIDED);
    assertThat(inference.statistic()).isCloseTo(CHI_SQUARE, within(1e-10));
    assertThat(inference.degreesOfFreedom()).isEqualTo(1);
    assertThat(inference.absolute().pValue()).isCloseTo(CHI_SQUARE_P, within(1e-10));
    assertThat(inference.absolute().low()).isNaN();
    assertThat(inference.relative().orElseThrow().low()).isNaN();
    assertThat(
            test(TestMethod.CHI_SQUARE, Hypothesis.superiority(Alternative.GREATER))
                .absolute()
                .pValue())
        .isCloseTo(CHI_SQUARE_P / 2, within(1e-10));
  }

  private static final double CHI_SQUARE = 3.6814536689380226;
  private static final double CHI_SQUARE_P = 0.05502086030060105;

  @ParameterizedTest
  @EnumSource(Alternative.class)
  void fisherAndPoissonAreThoseOfCounts(Alternative alternative) {
    Hypothesis hypothesis = Hypothesis.superiority(alternative);
    assertThat(test(TestMethod.FISHER, hypothesis).absolute().pValue())
        .isEqualTo(FisherExactTest.pValue(COUNTS, alternative));
    PoissonRatioTest rates = new PoissonRatioTest(55, 1200, 30, 1000);
    Inference poisson = test(TestMethod.POISSON, hypothesis);
    assertThat(poisson.absolute().pValue()).isEqualTo(rates.pValue(alternative));
    ConfidenceInterval ratio = rates.interval(alternative == Alternative.TWO_SIDED ? 0.95 : 0.9);
    Inference.Lift lift = poisson.relative().orElseThrow();
    if (alternative != Alternative.LESS) {
      assertThat(lift.low()).isCloseTo(ratio.low() - 1, within(1e-12));
    }
    if (alternative != Alternative.GREATER) {
      assertThat(lift.high()).isCloseTo(ratio.high() - 1, within(1e-12));
    }
  }

  /** Events by exposure: a ratio's denominator. */
  @Test
  void poissonTakesTheDenominatorAsExposure() {
    CrossMoments control = Samples.moments(2, 1, 10, 0, 30, 4, 60);
    CrossMoments variant = Samples.moments(2, 2, 20, 7, 20);
    Inference inference =
        MomentTests.test(
            TestMethod.POISSON, TWO_SIDED, 0.05, control, variant, Estimand.ratio(0, 1, List.of()));
    PoissonRatioTest rates = new PoissonRatioTest(9, 40, 5, 100);
    assertThat(inference.absolute().pValue())
        .isCloseTo(rates.pValue(Alternative.TWO_SIDED), within(1e-12));
    assertThat(inference.absolute().effect()).isCloseTo(9 / 40.0 - 5 / 100.0, within(1e-15));
  }

  @ParameterizedTest
  @CsvSource({"chi-square", "fisher", "poisson"})
  void testsWithoutMarginsSaySo(String name) {
    TestMethod method = TestMethod.of(name).orElseThrow();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> test(method, Hypothesis.equivalence(1, false)))
        .withMessage(name + " takes no margin; welch, z and score do");
  }

  @ParameterizedTest
  @CsvSource({
    "score, score is for zeros and ones",
    "chi-square, chi-square is for zeros and ones",
    "fisher, fisher is for zeros and ones",
    "poisson, poisson is for counts of events; the sum is 1.5",
    "paired, paired needs the units' values",
    "wilcoxon, wilcoxon needs the units' values",
    "mann-whitney, mann-whitney needs the units' values",
    "permutation, permutation needs the units' values"
  })
  void testsOfOtherValuesSaySo(String name, String why) {
    CrossMoments values = Samples.moments(1, 0.5, 0, 1);
    TestMethod method = TestMethod.of(name).orElseThrow();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MomentTests.test(method, TWO_SIDED, 0.05, values, values, MEAN))
        .withMessage(why);
  }

  @Test
  void namesAreAsTyped() {
    for (TestMethod method : TestMethod.values()) {
      assertThat(TestMethod.of(method.toString())).contains(method);
    }
    assertThat(TestMethod.of("student")).isEmpty();
  }
}
