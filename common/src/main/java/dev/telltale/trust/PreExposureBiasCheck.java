package dev.telltale.trust;

import dev.telltale.config.ExperimentMetric;
import dev.telltale.experiment.Comparison;
import dev.telltale.experiment.Inference;
import dev.telltale.experiment.MetricResult;
import dev.telltale.experiment.Phrases;
import dev.telltale.experiment.TestMethod;
import dev.telltale.stats.MultipleTesting;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Whether the variants differed before anybody was exposed: Welch's test of each metric's values of
 * the days before, the score test where a share is rare, by Bonferroni over metrics and variants; a
 * warning below .001. Statistic: the difference by its standard error, of the score test its root.
 * Nothing is asked without days before, nor of quantiles, which have none.
 */
final class PreExposureBiasCheck implements Check {
  private static final double LEVEL = 0.001;

  @Override
  public String name() {
    return "PRE_EXPOSURE_BIAS";
  }

  @Override
  public List<TrustCheck> of(TrustData data) {
    if (data.experiment().preDays() == 0) {
      return List.of();
    }
    List<Comparison> family = new ArrayList<>();
    List<ExperimentMetric> metrics = data.experiment().metrics();
    for (int i = 0; i < metrics.size(); i++) {
      if (metrics.get(i).kind() == ExperimentMetric.Kind.QUANTILE) {
        continue;
      }
      for (String variant : data.experiment().compared()) {
        family.add(
            new Comparison(
                metrics.get(i).name(),
                variant,
                Blocks.before(metrics.get(i)),
                Blocks.side(data, data.experiment().control(), i),
                Blocks.side(data, variant, i)));
      }
    }
    return Families.test(family, TestMethod.AUTO, MultipleTesting.BONFERRONI, LEVEL).stream()
        .map(this::finding)
        .toList();
  }

  private TrustCheck finding(MetricResult result) {
    Comparison comparison = result.comparison();
    if (result.pValueAdjusted().isEmpty()) {
      return TrustCheck.insufficient(name(), Families.whyNot(result))
          .ofMetric(comparison.metric(), comparison.variant());
    }
    Inference inference = result.deciding().orElseThrow();
    double effect = inference.absolute().effect();
    double adjusted = result.pValueAdjusted().getAsDouble();
    boolean isBias = adjusted < LEVEL;
    String because =
        String.format(
            Locale.ROOT,
            "Before the exposure %s was %s %s in %s than in %s%s: p %s, corrected for metrics and"
                + " variants, is %sbelow 0.001%s.",
            comparison.metric(),
            Phrases.number(Math.abs(effect)),
            effect < 0 ? "lower" : "higher",
            comparison.variant(),
            comparison.control().name(),
            inference.relative().map(lift -> ", " + Phrases.percent(lift.effect())).orElse(""),
            Phrases.pValue(adjusted),
            isBias ? "" : "not ",
            isBias
                ? "; so the units are not alike: left over from an earlier experiment with the same"
                    + " assignment, or units that stay away are not counted"
                : "");
    return TrustCheck.of(
            name(),
            inference.statistic(),
            isBias ? TrustCheck.Status.WARNING : TrustCheck.Status.OK,
            because)
        .ofMetric(comparison.metric(), comparison.variant())
        .tested(inference.absolute().pValue(), adjusted);
  }
}
