package dev.telltale.quality;

import dev.telltale.bytes.StateBytes;
import dev.telltale.stats.PoissonInterval;
import java.io.IOException;
import java.util.Optional;

/**
 * What a KPI was worth: the sum over weighted rows, predictions or events, in any order with the
 * same result. Not safe for concurrent use.
 */
public final class KpiState {
  private static final byte KIND = 'K';

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
   * The number of rows with its 95 % interval as if they came independently: that of a Poisson
   * mean.
   */
  public Estimate count() {
    long count = rows();
    PoissonInterval interval = PoissonInterval.of(count);
    return Estimate.of(
        (double) count, Math.sqrt((double) count), interval.low(), interval.high(), count);
  }

  /** The sum over the rows, each as often as its weight says. */
  public double total() {
    return values.sum();
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
