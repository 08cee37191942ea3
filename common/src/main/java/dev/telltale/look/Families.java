package dev.telltale.look;

import dev.telltale.config.ExperimentMetric.Role;
import dev.telltale.stats.ClosedTesting;
import dev.telltale.stats.MultipleTesting;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Which hypotheses of a family are shown. Procedures on p-values are applied to sequential ones,
 * which are valid at every look (Liu and Anderson 2008, doi:10.1198/016214508000000986), so what
 * the procedures promise holds at all looks together.
 */
final class Families {
  /**
   * Of its share a primary metric hands this to the secondary ones while others of its variant are
   * not shown: next to nothing, and until then nothing of it is used.
   */
  private static final double NEXT_TO_NOTHING = 1e-6;

  /** Rounds in which p-values are moved to the right side of their levels; two are enough. */
  private static final int ROUNDS = 50;

  private Families() {}

  /**
   * Primary metrics with equal shares of alpha, and the secondary ones of each variant with what
   * its primary ones hand on once all are shown; within a variant as Holm. When all of a variant is
   * shown its alpha goes to the other variants' primary metrics.
   *
   * @param asked all of both roles
   */
  static void confirm(List<Asked> asked, List<String> variants, double alpha) {
    long primaries = count(asked, Role.PRIMARY);
    long secondaries = count(asked, Role.SECONDARY);
    if (primaries == 0) {
      asked.forEach(one -> one.isOpen = false);
    }
    ClosedTesting graph = graph(asked, primaries, secondaries, variants.size());
    UnaryOperator<double[]> levels = pValues -> gated(asked, graph, pValues, alpha);
    double[] found = settle(asked, levels);
    double[] adjusted = graph.adjust(pValues(asked));
    for (int i = 0; i < found.length; i++) {
      Asked one = asked.get(i);
      boolean isPrimary = one.metric.role() == Role.PRIMARY;
      one.family = isPrimary ? "primary" : "secondary";
      one.familySize = (int) (isPrimary ? primaries : secondaries);
      one.isOpen = found[i] > 0;
      one.isShown = one.isOpen && one.pValue <= found[i];
      one.level = one.isOpen ? found[i] : alpha / secondaries;
      double gate = 0;
      for (int k = 0; !isPrimary && k < found.length; k++) {
        if (isPrimaryOf(asked.get(k), one)) {
          gate = Math.max(gate, adjusted[k]);
        }
      }
      one.adjusted =
          one.metric.role() == Role.SECONDARY && primaries == 0
              ? 1
              : onSide(Math.max(gate, adjusted[i]), alpha, one.isShown);
    }
  }

  /** Levels, with 0 for secondary metrics that nothing has been handed to. */
  private static double[] gated(
      List<Asked> asked, ClosedTesting graph, double[] pValues, double alpha) {
    boolean[] isOpen = new boolean[pValues.length];
    for (int i = 0; i < isOpen.length; i++) {
      isOpen[i] = asked.get(i).metric.role() == Role.PRIMARY;
    }
    while (true) {
      double[] used = pValues.clone();
      for (int i = 0; i < used.length; i++) {
        used[i] = isOpen[i] ? used[i] : 1;
      }
      double[] levels = graph.levels(used, alpha);
      boolean isMore = false;
      for (int i = 0; i < used.length; i++) {
        if (!isOpen[i] && primariesAreShown(asked, asked.get(i), used, levels)) {
          isOpen[i] = true;
          isMore = true;
        }
      }
      if (!isMore) {
        for (int i = 0; i < levels.length; i++) {
          levels[i] = isOpen[i] ? levels[i] : 0;
        }
        return levels;
      }
    }
  }

  private static boolean primariesAreShown(
      List<Asked> asked, Asked secondary, double[] pValues, double[] levels) {
    boolean isAny = false;
    for (int i = 0; i < levels.length; i++) {
      if (isPrimaryOf(asked.get(i), secondary)) {
        isAny = true;
        if (!(levels[i] > 0 && pValues[i] <= levels[i])) {
          return false;
        }
      }
    }
    return isAny;
  }

  private static boolean isPrimaryOf(Asked one, Asked other) {
    return one.metric.role() == Role.PRIMARY
        && one.subject.variant().equals(other.subject.variant());
  }

  private static ClosedTesting graph(
      List<Asked> asked, long primaries, long secondaries, int variants) {
    int size = asked.size();
    double mine = (double) primaries / variants;
    double gated = (double) secondaries / variants;
    double[] shares = new double[size];
    double[][] passed = new double[size][size];
    for (int i = 0; i < size; i++) {
      Asked from = asked.get(i);
      boolean isPrimary = from.metric.role() == Role.PRIMARY;
      shares[i] = isPrimary ? 1.0 / primaries : 0;
      double peers = (isPrimary ? mine : gated) - 1;
      double next = isPrimary && gated > 0 ? gated : primaries - mine;
      double leaves = next == 0 ? 0 : peers > 0 ? NEXT_TO_NOTHING : 1;
      for (int k = 0; k < size; k++) {
        Asked to = asked.get(k);
        boolean isSame = from.subject.variant().equals(to.subject.variant());
        boolean toPrimary = to.metric.role() == Role.PRIMARY;
        if (i != k && isSame && toPrimary == isPrimary) {
          passed[i][k] = (1 - leaves) / peers;
        } else if ((isPrimary && gated > 0) ? (isSame && !toPrimary) : (!isSame && toPrimary)) {
          passed[i][k] = leaves / next;
        }
      }
    }
    return ClosedTesting.graph(shares, passed);
  }

  /**
   * Guardrails. That one is worse, or worse than its margin, takes part in a family of two-sided
   * tests at alpha by Holm, so that all variants are innocent with probability 1 - alpha / 2 at
   * least. That one is not worse by its margin is asked of each at alpha / 2, one-sided, which is
   * the other side of the two-sided test at alpha: since all have to hold, no correction is needed
   * (Berger 1982, doi:10.1080/00401706.1982.10487790).
   */
  static void guard(List<Asked> asked, double alpha) {
    int size = asked.size();
    double[] shares = new double[size];
    Arrays.fill(shares, 1.0 / Math.max(1, size));
    double[][] passed = new double[size][size];
    for (int i = 0; i < size; i++) {
      Arrays.fill(passed[i], size > 1 ? 1.0 / (size - 1) : 0);
      passed[i][i] = 0;
    }
    ClosedTesting holm = ClosedTesting.graph(shares, passed);
    settle(asked, pValues -> filled(size, alpha));
    double[] levels = settle(asked, pValues -> holm.levels(pValues, alpha));
    double[] adjusted = holm.adjust(pValues(asked));
    for (int i = 0; i < size; i++) {
      Asked one = asked.get(i);
      boolean hasMargin = Measured.hasMargin(one.metric);
      one.family = "guardrail";
      one.familySize = size;
      one.isShown = one.pValue <= levels[i];
      one.level = levels[i];
      if (hasMargin && one.course.isPresent() && one.isGain()) {
        one.level = alpha;
        one.isShown = one.pValue <= alpha;
        one.adjusted = one.pValue;
      } else {
        one.adjusted = onSide(adjusted[i], alpha, one.isShown);
      }
    }
  }

  /**
   * Segments: false discovery rate alpha by Benjamini and Hochberg, of those with a look. Levels
   * are those of {@link dev.telltale.stats.SimultaneousIntervals}.
   */
  static void explore(List<Asked> asked, double alpha) {
    List<Asked> looked = asked.stream().filter(one -> one.course.isPresent()).toList();
    int size = looked.size();
    double[] levels =
        settle(
            looked,
            pValues -> {
              double[] sorted = pValues.clone();
              Arrays.sort(sorted);
              int found =
                  IntStream.rangeClosed(1, size)
                      .filter(rank -> sorted[rank - 1] <= rank * alpha / size)
                      .max()
                      .orElse(1);
              return filled(size, found * alpha / size);
            });
    double[] adjusted = MultipleTesting.BENJAMINI_HOCHBERG.adjust(pValues(looked));
    for (int i = 0; i < size; i++) {
      Asked one = looked.get(i);
      one.level = levels[i];
      one.isShown = one.pValue <= levels[i];
      one.adjusted = onSide(adjusted[i], alpha, one.isShown);
    }
    asked.forEach(
        one -> {
          one.family = "segment";
          one.familySize = size;
        });
  }

  /** P-values are interpolated: moves them until each says at its level what its bound says. */
  private static double[] settle(List<Asked> asked, UnaryOperator<double[]> levels) {
    double[] found = levels.apply(pValues(asked));
    for (int round = 0; round < ROUNDS; round++) {
      boolean isMoved = false;
      for (int i = 0; i < found.length; i++) {
        isMoved |= asked.get(i).settle(found[i]);
      }
      if (!isMoved) {
        break;
      }
      found = levels.apply(pValues(asked));
    }
    return found;
  }

  private static double[] pValues(List<Asked> asked) {
    return asked.stream().mapToDouble(one -> one.pValue).toArray();
  }

  private static double[] filled(int size, double value) {
    double[] all = new double[size];
    Arrays.fill(all, value);
    return all;
  }

  private static double onSide(double adjusted, double alpha, boolean isShown) {
    return isShown ? Math.min(adjusted, alpha) : Math.max(adjusted, Math.nextUp(alpha));
  }

  private static long count(List<Asked> asked, Role role) {
    return asked.stream().filter(one -> one.metric.role() == role).count();
  }
}
