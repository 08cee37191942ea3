package dev.telltale.quality;

import dev.telltale.stats.WilsonInterval;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Metrics of a two-class confusion, those that are defined: a metric whose denominator is empty is
 * absent. Weighted rows are Hájek ratios.
 */
public final class ConfusionMetrics {
  private ConfusionMetrics() {}

  /** All of them, by name. */
  public static Map<String, Estimate> of(Confusion confusion) {
    Map<String, Estimate> metrics = new LinkedHashMap<>();
    Mass right = confusion.truePositive().plus(confusion.trueNegative());
    Mass wrong = confusion.falsePositive().plus(confusion.falseNegative());
    put(metrics, "accuracy", proportion(right, wrong));
    put(
        metrics,
        "selection_rate",
        proportion(
            confusion.truePositive().plus(confusion.falsePositive()),
            confusion.falseNegative().plus(confusion.trueNegative())));
    Optional<Estimate> recall = proportion(confusion.truePositive(), confusion.falseNegative());
    Optional<Estimate> specificity =
        proportion(confusion.trueNegative(), confusion.falsePositive());
    if (recall.isPresent() && specificity.isPresent()) {
      metrics.put("balanced_accuracy", average(recall.get(), specificity.get()));
    }
    put(metrics, "precision", proportion(confusion.truePositive(), confusion.falsePositive()));
    put(metrics, "recall", recall);
    put(metrics, "specificity", specificity);
    put(metrics, "f1", f1(confusion));
    put(metrics, "mcc", correlation(confusion));
    return metrics;
  }

  private static void put(Map<String, Estimate> metrics, String name, Optional<Estimate> estimate) {
    estimate.ifPresent(one -> metrics.put(name, one));
  }

  /** Share of the first, with Wilson's interval; empty if there is neither. */
  static Optional<Estimate> proportion(Mass yes, Mass no) {
    Mass all = yes.plus(no);
    if (!(all.weight() > 0)) {
      return Optional.empty();
    }
    double p = yes.weight() / all.weight();
    double squared = yes.squaredWeight() * (1 - p) * (1 - p) + no.squaredWeight() * p * p;
    double stdError = Math.sqrt(squared) / all.weight();
    WilsonInterval interval = interval(Math.min(1, p), stdError, all);
    return Optional.of(Estimate.of(p, stdError, interval.low(), interval.high(), all.rows()));
  }

  /**
   * Wilson's, of as many trials as have the standard error. Kish's effective number of rows takes
   * weights for unrelated to outcomes: of a sample that has more of the rows where the model errs
   * it is too small, and its interval too wide.
   */
  private static WilsonInterval interval(double p, double stdError, Mass all) {
    double rows = all.effectiveRows();
    boolean alike = all.weight() * all.weight() == all.squaredWeight() * all.rows();
    return alike || !(stdError > 0) || !(p < 1)
        ? WilsonInterval.of(p, rows)
        : Means.wilson(p, p * (1 - p) / (stdError * stdError), rows - 1);
  }

  /**
   * The mean of two independent proportions. Its interval combines theirs: the distances to the
   * ends add as squares. Zou and Donner 2008, doi:10.1002/sim.3095.
   */
  private static Estimate average(Estimate one, Estimate other) {
    double value = (one.value() + other.value()) / 2;
    double stdError = Math.hypot(one.stdError().orElseThrow(), other.stdError().orElseThrow()) / 2;
    double below =
        Math.hypot(one.value() - one.low().orElseThrow(), other.value() - other.low().orElseThrow())
            / 2;
    double above =
        Math.hypot(
                one.high().orElseThrow() - one.value(), other.high().orElseThrow() - other.value())
            / 2;
    return Estimate.of(value, stdError, value - below, value + above, one.rows() + other.rows());
  }

  /**
   * 2TP / (2TP + FP + FN). It grows with J = TP / (TP + FP + FN), which given the rows that are not
   * true negatives is a proportion: F1 = 2J / (1 + J), at the value and at the ends of J's
   * interval.
   */
  private static Optional<Estimate> f1(Confusion confusion) {
    Mass misses = confusion.falsePositive().plus(confusion.falseNegative());
    return proportion(confusion.truePositive(), misses)
        .map(
            jaccard -> {
              double j = jaccard.value();
              double slope = 2 / ((1 + j) * (1 + j));
              return Estimate.of(
                  ofJaccard(j),
                  slope * jaccard.stdError().orElseThrow(),
                  ofJaccard(jaccard.low().orElseThrow()),
                  ofJaccard(jaccard.high().orElseThrow()),
                  jaccard.rows());
            });
  }

  private static double ofJaccard(double j) {
    return 2 * j / (1 + j);
  }

  /**
   * (1+β²)TP / ((1+β²)TP + β²FN + FP), with the delta method on the scale of its logit. Empty
   * without any row that is predicted or true.
   */
  public static Optional<Estimate> fBeta(Confusion confusion, double beta) {
    double square = beta * beta;
    Mass tp = confusion.truePositive();
    Mass fp = confusion.falsePositive();
    Mass fn = confusion.falseNegative();
    double hits = (1 + square) * tp.weight();
    double all = hits + square * fn.weight() + fp.weight();
    if (!(all > 0)) {
      return Optional.empty();
    }
    double value = hits / all;
    double variance =
        (square(1 + square) * square(1 - value) * tp.squaredWeight()
                + square(square * value) * fn.squaredWeight()
                + square(value) * fp.squaredWeight())
            / square(all);
    long rows = tp.rows() + fp.rows() + fn.rows();
    return Optional.of(Means.share(value, Math.sqrt(variance), rows));
  }

  private static double square(double x) {
    return x * x;
  }

  /**
   * Matthews correlation: Pearson's of prediction and truth. Its error is by the delta method, its
   * interval on Fisher's z scale. Empty where either is the same for all rows.
   */
  private static Optional<Estimate> correlation(Confusion confusion) {
    double n = confusion.all().weight();
    double p = confusion.positive().weight() / n;
    double q = confusion.predicted().weight() / n;
    double sp = Math.sqrt(p * (1 - p));
    double sq = Math.sqrt(q * (1 - q));
    if (!(sp * sq > 0)) {
      return Optional.empty();
    }
    double value = (confusion.truePositive().weight() / n - p * q) / (sp * sq);
    // A row moves it by uv - r(u² + v²)/2, where u and v are its standardised truth and answer.
    double variance = 0;
    Mass[] cells = {
      confusion.trueNegative(),
      confusion.falsePositive(),
      confusion.falseNegative(),
      confusion.truePositive()
    };
    for (int i = 0; i < cells.length; i++) {
      double u = ((i >= 2 ? 1 : 0) - p) / sp;
      double v = (i % 2 - q) / sq;
      double influence = u * v - value * (u * u + v * v) / 2;
      variance += influence * influence * cells[i].squaredWeight();
    }
    double stdError = Math.sqrt(variance) / n;
    long rows = confusion.all().rows();
    double room = 1 - value * value;
    if (room <= 0) {
      return Optional.of(Estimate.of(value, stdError, value, value, rows));
    }
    double z = Math.log((1 + value) / (1 - value)) / 2;
    double half = WilsonInterval.Z * stdError / room;
    return Optional.of(
        Estimate.of(value, stdError, Math.tanh(z - half), Math.tanh(z + half), rows));
  }
}
