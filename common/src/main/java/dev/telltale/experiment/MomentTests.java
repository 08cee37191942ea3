package dev.telltale.experiment;

import dev.telltale.stats.Alternative;
import dev.telltale.stats.PoissonRatioTest;
import dev.telltale.stats.TwoProportions;

/** The tests that need no more of two arms than their moments. */
public final class MomentTests {
  /** With fewer successes or failures in an arm the score test takes the place of Welch's. */
  private static final double FEW = 10;

  /** A count that was summed from doubles is whole up to this. */
  private static final double WHOLE = 1e-6;

  private MomentTests() {}

  /** The test that is used where none is asked for. */
  public static TestMethod choose(CrossMoments control, CrossMoments variant, Estimand estimand) {
    boolean isSparse =
        !estimand.isRatio()
            && control.isBinary(estimand.numerator())
            && variant.isBinary(estimand.numerator())
            && Math.min(rarer(control, estimand), rarer(variant, estimand)) < FEW;
    return isSparse ? TestMethod.SCORE : TestMethod.WELCH;
  }

  private static double rarer(CrossMoments arm, Estimand estimand) {
    double share = arm.mean(estimand.numerator());
    return arm.n() * Math.min(share, 1 - share);
  }

  /**
   * Tests two arms.
   *
   * @throws IllegalArgumentException if the test does not suit the data: the message says why
   */
  public static Inference test(
      TestMethod method,
      Hypothesis hypothesis,
      double alpha,
      CrossMoments control,
      CrossMoments variant,
      Estimand estimand) {
    return switch (method) {
      case AUTO ->
          test(choose(control, variant, estimand), hypothesis, alpha, control, variant, estimand);
      case WELCH ->
          EffectTest.of(hypothesis, alpha, EffectTest.Distribution.T)
              .test(Estimator.unadjusted(control, variant, estimand));
      case Z ->
          EffectTest.of(hypothesis, alpha, EffectTest.Distribution.NORMAL)
              .test(Estimator.unadjusted(control, variant, estimand));
      case SCORE -> CountTests.score(counts(method, control, variant, estimand), hypothesis, alpha);
      case CHI_SQUARE ->
          CountTests.chiSquare(
              counts(method, control, variant, estimand), superiority(method, hypothesis));
      case FISHER ->
          CountTests.fisher(
              counts(method, control, variant, estimand), superiority(method, hypothesis));
      case POISSON -> {
        superiority(method, hypothesis);
        yield CountTests.poisson(rates(control, variant, estimand), hypothesis, alpha);
      }
      case PAIRED, WILCOXON, MANN_WHITNEY, PERMUTATION ->
          throw new IllegalArgumentException(method + " needs the units' values");
    };
  }

  /** Tests without margins say so. */
  static Alternative superiority(TestMethod method, Hypothesis hypothesis) {
    if (hypothesis.kind() != Hypothesis.Kind.SUPERIORITY) {
      throw new IllegalArgumentException(method + " takes no margin; welch, z and score do");
    }
    return hypothesis.alternative();
  }

  private static TwoProportions counts(
      TestMethod method, CrossMoments control, CrossMoments variant, Estimand estimand) {
    if (estimand.isRatio()
        || !control.isBinary(estimand.numerator())
        || !variant.isBinary(estimand.numerator())) {
      throw new IllegalArgumentException(method + " is for zeros and ones");
    }
    return new TwoProportions(
        Math.round(variant.mean(estimand.numerator()) * variant.n()),
        variant.n(),
        Math.round(control.mean(estimand.numerator()) * control.n()),
        control.n());
  }

  private static PoissonRatioTest rates(
      CrossMoments control, CrossMoments variant, Estimand estimand) {
    return new PoissonRatioTest(
        events(variant, estimand),
        exposure(variant, estimand),
        events(control, estimand),
        exposure(control, estimand));
  }

  private static long events(CrossMoments arm, Estimand estimand) {
    double events = arm.mean(estimand.numerator()) * arm.n();
    if (events < -WHOLE || Math.abs(events - Math.rint(events)) > WHOLE * Math.max(1, events)) {
      throw new IllegalArgumentException("poisson is for counts of events; the sum is " + events);
    }
    return Math.round(events);
  }

  private static double exposure(CrossMoments arm, Estimand estimand) {
    return estimand.isRatio() ? arm.mean(estimand.denominator()) * arm.n() : arm.n();
  }
}
