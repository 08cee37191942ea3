package dev.telltale.experiment;

import dev.telltale.experiment.Inference.Effect;
import dev.telltale.experiment.Inference.Lift;
import dev.telltale.stats.Alternative;
import dev.telltale.stats.ConfidenceInterval;
import dev.telltale.stats.FisherExactTest;
import dev.telltale.stats.PoissonRatioTest;
import dev.telltale.stats.ScoreInterval;
import dev.telltale.stats.StandardNormal;
import dev.telltale.stats.TwoProportions;
import java.util.Optional;

/** Tests of counts: proportions and rates. Where a test has no matching interval, it has none. */
final class CountTests {
  private CountTests() {}

  /** Miettinen and Nurminen's score test; margins may be relative. */
  static Inference score(TwoProportions counts, Hypothesis hypothesis, double alpha) {
    Alternative alternative = hypothesis.alternative();
    double p =
        switch (hypothesis.kind()) {
          case SUPERIORITY -> ScoreInterval.differencePValue(counts, 0, alternative);
          case NON_INFERIORITY -> marginPValue(counts, hypothesis, alternative);
          case EQUIVALENCE ->
              Math.max(
                  marginPValue(counts, hypothesis, Alternative.GREATER),
                  marginPValue(counts, hypothesis, Alternative.LESS));
        };
    double level = 1 - 2 * hypothesis.tail(alpha);
    ConfidenceInterval difference = ScoreInterval.difference(counts, level);
    ConfidenceInterval ratio = ScoreInterval.ratio(counts, level);
    double signed = counts.variant() - counts.control();
    double z =
        Math.copySign(
            StandardNormal.upperQuantile(
                ScoreInterval.differencePValue(counts, 0, Alternative.TWO_SIDED) / 2),
            signed);
    Optional<Lift> lift =
        counts.controlSuccesses() == 0
            ? Optional.empty()
            : Optional.of(
                new Lift(
                    signed / counts.control(),
                    hypothesis.low(ratio.low() - 1),
                    hypothesis.high(ratio.high() - 1),
                    "score"));
    return new Inference(
        TestMethod.SCORE.toString(),
        z,
        Double.POSITIVE_INFINITY,
        new Effect(
            signed,
            counts.standardError(),
            hypothesis.low(difference.low()),
            hypothesis.high(difference.high()),
            p),
        lift);
  }

  private static double marginPValue(
      TwoProportions counts, Hypothesis hypothesis, Alternative side) {
    double signed = side == Alternative.GREATER ? -hypothesis.margin() : hypothesis.margin();
    return hypothesis.isRelative()
        ? ScoreInterval.ratioPValue(counts, 1 + signed, side)
        : ScoreInterval.differencePValue(counts, signed, side);
  }

  /** Fisher's exact test: no interval belongs to it. */
  static Inference fisher(TwoProportions counts, Alternative alternative) {
    return withoutInterval(
        TestMethod.FISHER,
        Double.NaN,
        Double.NaN,
        counts.variant(),
        counts.control(),
        counts.standardError(),
        FisherExactTest.pValue(counts, alternative));
  }

  /** Pearson's chi-squared without continuity correction, as the signed root of its statistic. */
  static Inference chiSquare(TwoProportions counts, Alternative alternative) {
    double error = counts.pooledStandardError();
    double z = (counts.variant() - counts.control()) / error;
    return withoutInterval(
        TestMethod.CHI_SQUARE,
        z * z,
        1,
        counts.variant(),
        counts.control(),
        error,
        StandardNormal.pValue(z, alternative));
  }

  /** The exact test of two rates with the exact interval of their ratio. */
  static Inference poisson(PoissonRatioTest counts, Hypothesis hypothesis, double alpha) {
    double variant = counts.variantEvents() / counts.variantExposure();
    double control = counts.controlEvents() / counts.controlExposure();
    ConfidenceInterval ratio = counts.interval(1 - 2 * hypothesis.tail(alpha));
    Inference bare =
        withoutInterval(
            TestMethod.POISSON,
            (double) counts.variantEvents(),
            Double.NaN,
            variant,
            control,
            Math.sqrt(variant / counts.variantExposure() + control / counts.controlExposure()),
            counts.pValue(hypothesis.alternative()));
    Optional<Lift> lift =
        bare.relative()
            .map(
                one ->
                    new Lift(
                        one.effect(),
                        hypothesis.low(ratio.low() - 1),
                        hypothesis.high(ratio.high() - 1),
                        "exact"));
    return new Inference(
        bare.test(), bare.statistic(), bare.degreesOfFreedom(), bare.absolute(), lift);
  }

  private static Inference withoutInterval(
      TestMethod test,
      double statistic,
      double degrees,
      double variant,
      double control,
      double error,
      double pValue) {
    return new Inference(
        test.toString(),
        statistic,
        degrees,
        new Effect(variant - control, error, Double.NaN, Double.NaN, pValue),
        control > 0
            ? Optional.of(new Lift((variant - control) / control, Double.NaN, Double.NaN, "none"))
            : Optional.empty());
  }
}
