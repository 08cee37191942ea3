package dev.telltale.look;

import dev.telltale.config.ExperimentMetric;
import dev.telltale.experiment.Adjustment;
import dev.telltale.experiment.ArmPair;
import dev.telltale.experiment.Comparison;
import dev.telltale.experiment.CrossMoments;
import dev.telltale.experiment.Estimand;
import dev.telltale.experiment.Estimator;
import dev.telltale.experiment.ExperimentJudge;
import dev.telltale.experiment.ExperimentPolicy;
import dev.telltale.experiment.Hypothesis;
import dev.telltale.experiment.MetricResult;
import dev.telltale.experiment.Outcome;
import dev.telltale.experiment.TestMethod;
import dev.telltale.stats.Alternative;
import dev.telltale.stats.MultipleTesting;
import dev.telltale.stats.StandardNormal;
import dev.telltale.stats.StudentDistribution;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * One metric of two arms as this look alone sees it.
 *
 * @param result of the tests of no difference
 * @param pair estimates that decide; empty where nothing can be tested
 * @param pValue two-sided, of no difference or of one as large as the margin; NaN without a pair
 * @param z its normal quantile, with the sign of the distance; finite, NaN without a pair
 */
record Measured(MetricResult result, Optional<ArmPair> pair, double pValue, double z) {
  /** A variance takes two units. */
  private static final int FEWEST = 2;

  static final Hypothesis DIFFERENCE = Hypothesis.superiority(Alternative.TWO_SIDED);

  /**
   * Compares two arms.
   *
   * @param covariates how many columns of the pre-period follow those of the metric
   */
  static Measured of(
      Subject subject,
      ExperimentMetric metric,
      Comparison.Side control,
      Comparison.Side variant,
      int covariates,
      double alpha) {
    int first = metric.kind().isRatio() ? 2 : 1;
    List<Integer> varying =
        IntStream.range(first, first + covariates)
            .filter(
                column -> varies(control.moments(), column) || varies(variant.moments(), column))
            .boxed()
            .toList();
    Comparison comparison = comparison(subject, metric, control, variant, varying);
    MetricResult result = judge(comparison, alpha);
    if (result.outcome() == Outcome.INVALID && !varying.isEmpty()) {
      // With next to no units there may be more coefficients than the residuals bear.
      comparison = comparison(subject, metric, control, variant, List.of());
      result = judge(comparison, alpha);
    }
    if (result.pValueAdjusted().isEmpty()) {
      return new Measured(result, Optional.empty(), Double.NaN, Double.NaN);
    }
    ArmPair pair =
        result.adjusted().isPresent()
            ? Estimator.adjusted(
                control.moments(), variant.moments(), comparison.estimand(), Adjustment.CUPED)
            : Estimator.unadjusted(control.moments(), variant.moments(), comparison.estimand());
    double[] test = test(metric, pair);
    return new Measured(result, Optional.of(pair), test[0], test[1]);
  }

  private static boolean varies(CrossMoments moments, int column) {
    return moments.n() > 1 && moments.variance(column) > 0;
  }

  private static Comparison comparison(
      Subject subject,
      ExperimentMetric metric,
      Comparison.Side control,
      Comparison.Side variant,
      List<Integer> covariates) {
    Estimand estimand =
        metric.kind().isRatio() ? Estimand.ratio(0, 1, covariates) : Estimand.mean(0, covariates);
    return new Comparison(subject.metric(), subject.variant(), estimand, control, variant);
  }

  private static MetricResult judge(Comparison comparison, double alpha) {
    ExperimentPolicy policy =
        new ExperimentPolicy(
            TestMethod.WELCH, DIFFERENCE, alpha, MultipleTesting.HOLM, Adjustment.CUPED, FEWEST);
    return new ExperimentJudge(policy).judge(List.of(comparison)).get(0);
  }

  /** Whether a guardrail is asked about its margin rather than about any difference. */
  static boolean hasMargin(ExperimentMetric metric) {
    return metric.role() == ExperimentMetric.Role.GUARDRAIL
        && metric.margin().isPresent()
        && metric.margin().getAsDouble() > 0;
  }

  /** The non-inferiority that a guardrail's margin asks for. */
  static Hypothesis nonInferiority(ExperimentMetric metric) {
    return Hypothesis.nonInferiority(
        metric.goal().gain(1) > 0 ? Alternative.GREATER : Alternative.LESS,
        metric.margin().getAsDouble(),
        metric.marginIsRelative());
  }

  /**
   * P-value and z. With a margin these are those of {@code EffectTest}'s non-inferiority, and of
   * the harm beyond the margin, whichever is smaller: twice the one-sided p-value.
   */
  private static double[] test(ExperimentMetric metric, ArmPair pair) {
    double degrees = pair.degreesOfFreedom(1);
    double distance = pair.difference();
    double error = pair.standardError(1);
    double level = Double.POSITIVE_INFINITY;
    if (hasMargin(metric)) {
      double loss = -metric.goal().gain(metric.margin().getAsDouble());
      if (metric.marginIsRelative()) {
        double factor = 1 + loss * Math.signum(pair.control());
        distance = pair.variant() - factor * pair.control();
        error = pair.standardError(factor);
        level =
            pair.control() == 0 ? 0 : Math.abs(pair.control()) / Math.sqrt(pair.controlVariance());
      } else {
        distance -= loss;
      }
    }
    double tail =
        Math.max(
            StudentDistribution.upperTail(Math.abs(distance) / error, degrees),
            StudentDistribution.upperTail(level, degrees));
    double size = tail < 0.5 ? StandardNormal.upperQuantile(Math.max(Double.MIN_NORMAL, tail)) : 0;
    return new double[] {Math.min(1, 2 * tail), Math.copySign(size, distance)};
  }
}
