package dev.telltale.trust;

import dev.telltale.experiment.Heterogeneity;
import java.util.List;
import java.util.Optional;

/**
 * Whether every value of a segment contradicts the total, {@link Heterogeneity#isReversed()}.
 * Statistic and p-values: Cochran's Q of the segment, which are those of effects that differ.
 */
final class SimpsonCheck implements Check {
  @Override
  public String name() {
    return "SIMPSON";
  }

  @Override
  public List<TrustCheck> of(TrustData data) {
    return data.heterogeneities().stream().map(this::finding).toList();
  }

  private TrustCheck finding(Heterogeneity one) {
    String because =
        one.isReversed()
            ? one.because()
            : String.format(
                "Not every value of %s contradicts the effect of %s on %s.",
                one.key(), one.variant(), one.metric());
    return TrustCheck.of(
            name(),
            one.statistic(),
            one.isReversed() ? TrustCheck.Status.WARNING : TrustCheck.Status.OK,
            because)
        .ofMetric(one.metric(), one.variant())
        .ofSegment(one.key(), Optional.empty())
        .tested(one.pValue(), one.pValueAdjusted());
  }
}
