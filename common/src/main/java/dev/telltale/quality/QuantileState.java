package dev.telltale.quality;

import dev.telltale.bytes.StateBytes;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;

/**
 * Predicted quantiles of a quantity with the truth: how far off each is, and whether the interval
 * between the outermost two holds the truth as often as it says.
 *
 * <p>The levels are part of the state. One without levels has seen nothing and takes those that it
 * is merged with. Where levels differ, between nights the team has declared others: of both
 * together nothing can be said, and so it stays whatever is merged.
 */
final class QuantileState {
  private double[] levels;
  private boolean mixed;
  private final MassSum rows = new MassSum();
  private final LossSum meanLoss = new LossSum();
  private LossSum[] losses;
  private final MassSum inside = new MassSum();
  private final MassSum outside = new MassSum();
  private final LossSum width = new LossSum();
  private long unusable;

  /**
   * Of some levels, in 0 to 1.
   *
   * @param levels each once; empty = no quantiles are predicted
   */
  QuantileState(Collection<Double> levels) {
    setLevels(levels.stream().mapToDouble(Double::doubleValue).sorted().toArray());
  }

  private void setLevels(double[] sorted) {
    levels = sorted;
    losses = new LossSum[sorted.length];
    for (int i = 0; i < losses.length; i++) {
      losses[i] = new LossSum();
    }
  }

  /** Whether quantiles are predicted. */
  boolean isPresent() {
    return levels.length > 0 || mixed;
  }

  /**
   * Adds a row.
   *
   * @param quantiles by level, ascending; a row that lacks one, or whose interval or error is
   *     beyond what can be squared, is only counted
   */
  void add(boolean labelled, double label, double[] quantiles, double weight) {
    if (!isUsable(labelled ? label : 0, quantiles, weight)) {
      unusable++;
      return;
    }
    if (!labelled) {
      return;
    }
    rows.add(weight);
    double sum = 0;
    for (int i = 0; i < levels.length; i++) {
      double loss = pinball(levels[i], label, quantiles[i]);
      losses[i].add(loss, weight);
      sum += loss;
    }
    meanLoss.add(sum / levels.length, weight);
    double low = quantiles[0];
    double high = quantiles[levels.length - 1];
    (label >= low && label <= high ? inside : outside).add(weight);
    width.add(high - low, weight);
  }

  private boolean isUsable(double label, double[] quantiles, double weight) {
    if (quantiles == null || quantiles.length != levels.length) {
      return false;
    }
    double largest = 0;
    for (double quantile : quantiles) {
      // The sum of the losses is at most that of the distances; NaN stays NaN.
      largest += Math.abs(quantile - label) + Math.abs(quantile);
    }
    return LossSum.canAdd(largest, weight);
  }

  /**
   * Quantile loss (pinball loss): τ(y-q) where the truth y is above the quantile q, (1-τ)(q-y)
   * where it is below. Its mean is least where q is the quantile of the level τ. Koenker and
   * Bassett 1978, doi:10.2307/1913643; scikit-learn's {@code mean_pinball_loss}.
   */
  private static double pinball(double level, double label, double quantile) {
    double distance = label - quantile;
    return distance >= 0 ? level * distance : (1 - level) * -distance;
  }

  void merge(QuantileState other) {
    if (!other.isPresent()) {
      return;
    }
    if (!isPresent()) {
      setLevels(other.levels.clone());
      mixed = other.mixed;
    }
    unusable += other.unusable;
    if (mixed || other.mixed || !Arrays.equals(levels, other.levels)) {
      mixed = true;
      setLevels(new double[0]);
      return;
    }
    rows.merge(other.rows);
    meanLoss.merge(other.meanLoss);
    for (int i = 0; i < losses.length; i++) {
      losses[i].merge(other.losses[i]);
    }
    inside.merge(other.inside);
    outside.merge(other.outside);
    width.merge(other.width);
  }

  /** Adds the metrics that are defined. */
  void putMetrics(Map<String, Estimate> metrics) {
    if (levels.length == 0) {
      return;
    }
    putLoss("quantile_loss", meanLoss, metrics);
    for (int i = 0; i < levels.length; i++) {
      putLoss("quantile_loss:" + text(levels[i]), losses[i], metrics);
    }
    if (levels.length > 1) {
      String ends = text(levels[0]) + "-" + text(levels[levels.length - 1]);
      ConfusionMetrics.proportion(inside.mass(), outside.mass())
          .ifPresent(one -> metrics.put("interval_coverage:" + ends, one));
      Means.mean(width, rows).ifPresent(one -> metrics.put("mean_interval_width", one));
    }
  }

  private void putLoss(String name, LossSum sum, Map<String, Estimate> metrics) {
    Means.positive(sum.mean(rows), sum.stdError(rows), rows)
        .ifPresent(one -> metrics.put(name, one));
  }

  private static String text(double level) {
    return BigDecimal.valueOf(level).stripTrailingZeros().toPlainString();
  }

  /** Rows without a usable quantile of every level. */
  long unusable() {
    return unusable;
  }

  void write(DataOutput out) throws IOException {
    StateBytes.writeCount(out, levels.length);
    for (double level : levels) {
      out.writeDouble(level);
    }
    StateBytes.writeCount(out, unusable);
    if (mixed) {
      return;
    }
    rows.write(out);
    if (rows.rows() > 0) {
      meanLoss.write(out);
      for (LossSum loss : losses) {
        loss.write(out);
      }
      inside.write(out);
      outside.write(out);
      width.write(out);
    }
  }

  /** Reads what {@link #write} wrote into a state without levels. */
  void read(DataInputStream in) throws IOException {
    double[] stored = new double[StateBytes.readSize(in, Double.BYTES)];
    for (int i = 0; i < stored.length; i++) {
      stored[i] = in.readDouble();
    }
    setLevels(stored);
    mixed = stored.length == 0;
    unusable = StateBytes.readCount(in);
    if (mixed) {
      return;
    }
    rows.read(in);
    if (rows.rows() > 0) {
      meanLoss.read(in);
      for (LossSum loss : losses) {
        loss.read(in);
      }
      inside.read(in);
      outside.read(in);
      width.read(in);
    }
  }
}
