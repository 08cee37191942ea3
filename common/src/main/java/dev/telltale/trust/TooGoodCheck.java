package dev.telltale.trust;

import dev.telltale.config.ExperimentMetric;
import dev.telltale.experiment.Inference;
import dev.telltale.experiment.Phrases;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Whether a primary or secondary metric moves by more than changes do: the interval of the lift
 * lies wholly beyond the limit, on either side. Twyman's law: any figure that looks interesting is
 * usually wrong (Kohavi, Tang and Xu 2020, doi:10.1017/9781108653985, ch. 3). Statistic: the lift.
 */
final class TooGoodCheck implements Check {
  /**
   * Effects on the metrics that matter are of a few percent, mostly of less than one, in published
   * collections (Azevedo et al. 2020, doi:10.1086/710607); a fifth that is beyond doubt is far
   * outside, while a lift of a rare metric, whose interval is wide, does not set it off.
   */
  static final double DEFAULT_LIFT = 0.2;

  private final double limit;

  /** A check whose limit is this lift, above 0. */
  TooGoodCheck(double limit) {
    this.limit = limit;
  }

  @Override
  public String name() {
    return "TOO_GOOD";
  }

  @Override
  public List<TrustCheck> of(TrustData data) {
    List<TrustCheck> found = new ArrayList<>();
    for (TrustData.MetricEffect effect : data.effects()) {
      boolean isAsked =
          data.experiment().metrics().stream()
              .anyMatch(
                  metric ->
                      metric.name().equals(effect.metric())
                          && metric.role() != ExperimentMetric.Role.GUARDRAIL);
      if (isAsked) {
        found.add(finding(effect).ofMetric(effect.metric(), effect.variant()));
      }
    }
    return found;
  }

  private TrustCheck finding(TrustData.MetricEffect effect) {
    if (effect.lift().isEmpty() || !Double.isFinite(effect.lift().get().effect())) {
      return TrustCheck.insufficient(
          name(),
          "There is no lift of "
              + effect.metric()
              + ": the control's level cannot be told from zero.");
    }
    Inference.Lift lift = effect.lift().get();
    boolean isBeyond = lift.low() > limit || lift.high() < -limit;
    String text =
        String.format(
            Locale.ROOT,
            "%s is %s in %s, interval %s to %s",
            effect.metric(),
            Phrases.percent(lift.effect()),
            effect.variant(),
            Phrases.percent(lift.low()),
            Phrases.percent(lift.high()));
    String bound = Phrases.number(100 * limit) + " %";
    return TrustCheck.of(
        name(),
        lift.effect(),
        isBeyond ? TrustCheck.Status.WARNING : TrustCheck.Status.OK,
        isBeyond
            ? text
                + ", wholly beyond "
                + bound
                + ", which is more than changes do. Hold it, check for double counting, then"
                + " believe: facts per unit in both arms, facts that are there twice, and whether"
                + " one unit (OUTLIERS) or one day carries it."
            : text + ", not wholly beyond " + bound + ".");
  }
}
