package dev.telltale.trust;

import dev.telltale.config.Experiment;
import dev.telltale.config.ExperimentMetric;
import dev.telltale.experiment.ArmState;
import dev.telltale.experiment.Comparison;
import dev.telltale.experiment.CrossMoments;
import dev.telltale.experiment.Estimand;
import java.util.List;
import java.util.Optional;

/** Where the columns of a metric are in an arm, see {@link TrustData}. */
final class Blocks {
  private Blocks() {}

  /** What the metric estimates, with the columns of the days before as covariates. */
  static Estimand estimand(Experiment experiment, ExperimentMetric metric) {
    boolean hasPre = experiment.preDays() > 0;
    return metric.kind().isRatio()
        ? Estimand.ratio(0, 1, hasPre ? List.of(2, 3) : List.of())
        : Estimand.mean(0, hasPre ? List.of(1) : List.of());
  }

  /** The same of the days before. */
  static Estimand before(ExperimentMetric metric) {
    return metric.kind().isRatio() ? Estimand.ratio(2, 3, List.of()) : Estimand.mean(1, List.of());
  }

  /** A variant's units of a metric; none if the variant has no state. */
  static Comparison.Side side(TrustData data, String variant, int metric) {
    return Optional.ofNullable(data.arms().get(variant))
        .map(arm -> new Comparison.Side(variant, arm.moments(metric), arm.missing(metric), 0))
        .orElseGet(() -> new Comparison.Side(variant, new CrossMoments(4), 0, 0));
  }

  /** Values of a variant's unit that is farthest from zero. */
  static Optional<double[]> largest(TrustData data, String variant, int metric) {
    ArmState arm = data.arms().get(variant);
    return arm == null ? Optional.empty() : arm.largest(metric);
  }
}
