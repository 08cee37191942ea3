package dev.telltale.trust;

import dev.telltale.config.ExperimentMetric;
import dev.telltale.experiment.Adjustment;
import dev.telltale.experiment.ArmPair;
import dev.telltale.experiment.CrossMoments;
import dev.telltale.experiment.Estimand;
import dev.telltale.experiment.Estimator;
import dev.telltale.experiment.Phrases;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Whether one unit carries an effect: how many standard errors it moves without the unit of an arm
 * that is farthest from zero. A warning above half a standard error. Statistic: the larger of the
 * two moves, at least 0. Shares of units, {@code PROPORTION} and {@code FUNNEL}, and quantiles have
 * no outliers and are not asked.
 *
 * <p>A unit d away from the mean of n moves it by d / n, and is itself d² / n² of the squared
 * standard error: half a standard error is a quarter of the variance in one unit. The normal
 * distribution of the effect takes that no unit has much of it (Noether 1949,
 * doi:10.1214/aoms/1177729950). Of two arms of 1,000 units it takes a value 22 standard deviations
 * out. Effects are adjusted by {@link Adjustment#CUPED} if there are days before.
 */
final class OutliersCheck implements Check {
  /** With fewer units the largest of them is a quarter of the variance without being odd. */
  private static final int FEWEST_UNITS = 200;

  private static final double MOST_MOVE = 0.5;

  private static final Set<ExperimentMetric.Kind> WITHOUT =
      EnumSet.of(
          ExperimentMetric.Kind.PROPORTION,
          ExperimentMetric.Kind.FUNNEL,
          ExperimentMetric.Kind.QUANTILE);

  /** How far an effect moves without one unit of an arm. */
  private record Move(String arm, double value, double sum, double effect, double errors) {}

  @Override
  public String name() {
    return "OUTLIERS";
  }

  @Override
  public List<TrustCheck> of(TrustData data) {
    List<TrustCheck> found = new ArrayList<>();
    List<ExperimentMetric> metrics = data.experiment().metrics();
    for (int i = 0; i < metrics.size(); i++) {
      if (WITHOUT.contains(metrics.get(i).kind())) {
        continue;
      }
      for (String variant : data.experiment().compared()) {
        found.add(finding(data, i, variant).ofMetric(metrics.get(i).name(), variant));
      }
    }
    return found;
  }

  private TrustCheck finding(TrustData data, int index, String variant) {
    ExperimentMetric metric = data.experiment().metrics().get(index);
    String control = data.experiment().control();
    Estimand estimand = Blocks.estimand(data.experiment(), metric);
    CrossMoments ours = Blocks.side(data, control, index).moments();
    CrossMoments theirs = Blocks.side(data, variant, index).moments();
    if (Math.min(ours.n(), theirs.n()) < FEWEST_UNITS) {
      return TrustCheck.insufficient(
          name(),
          String.format(
              Locale.ROOT,
              "An arm has %,d units with %s, fewer than %,d.",
              Math.min(ours.n(), theirs.n()),
              metric.name(),
              FEWEST_UNITS));
    }
    Optional<double[]> our = Blocks.largest(data, control, index);
    Optional<double[]> their = Blocks.largest(data, variant, index);
    if (our.isEmpty() || their.isEmpty()) {
      return TrustCheck.insufficient(
          name(), "A state of " + metric.name() + " is from before largest units were kept.");
    }
    if (!Double.isFinite(Estimator.unadjusted(ours, theirs, estimand).difference())) {
      return TrustCheck.insufficient(name(), metric.name() + " has no ratio in an arm.");
    }
    ArmPair all = pair(ours, theirs, estimand);
    ArmPair withoutOur = pair(ours.without(our.get()), theirs, estimand);
    ArmPair withoutTheir = pair(ours, theirs.without(their.get()), estimand);
    Move first = move(control, our.get(), ours, all, withoutOur);
    Move second = move(variant, their.get(), theirs, all, withoutTheir);
    Move move = first.errors() > second.errors() ? first : second;
    if (!Double.isFinite(first.errors()) || !Double.isFinite(second.errors())) {
      return TrustCheck.insufficient(
          name(), metric.name() + " does not vary, or not but for one unit.");
    }
    return TrustCheck.of(
        name(),
        move.errors(),
        move.errors() > MOST_MOVE ? TrustCheck.Status.WARNING : TrustCheck.Status.OK,
        because(metric, all, move));
  }

  private static ArmPair pair(CrossMoments control, CrossMoments variant, Estimand estimand) {
    return estimand.covariates().isEmpty()
        ? Estimator.unadjusted(control, variant, estimand)
        : Estimator.adjusted(control, variant, estimand, Adjustment.CUPED);
  }

  private static Move move(
      String arm, double[] unit, CrossMoments moments, ArmPair all, ArmPair without) {
    return new Move(
        arm,
        unit[0],
        moments.n() * moments.mean(0),
        without.difference(),
        Math.abs(without.difference() - all.difference()) / all.standardError(1));
  }

  private static String because(ExperimentMetric metric, ArmPair all, Move move) {
    double share = move.value() / move.sum();
    String carried =
        share > 0 && share <= 1
            ? Phrases.number(100 * share) + " % of the arm's sum"
            : "where the arm's sum is " + Phrases.number(move.sum());
    String text =
        String.format(
            Locale.ROOT,
            "One unit of %s has %s of %s, %s: without it the effect is %s and not %s, %s standard"
                + " errors away",
            move.arm(),
            Phrases.number(move.value()),
            metric.name(),
            carried,
            Phrases.number(move.effect()),
            Phrases.number(all.difference()),
            Phrases.number(move.errors()));
    if (!(move.errors() > MOST_MOVE)) {
      return text + ", not more than half of one.";
    }
    return text
        + ", more than half of one. Look at the unit, and "
        + (metric.cap().isPresent() ? "lower the cap" : "declare a cap")
        + " for the next experiment.";
  }
}
