package dev.telltale.quality;

import dev.telltale.bytes.StateBytes;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Predicted quantities, and quantiles of them where the model gives any. Errors are predicted minus
 * true.
 *
 * <p>For the error of R², truth is taken relative to a fixed origin. Where its mean is more than a
 * thousand standard deviations away from there, fourth powers drown what is looked for, and that
 * one error is not to be trusted; every other number is right for any origin.
 */
final class RegressionState implements OutcomeState {
  private double origin;
  private final MassSum rows = new MassSum();
  private final MassSum nonZero = new MassSum();
  private final LossSum error = new LossSum();
  private final LossSum absolute = new LossSum();
  private final LossSum squared = new LossSum();
  private final LossSum percentage = new LossSum();
  private final LossSum symmetric = new LossSum();
  private final LossSum truth = new LossSum();
  private final LossSum truthSquared = new LossSum();

  /** Squared error times truth, and times squared truth: what links the two sums of R². */
  private final LossSum linked = new LossSum();

  private final LossSum linkedSquared = new LossSum();
  private final LossSum truthCubed = new LossSum();
  private final QuantileState quantiles;
  private long unusable;

  /**
   * Empty.
   *
   * @param quantileLevels levels of the quantiles that are predicted
   */
  RegressionState(double origin, Collection<Double> quantileLevels) {
    this.origin = origin;
    this.quantiles = new QuantileState(quantileLevels);
  }

  @Override
  public void add(Observation row) {
    if (!row.labelled) {
      unusable += Double.isFinite(row.prediction) ? 0 : 1;
      addQuantiles(row);
      return;
    }
    double difference = row.prediction - row.label;
    double square = difference * difference;
    double u = row.label - origin;
    double weight = row.weight;
    double largest = Math.max(square * Math.max(1, u * u), Math.abs(u * u * u));
    if (!LossSum.canAdd(largest, weight)) {
      unusable++;
      return;
    }
    rows.add(weight);
    error.add(difference, weight);
    absolute.add(Math.abs(difference), weight);
    squared.add(square, weight);
    double size = Math.abs(row.label) + Math.abs(row.prediction);
    symmetric.add(size == 0 ? 0 : 2 * Math.abs(difference) / size, weight);
    double ratio = Math.abs(difference / row.label);
    if (row.label != 0 && LossSum.canAdd(ratio, weight)) {
      nonZero.add(weight);
      percentage.add(ratio, weight);
    }
    truth.add(u, weight);
    truthSquared.add(u * u, weight);
    linked.add(square * u, weight);
    linkedSquared.add(square * u * u, weight);
    truthCubed.add(u * u * u, weight);
    addQuantiles(row);
  }

  private void addQuantiles(Observation row) {
    if (quantiles.isPresent()) {
      quantiles.add(row.labelled, row.label, row.quantiles, row.weight);
    }
  }

  @Override
  public void merge(OutcomeState state) {
    RegressionState other = (RegressionState) state;
    if (origin != other.origin) {
      throw new IllegalArgumentException(
          "States of different origins: " + origin + ", " + other.origin);
    }
    rows.merge(other.rows);
    nonZero.merge(other.nonZero);
    LossSum[] mine = sums();
    LossSum[] others = other.sums();
    for (int i = 0; i < mine.length; i++) {
      mine[i].merge(others[i]);
    }
    quantiles.merge(other.quantiles);
    unusable += other.unusable;
  }

  private LossSum[] sums() {
    return new LossSum[] {
      error,
      absolute,
      squared,
      percentage,
      symmetric,
      truth,
      truthSquared,
      linked,
      linkedSquared,
      truthCubed
    };
  }

  @Override
  public Map<String, Estimate> metrics(MetricOptions options) {
    Map<String, Estimate> metrics = new LinkedHashMap<>();
    Means.positive(absolute.mean(rows), absolute.stdError(rows), rows)
        .ifPresent(estimate -> metrics.put("mae", estimate));
    double mean = squared.mean(rows);
    double root = Math.sqrt(mean);
    Means.positive(root, root == 0 ? 0 : squared.stdError(rows) / (2 * root), rows)
        .ifPresent(estimate -> metrics.put("rmse", estimate));
    Means.positive(percentage.mean(nonZero), percentage.stdError(nonZero), nonZero)
        .ifPresent(estimate -> metrics.put("mape", estimate));
    Means.positive(symmetric.mean(rows), symmetric.stdError(rows), rows)
        .ifPresent(estimate -> metrics.put("smape", estimate));
    determination().ifPresent(estimate -> metrics.put("r2", estimate));
    Means.mean(error, rows).ifPresent(estimate -> metrics.put("bias", estimate));
    quantiles.putMetrics(metrics);
    return metrics;
  }

  /**
   * 1 - Σw(y-ŷ)² / Σw(y-ȳ)², with the standard error of its linearisation: each row moves it by
   * (A/V²·((y-ȳ)²-V) - (e²-A)/V) w/Σw, where A is the mean squared error and V the variance. Empty
   * where truth does not vary.
   */
  private Optional<Estimate> determination() {
    if (rows.rows() < 2 || rows.exactWeight().signum() == 0) {
      return Optional.empty();
    }
    BigDecimal mean = truth.exactSum().divide(rows.exactWeight(), MathContext.DECIMAL128);
    BigDecimal meanSquare =
        truthSquared.exactSum().divide(rows.exactWeight(), MathContext.DECIMAL128);
    double variance = meanSquare.subtract(mean.multiply(mean)).doubleValue();
    double loss = squared.mean(rows);
    if (!(variance > 0)) {
      return Optional.empty();
    }
    double m = mean.doubleValue();
    double share = loss / variance;
    // Σw² of (share·(u-m)² - e²)², whose weighted mean is zero.
    double fourth =
        truthSquared.squares()
            - 4 * m * truthCubed.squaredWeightSum()
            + 6 * m * m * truthSquared.squaredWeightSum()
            - 4 * m * m * m * truth.squaredWeightSum()
            + m * m * m * m * rows.mass().squaredWeight();
    double cross =
        linkedSquared.squaredWeightSum()
            - 2 * m * linked.squaredWeightSum()
            + m * m * squared.squaredWeightSum();
    double sum = share * share * fourth - 2 * share * cross + squared.squares();
    double stdError = Math.sqrt(Math.max(0, sum)) / (variance * rows.mass().weight());
    return Means.estimate(1 - share, stdError, rows)
        .map(estimate -> Means.within(estimate, Double.NEGATIVE_INFINITY, 1));
  }

  @Override
  public List<ConfusionCell> confusionCells() {
    return List.of();
  }

  @Override
  public long unusable() {
    return unusable;
  }

  @Override
  public long unusableScores() {
    return quantiles.unusable();
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeDouble(origin);
    StateBytes.writeCount(out, unusable);
    rows.write(out);
    if (rows.rows() > 0) {
      nonZero.write(out);
      for (LossSum sum : sums()) {
        sum.write(out);
      }
    }
    // The last of the form, and absent from that of a model that predicts none.
    if (quantiles.isPresent()) {
      quantiles.write(out);
    }
  }

  @Override
  public void read(DataInputStream in) throws IOException {
    origin = in.readDouble();
    unusable = StateBytes.readCount(in);
    rows.read(in);
    if (rows.rows() > 0) {
      nonZero.read(in);
      for (LossSum sum : sums()) {
        sum.read(in);
      }
    }
    if (in.available() > 0) {
      quantiles.read(in);
    }
  }
}
