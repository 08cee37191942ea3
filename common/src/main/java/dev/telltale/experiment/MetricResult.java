package dev.telltale.experiment;

import dev.telltale.stats.ConfidenceInterval;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What is known of one metric of one variant.
 *
 * @param comparison what was compared
 * @param unadjusted the test without covariates; empty where there is none
 * @param adjusted the test with covariates, which decides where it is there
 * @param theta coefficients of the covariates
 * @param pValueAdjusted of the deciding test, for the family; empty where nothing was tested
 * @param simultaneous interval of the difference that agrees with {@code pValueAdjusted}; empty
 *     where the test has no interval
 * @param outcome what is shown
 * @param because the reason in a sentence
 */
public record MetricResult(
    Comparison comparison,
    Optional<Inference> unadjusted,
    Optional<Inference> adjusted,
    List<Double> theta,
    OptionalDouble pValueAdjusted,
    Optional<ConfidenceInterval> simultaneous,
    Outcome outcome,
    String because) {
  /** Copies the list. */
  public MetricResult {
    theta = List.copyOf(theta);
  }

  /** The test that decides. */
  public Optional<Inference> deciding() {
    return adjusted.isPresent() ? adjusted : unadjusted;
  }
}
