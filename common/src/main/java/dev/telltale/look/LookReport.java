package dev.telltale.look;

import dev.telltale.experiment.Heterogeneity;
import java.util.List;

/**
 * What a look says.
 *
 * @param metrics of each metric in the order of the declaration, by variant; those of all units
 *     first, then those of segments
 * @param decisions of each compared variant, in the order of the declaration
 * @param heterogeneity of each primary metric, variant and segment key with two effects at least;
 *     exploratory, by the p-values of this look alone
 */
public record LookReport(
    List<LookMetric> metrics, List<VariantDecision> decisions, List<Heterogeneity> heterogeneity) {
  /** Copies the lists. */
  public LookReport {
    metrics = List.copyOf(metrics);
    decisions = List.copyOf(decisions);
    heterogeneity = List.copyOf(heterogeneity);
  }
}
