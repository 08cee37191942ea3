package dev.telltale.trust;

import dev.telltale.experiment.Adjustment;
import dev.telltale.experiment.Comparison;
import dev.telltale.experiment.ExperimentJudge;
import dev.telltale.experiment.ExperimentPolicy;
import dev.telltale.experiment.Hypothesis;
import dev.telltale.experiment.MetricResult;
import dev.telltale.experiment.TestMethod;
import dev.telltale.stats.Alternative;
import dev.telltale.stats.MultipleTesting;
import java.util.List;
import java.util.Locale;

/** Tests that are made of all metrics and variants together. */
final class Families {
  /** With fewer units in an arm the small levels of the checks do not hold for skewed values. */
  static final int FEWEST_UNITS = 100;

  private Families() {}

  /** Two-sided tests in the order given; without an adjusted p-value where nothing was tested. */
  static List<MetricResult> test(
      List<Comparison> comparisons, TestMethod method, MultipleTesting correction, double alpha) {
    return new ExperimentJudge(
            new ExperimentPolicy(
                method,
                Hypothesis.superiority(Alternative.TWO_SIDED),
                alpha,
                correction,
                Adjustment.CUPED,
                FEWEST_UNITS))
        .judge(comparisons);
  }

  /** Why nothing was tested, of a result without an adjusted p-value. */
  static String whyNot(MetricResult result) {
    Comparison comparison = result.comparison();
    long units = Math.min(comparison.control().moments().n(), comparison.compared().moments().n());
    return units < FEWEST_UNITS
        ? String.format(
            Locale.ROOT,
            "An arm has %,d units with %s, fewer than %,d.",
            units,
            comparison.metric(),
            FEWEST_UNITS)
        : result.because();
  }
}
