package dev.telltale.quality;

import dev.telltale.stats.WilsonInterval;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.commons.math3.distribution.ChiSquaredDistribution;

/**
 * Are the slices of one key alike in a measure? Each is compared with all other rows, drawn towards
 * the others, and all are tested together. Immutable.
 */
public final class SegmentJudge {
  private final boolean isShare;
  private final int minimumRows;

  /**
   * A judge.
   *
   * @param isShare whether the measure is a proportion, else a mean
   * @param minimumRows smaller slices are too small to be judged
   */
  public SegmentJudge(boolean isShare, int minimumRows) {
    this.isShare = isShare;
    this.minimumRows = minimumRows;
  }

  /**
   * One slice.
   *
   * @param estimate its value
   * @param pooled its value drawn towards those of the other slices; empty if it is too small, or
   *     alone
   * @param elsewhere the value of all other rows; empty if there are none
   * @param comparison slice minus elsewhere; empty if either is too small
   */
  public record Segment(
      Estimate estimate,
      OptionalDouble pooled,
      Optional<Estimate> elsewhere,
      Optional<EstimateComparison> comparison) {}

  /**
   * All slices of a key.
   *
   * @param segments by slice value
   * @param pValue of no difference between any: Cochran's Q against chi-squared with one degree of
   *     freedom less than slices that are large enough; empty with fewer than two
   * @param tested slices that are large enough
   */
  public record Judged(Map<String, Segment> segments, OptionalDouble pValue, int tested) {}

  /**
   * Judges.
   *
   * @param whole the measure of all rows
   * @param slices the measure by slice value; the slices do not overlap
   */
  public Judged judge(Estimate whole, Map<String, Estimate> slices) {
    List<Estimate> large = slices.values().stream().filter(this::isLarge).toList();
    Heterogeneity heterogeneity = heterogeneity(whole, large);
    Map<String, Segment> segments = new LinkedHashMap<>();
    slices.forEach(
        (value, estimate) -> {
          Optional<Estimate> elsewhere = elsewhere(whole, estimate);
          boolean judged = isLarge(estimate) && elsewhere.filter(this::isLarge).isPresent();
          segments.put(
              value,
              new Segment(
                  estimate,
                  isLarge(estimate) && large.size() > 1
                      ? OptionalDouble.of(heterogeneity.pooled(estimate))
                      : OptionalDouble.empty(),
                  elsewhere,
                  judged
                      ? Optional.of(EstimateComparison.of(estimate, elsewhere.get()))
                      : Optional.empty()));
        });
    return new Judged(
        segments,
        large.size() > 1 && Double.isFinite(heterogeneity.statistic)
            ? OptionalDouble.of(
                1
                    - new ChiSquaredDistribution(null, large.size() - 1.0)
                        .cumulativeProbability(heterogeneity.statistic))
            : OptionalDouble.empty(),
        large.size());
  }

  private boolean isLarge(Estimate estimate) {
    return estimate.rows() >= minimumRows && estimate.low().isPresent();
  }

  /** All rows less those of a slice: sums of losses and of squares subtract. */
  private Optional<Estimate> elsewhere(Estimate whole, Estimate slice) {
    long rows = whole.rows() - slice.rows();
    if (rows <= 0) {
      return Optional.empty();
    }
    double value = (whole.value() * whole.rows() - slice.value() * slice.rows()) / rows;
    if (isShare) {
      double share = Math.max(0, Math.min(1, value));
      WilsonInterval interval = WilsonInterval.of(share, (double) rows);
      return Optional.of(
          Estimate.of(
              share, Math.sqrt(share * (1 - share) / rows), interval.low(), interval.high(), rows));
    }
    double squares = squares(whole) - squares(slice);
    double variance = Math.max(0, squares / rows - value * value);
    double error = Math.sqrt(variance / rows);
    return Optional.of(
        Estimate.of(
            value,
            error,
            value - WilsonInterval.Z * error,
            value + WilsonInterval.Z * error,
            rows));
  }

  /** Sum of squares of the losses that a mean and its standard error are of. */
  private static double squares(Estimate mean) {
    double error = mean.stdError().orElse(0);
    return mean.rows() * (error * error * mean.rows() + mean.value() * mean.value());
  }

  private Heterogeneity heterogeneity(Estimate whole, List<Estimate> slices) {
    List<Double> variances = new ArrayList<>();
    double weights = 0;
    double squared = 0;
    double mean = 0;
    for (Estimate slice : slices) {
      double variance = variance(whole, slice);
      variances.add(variance);
      weights += 1 / variance;
      squared += 1 / (variance * variance);
      mean += slice.value() / variance;
    }
    mean /= weights;
    double statistic = 0;
    for (int i = 0; i < slices.size(); i++) {
      double difference = slices.get(i).value() - mean;
      statistic += difference * difference / variances.get(i);
    }
    double between = Math.max(0, (statistic - (slices.size() - 1)) / (weights - squared / weights));
    return new Heterogeneity(whole, mean, statistic, between);
  }

  /** Of a proportion under no difference, so that slices without a mistake have one too. */
  private double variance(Estimate whole, Estimate slice) {
    double error = slice.stdError().orElse(0);
    return isShare
        ? whole.value() * (1 - whole.value()) / slice.rows()
        : Math.max(error * error, Double.MIN_NORMAL);
  }

  /** How different slices are beyond chance: DerSimonian and Laird 1986. */
  private final class Heterogeneity {
    private final Estimate whole;
    private final double mean;
    private final double statistic;
    private final double between;

    Heterogeneity(Estimate whole, double mean, double statistic, double between) {
      this.whole = whole;
      this.mean = mean;
      this.statistic = statistic;
      this.between = between;
    }

    /** The empirical Bayes estimate: the less slices differ, the nearer to their mean. */
    double pooled(Estimate slice) {
      double own = between / (between + variance(whole, slice));
      return Double.isFinite(own) ? own * slice.value() + (1 - own) * mean : mean;
    }
  }
}
