package dev.telltale.quality;

import dev.telltale.bytes.StateBytes;
import java.io.IOException;
import java.util.Optional;
import org.apache.commons.math3.distribution.ChiSquaredDistribution;

/**
 * What a KPI was worth: the sum over weighted rows, predictions or events, in any order with the
 * same result. Not safe for concurrent use.
 */
public final class KpiState {
  private static final byte KIND = 'K';
  private static final double LOWER = 0.025;

  private final MassSum rows = new MassSum();
  private final LossSum values = new LossSum();

  /** Adds a row, unless its value or weight cannot be summed. */
  public void add(double value, double weight) {
    boolean usable =
        weight == 0
            || (weight >= 1 / QualityState.MOST_WEIGHT && weight <= QualityState.MOST_WEIGHT);
    if (usable && LossSum.canAdd(value, weight)) {
      rows.add(weight);
      values.add(value, weight);
    }
  }

  /** Adds another state. */
  public void merge(KpiState other) {
    rows.merge(other.rows);
    values.merge(other.values);
  }

  /** Number of rows. */
  public long rows() {
    return rows.rows();
  }

  /** The mean with its t interval, 95 %; empty without rows. */
  public Optional<Estimate> mean() {
    return Means.mean(values, rows);
  }

  /**
   * The number of rows with its 95 % interval as if they came independently: the exact one of a
   * Poisson mean (Garwood 1936, doi:10.1093/biomet/28.3-4.437).
   */
  public Estimate count() {
    long count = rows();
    double low = count == 0 ? 0 : quantile(LOWER, 2.0 * count) / 2;
    double high = quantile(1 - LOWER, 2.0 * count + 2) / 2;
    return Estimate.of((double) count, Math.sqrt((double) count), low, high, count);
  }

  private static double quantile(double probability, double degrees) {
    return new ChiSquaredDistribution(null, degrees).inverseCumulativeProbability(probability);
  }

  /** The state as bytes; equal states have equal bytes. */
  public byte[] toBytes() {
    return StateBytes.encode(
        KIND,
        out -> {
          rows.write(out);
          values.write(out);
        });
  }

  /**
   * The state of some bytes.
   *
   * @throws dev.telltale.error.TelltaleException if the bytes are none
   */
  public static KpiState read(byte[] bytes) {
    return StateBytes.decode(
        bytes,
        (kind, in) -> {
          if (kind != KIND) {
            throw new IOException("This is no state of a KPI: " + kind);
          }
          KpiState state = new KpiState();
          state.rows.read(in);
          state.values.read(in);
          return state;
        });
  }
}
