package dev.telltale.kpi;

import dev.telltale.config.Kpi;
import dev.telltale.quality.MetricKind;
import dev.telltale.quality.QualityPolicy;
import dev.telltale.stats.MultipleTesting;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Finds where the model improved and a KPI did not.
 *
 * <p>A metric of quality improved where its p-value, corrected by Benjamini-Hochberg over all
 * metrics and comparisons, is at most alpha and the gain at least the tolerance. Then a KPI that is
 * significantly worse is over-optimisation of a proxy; one that is not significantly better, and
 * whose interval excludes a gain that matters, is saturated. Between the two nothing is said.
 */
public final class KpiJudge {
  /** Large slices are the largest that together have this share of the rows. */
  private static final double MOST = 0.5;

  private final QualityPolicy policy;

  /** Judges by a policy. */
  public KpiJudge(QualityPolicy policy) {
    this.policy = policy;
  }

  /** Why a KPI does not improve with the model. */
  public enum Reason {
    /** It is flat: the model is no longer what holds it back. */
    SATURATION("Saturation"),
    /** It is flat in the large slices and improves elsewhere. */
    SEGMENT_SATURATION("Segment saturation"),
    /** It got worse: what the model is trained on is not what is wanted. */
    PROXY_OVER_OPTIMISATION("Proxy over-optimisation");

    private final String words;

    Reason(String words) {
      this.words = words;
    }
  }

  /** A metric of quality. */
  public record Quality(String metric, PeriodComparison change) {}

  /** A KPI in one slice. */
  public record Slice(String key, String value, PeriodComparison change) {}

  /** A KPI as a whole and in its slices. */
  public record Goal(Kpi kpi, PeriodComparison change, List<Slice> slices) {}

  /**
   * Two periods, or two versions.
   *
   * @param here the first in words, such as "in the last 7 windows"
   * @param there the other
   * @param quality metrics of the model
   * @param goals KPIs
   */
  public record Comparison(String here, String there, List<Quality> quality, List<Goal> goals) {}

  /**
   * A KPI that did not improve although the model did.
   *
   * @param comparison where
   * @param goal which
   * @param reason why
   * @param threshold gain that would matter, in the KPI's unit
   * @param pValueAdjusted of no change of the KPI, corrected over all KPIs and comparisons
   * @param because numbers and rule in one sentence
   */
  public record Verdict(
      Comparison comparison,
      Goal goal,
      Reason reason,
      double threshold,
      double pValueAdjusted,
      String because) {
    /** Whether the KPI is worse by so much that it matters. */
    public boolean isCritical() {
      return reason == Reason.PROXY_OVER_OPTIMISATION
          && -goal.kpi().goal().gain(goal.change().difference()) >= threshold;
    }
  }

  /** Judges what is compared of one window. */
  public List<Verdict> judge(List<Comparison> comparisons) {
    double[] quality =
        adjusted(comparisons.stream().flatMap(one -> one.quality().stream()).map(Quality::change));
    double[] goals =
        adjusted(comparisons.stream().flatMap(one -> one.goals().stream()).map(Goal::change));
    List<Verdict> verdicts = new ArrayList<>();
    int nextQuality = 0;
    int nextGoal = 0;
    for (Comparison comparison : comparisons) {
      Improved best = null;
      for (Quality metric : comparison.quality()) {
        Improved improved = improved(metric, quality[nextQuality++]);
        if (improved != null && (best == null || improved.excess() > best.excess())) {
          best = improved;
        }
      }
      for (Goal goal : comparison.goals()) {
        double p = goals[nextGoal++];
        if (best != null) {
          judged(comparison, goal, p, best).ifPresent(verdicts::add);
        }
      }
    }
    return verdicts;
  }

  private static double[] adjusted(java.util.stream.Stream<PeriodComparison> changes) {
    return MultipleTesting.BENJAMINI_HOCHBERG.adjust(
        changes.mapToDouble(PeriodComparison::pValue).toArray());
  }

  /** A metric that improved, and by how many times what matters. */
  private record Improved(Quality metric, double pValueAdjusted, double excess) {}

  private Improved improved(Quality metric, double p) {
    double change = metric.change().difference();
    double gain = MetricKind.of(metric.metric()).higherIsBetter() ? change : -change;
    double threshold = policy.threshold(metric.metric(), metric.change().reference().value());
    return gain > 0 && gain >= threshold && p <= policy.alpha()
        ? new Improved(metric, p, threshold > 0 ? gain / threshold : Double.MAX_VALUE)
        : null;
  }

  private Optional<Verdict> judged(Comparison comparison, Goal goal, double p, Improved improved) {
    PeriodComparison change = goal.change();
    double threshold = threshold(change);
    double gain = gain(goal, change);
    Reason reason;
    String more = "";
    if (p <= policy.alpha() && gain < 0) {
      reason = Reason.PROXY_OVER_OPTIMISATION;
    } else if (p <= policy.alpha() || mostGain(goal, change) >= threshold) {
      return Optional.empty();
    } else {
      Optional<String> segments = segments(goal);
      reason = segments.isPresent() ? Reason.SEGMENT_SATURATION : Reason.SATURATION;
      more = segments.orElse("");
    }
    String because =
        String.format(
            Locale.ROOT,
            "%s: %s is %.4g %s and %.4g %s (corrected p = %.2g), but %s is %.4g and %.4g:"
                + " a change of %.4g (95 %% interval %.4g to %.4g, corrected p = %.2g), where %.4g"
                + " would matter%s.",
            reason.words,
            improved.metric().metric(),
            improved.metric().change().current().value(),
            comparison.here(),
            improved.metric().change().reference().value(),
            comparison.there(),
            improved.pValueAdjusted(),
            goal.kpi().name(),
            change.current().value(),
            change.reference().value(),
            change.difference(),
            change.low(),
            change.high(),
            p,
            threshold,
            more);
    return Optional.of(new Verdict(comparison, goal, reason, threshold, p, because));
  }

  private double threshold(PeriodComparison change) {
    return policy.toleranceRatio() * Math.abs(change.reference().value());
  }

  private static double gain(Goal goal, PeriodComparison change) {
    return goal.kpi().goal().gain(change.difference());
  }

  /** The end of the 95 % interval in the direction of the goal, as a gain. */
  private static double mostGain(Goal goal, PeriodComparison change) {
    return Math.max(goal.kpi().goal().gain(change.low()), goal.kpi().goal().gain(change.high()));
  }

  /** Which slices improve, where the large slices of a key do not; empty where there is no such. */
  private Optional<String> segments(Goal goal) {
    double[] p = adjusted(goal.slices().stream().map(Slice::change));
    Map<String, List<Slice>> byKey = new TreeMap<>();
    List<Slice> better = new ArrayList<>();
    for (int i = 0; i < p.length; i++) {
      Slice slice = goal.slices().get(i);
      byKey.computeIfAbsent(slice.key(), absent -> new ArrayList<>()).add(slice);
      double gain = gain(goal, slice.change());
      if (p[i] <= policy.alpha() && gain > 0 && gain >= threshold(slice.change())) {
        better.add(slice);
      }
    }
    for (List<Slice> slices : byKey.values()) {
      List<Slice> large = large(slices);
      List<Slice> risen = slices.stream().filter(better::contains).toList();
      if (!risen.isEmpty() && large.stream().noneMatch(better::contains)) {
        return Optional.of("; it improves where " + words(risen) + ", not where " + words(large));
      }
    }
    return Optional.empty();
  }

  /** The largest slices of a key that together have most of its rows. */
  private static List<Slice> large(List<Slice> slices) {
    List<Slice> bySize =
        slices.stream()
            .sorted(
                Comparator.comparingLong((Slice slice) -> -slice.change().current().rows())
                    .thenComparing(Slice::value))
            .toList();
    double all = bySize.stream().mapToDouble(slice -> slice.change().current().rows()).sum();
    List<Slice> large = new ArrayList<>();
    double rows = 0;
    for (Slice slice : bySize) {
      if (rows >= MOST * all) {
        break;
      }
      large.add(slice);
      rows += slice.change().current().rows();
    }
    return large;
  }

  private static String words(List<Slice> slices) {
    return slices.get(0).key()
        + " is "
        + String.join(" or ", slices.stream().map(Slice::value).sorted().toList());
  }
}
