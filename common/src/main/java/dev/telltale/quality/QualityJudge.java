package dev.telltale.quality;

import dev.telltale.stats.MultipleTesting;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Judges comparisons of one family: a metric is DEGRADED or IMPROVED where the corrected p-value
 * and the size of the difference both say so.
 */
public final class QualityJudge {
  private static final int DIGITS = 3;

  private final QualityPolicy policy;

  /** Judges by a policy. */
  public QualityJudge(QualityPolicy policy) {
    this.policy = policy;
  }

  /** What came of a comparison. */
  public enum Status {
    /** No difference that is both significant and large enough to matter. */
    OK,
    /** Worse. */
    DEGRADED,
    /** Better. */
    IMPROVED,
    /** Too few labels on a side. */
    INSUFFICIENT_DATA
  }

  /**
   * A metric to be compared with the same metric elsewhere.
   *
   * @param metric name
   * @param current value now
   * @param reference value compared with
   * @param currentLabels labels in all, now
   * @param referenceLabels labels in all, of what is compared with
   * @param words what is compared with, such as "in training"
   */
  public record Pair(
      String metric,
      Estimate current,
      Estimate reference,
      long currentLabels,
      long referenceLabels,
      String words) {}

  /**
   * A judged pair.
   *
   * @param pair what was compared
   * @param comparison the difference; empty with too little data
   * @param pValueAdjusted corrected over the family
   * @param familySize comparisons in the family
   * @param threshold difference that matters, in the metric's unit
   * @param status verdict
   * @param because rule, value and threshold in one sentence
   */
  public record Judged(
      Pair pair,
      Optional<EstimateComparison> comparison,
      double pValueAdjusted,
      int familySize,
      double threshold,
      Status status,
      String because) {
    /** How many times the threshold the metric is worse; negative where it is better. */
    public double severity() {
      double worse =
          (MetricKind.of(pair.metric()).higherIsBetter() ? -1 : 1)
              * comparison.map(EstimateComparison::difference).orElse(0.0);
      return threshold > 0 ? worse / threshold : Math.signum(worse) * Double.MAX_VALUE;
    }
  }

  /** Judges all pairs as one family, Benjamini-Hochberg. */
  public List<Judged> judge(List<Pair> pairs) {
    List<Pair> tested = pairs.stream().filter(this::hasEnough).toList();
    List<EstimateComparison> comparisons =
        tested.stream()
            .map(pair -> EstimateComparison.of(pair.current(), pair.reference()))
            .toList();
    double[] adjusted =
        MultipleTesting.BENJAMINI_HOCHBERG.adjust(
            comparisons.stream().mapToDouble(EstimateComparison::pValue).toArray());
    List<Judged> judged = new ArrayList<>();
    int next = 0;
    for (Pair pair : pairs) {
      double threshold = policy.threshold(pair.metric(), pair.reference().value());
      if (!hasEnough(pair)) {
        judged.add(
            new Judged(
                pair,
                Optional.empty(),
                1,
                tested.size(),
                threshold,
                Status.INSUFFICIENT_DATA,
                insufficient(pair)));
        continue;
      }
      EstimateComparison comparison = comparisons.get(next);
      judged.add(judged(pair, comparison, adjusted[next++], tested.size(), threshold));
    }
    return judged;
  }

  private boolean hasEnough(Pair pair) {
    return pair.currentLabels() >= policy.minimumLabels()
        && pair.referenceLabels() >= policy.minimumLabels()
        && pair.current().low().isPresent()
        && pair.reference().low().isPresent();
  }

  private String insufficient(Pair pair) {
    return String.format(
        Locale.ROOT,
        "%s is not compared: %,d labels here and %,d %s, where %,d are needed.",
        pair.metric(),
        pair.currentLabels(),
        pair.referenceLabels(),
        pair.words(),
        policy.minimumLabels());
  }

  private Judged judged(
      Pair pair, EstimateComparison comparison, double adjusted, int familySize, double threshold) {
    boolean higherIsBetter = MetricKind.of(pair.metric()).higherIsBetter();
    double worse = higherIsBetter ? -comparison.difference() : comparison.difference();
    boolean significant = adjusted <= policy.alpha();
    boolean material = Math.abs(worse) >= threshold;
    Status status =
        !significant || !material ? Status.OK : worse > 0 ? Status.DEGRADED : Status.IMPROVED;
    String because =
        String.format(
            Locale.ROOT,
            "%s is %s (95 %% interval %s to %s), %s %s: a difference of %s (%s to %s), %s the %s that"
                + " matters, with a corrected p of %.2g, %s %s.",
            pair.metric(),
            number(pair.current().value()),
            number(pair.current().low().orElseThrow()),
            number(pair.current().high().orElseThrow()),
            number(pair.reference().value()),
            pair.words(),
            number(comparison.difference()),
            number(comparison.low()),
            number(comparison.high()),
            material ? "at least" : "less than",
            number(threshold),
            adjusted,
            significant ? "at most" : "above",
            number(policy.alpha()));
    return new Judged(
        pair, Optional.of(comparison), adjusted, familySize, threshold, status, because);
  }

  private static String number(double value) {
    return new BigDecimal(value)
        .round(new MathContext(DIGITS))
        .stripTrailingZeros()
        .toPlainString();
  }
}
