package dev.telltale.trust;

import dev.telltale.experiment.Comparison;
import dev.telltale.experiment.CrossMoments;
import dev.telltale.experiment.Estimand;
import dev.telltale.experiment.Inference;
import dev.telltale.experiment.MetricResult;
import dev.telltale.experiment.Phrases;
import dev.telltale.experiment.TestMethod;
import dev.telltale.stats.MultipleTesting;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Whether an effect changes with the days that a unit has been in the experiment: Welch's test of
 * the units' later rate minus their first one, {@link TrustData.Halves}, by Holm over metrics and
 * variants; a warning below .01. The effect fades if its later size is the smaller one, which is
 * novelty, and grows otherwise, which is learning. What all units do less of in time is in both
 * arms and cancels. Statistic: the difference of the changes by its standard error.
 *
 * <p>The level is that of one look; it is a hint on how to read an effect and takes none away.
 */
final class NoveltyCheck implements Check {
  private static final double LEVEL = 0.01;

  @Override
  public String name() {
    return "NOVELTY";
  }

  @Override
  public List<TrustCheck> of(TrustData data) {
    List<Comparison> family = new ArrayList<>();
    for (TrustData.Halves halves : data.halves()) {
      family.add(
          new Comparison(
              halves.metric(),
              halves.variant(),
              Estimand.mean(0, List.of()),
              new Comparison.Side(data.experiment().control(), change(halves.control()), 0, 0),
              new Comparison.Side(halves.variant(), change(halves.compared()), 0, 0)));
    }
    List<MetricResult> results =
        Families.test(family, TestMethod.WELCH, MultipleTesting.HOLM, LEVEL);
    List<TrustCheck> found = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      found.add(finding(data.halves().get(i), results.get(i)));
    }
    return found;
  }

  /** Moments of the later rate minus the first one. */
  private static CrossMoments change(CrossMoments halves) {
    if (halves.n() < 2) {
      return new CrossMoments(1);
    }
    double variance = halves.variance(0) + halves.variance(1) - 2 * halves.covariance(0, 1);
    return CrossMoments.of(
        halves.n(),
        new double[] {halves.mean(1) - halves.mean(0)},
        new double[][] {{Math.max(0, variance)}});
  }

  private TrustCheck finding(TrustData.Halves halves, MetricResult result) {
    if (result.pValueAdjusted().isEmpty()) {
      return TrustCheck.insufficient(name(), Families.whyNot(result))
          .ofMetric(halves.metric(), halves.variant());
    }
    Inference inference = result.deciding().orElseThrow();
    double adjusted = result.pValueAdjusted().getAsDouble();
    double first = halves.compared().mean(0) - halves.control().mean(0);
    double later = halves.compared().mean(1) - halves.control().mean(1);
    String effects =
        String.format(
            Locale.ROOT,
            "%s a day in the first half of a unit's days, %s in the later half",
            Phrases.number(first),
            Phrases.number(later));
    String because;
    if (!(adjusted < LEVEL)) {
      because =
          String.format(
              Locale.ROOT,
              "The effect of %s on %s is %s: p %s of the change, corrected for metrics and"
                  + " variants, is not below 0.01.",
              halves.variant(),
              halves.metric(),
              effects,
              Phrases.pValue(adjusted));
    } else {
      boolean fades = Math.abs(later) < Math.abs(first);
      because =
          String.format(
              Locale.ROOT,
              "The effect of %s on %s %s: %s; p %s of the change, corrected for metrics and"
                  + " variants, is below 0.01. %s",
              halves.variant(),
              halves.metric(),
              fades ? "fades" : "grows",
              effects,
              Phrases.pValue(adjusted),
              fades
                  ? "It is new to the units, and what stays is less than what is seen."
                  : "The units learn, and what stays is more than what is seen.");
    }
    return TrustCheck.of(
            name(),
            inference.statistic(),
            adjusted < LEVEL ? TrustCheck.Status.WARNING : TrustCheck.Status.OK,
            because)
        .ofMetric(halves.metric(), halves.variant())
        .tested(inference.absolute().pValue(), adjusted);
  }
}
