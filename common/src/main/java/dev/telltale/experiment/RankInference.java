package dev.telltale.experiment;

import dev.telltale.experiment.Inference.Effect;
import dev.telltale.experiment.Inference.Lift;
import dev.telltale.stats.Alternative;
import dev.telltale.stats.ConfidenceInterval;
import dev.telltale.stats.MannWhitneyTest;
import dev.telltale.stats.PermutationTest;
import dev.telltale.stats.SignedRankTest;
import java.util.Optional;

/** Tests of ranks and rearrangements in the form of all others. None takes a margin. */
public final class RankInference {
  private RankInference() {}

  /**
   * Mann and Whitney's test. The effect is the probability that a unit of the variant is above one
   * of the control, less one half.
   */
  public static Inference of(MannWhitneyTest test, Hypothesis hypothesis, double alpha) {
    Alternative alternative = MomentTests.superiority(TestMethod.MANN_WHITNEY, hypothesis);
    ConfidenceInterval interval = test.superiorityInterval(1 - 2 * hypothesis.tail(alpha));
    return new Inference(
        TestMethod.MANN_WHITNEY.toString(),
        test.statistic(),
        Double.NaN,
        new Effect(
            test.superiority() - 0.5,
            test.standardError(),
            hypothesis.low(interval.low() - 0.5),
            hypothesis.high(interval.high() - 0.5),
            test.pValue(alternative)),
        Optional.empty());
  }

  /** Wilcoxon's test of signed ranks. The effect is the rank correlation of the pairs. */
  public static Inference of(SignedRankTest test, Hypothesis hypothesis) {
    Alternative alternative = MomentTests.superiority(TestMethod.WILCOXON, hypothesis);
    return withoutInterval(
        TestMethod.WILCOXON,
        test.statistic(alternative),
        test.rankBiserial(),
        test.pValue(alternative),
        Optional.empty());
  }

  /** The permutation test of a difference of means. */
  public static Inference of(PermutationTest test, Hypothesis hypothesis, Comparison comparison) {
    MomentTests.superiority(TestMethod.PERMUTATION, hypothesis);
    double control = comparison.estimand().value(comparison.control().moments());
    return withoutInterval(
        TestMethod.PERMUTATION,
        test.difference(),
        test.difference(),
        test.pValue(),
        control == 0
            ? Optional.empty()
            : Optional.of(
                new Lift(test.difference() / Math.abs(control), Double.NaN, Double.NaN, "none")));
  }

  private static Inference withoutInterval(
      TestMethod method, double statistic, double effect, double pValue, Optional<Lift> lift) {
    return new Inference(
        method.toString(),
        statistic,
        Double.NaN,
        new Effect(effect, Double.NaN, Double.NaN, Double.NaN, pValue),
        lift);
  }
}
