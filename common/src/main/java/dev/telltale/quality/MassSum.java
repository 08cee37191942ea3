package dev.telltale.quality;

import dev.telltale.bytes.StateBytes;
import dev.telltale.stats.ExactSum;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.math.BigDecimal;

/**
 * Counts weighted rows, in any order with the same result. Rows of weight one are counted as whole
 * numbers. Not safe for concurrent use.
 */
final class MassSum {
  private long ones;
  private long weighted;
  private final ExactSum weight = new ExactSum();
  private final ExactSum squaredWeight = new ExactSum();

  void add(double rowWeight) {
    if (rowWeight == 1) {
      ones++;
    } else {
      weighted++;
      weight.add(rowWeight);
      squaredWeight.add(rowWeight * rowWeight);
    }
  }

  void merge(MassSum other) {
    ones += other.ones;
    weighted += other.weighted;
    weight.add(other.weight);
    squaredWeight.add(other.squaredWeight);
  }

  long rows() {
    return ones + weighted;
  }

  Mass mass() {
    return weighted == 0
        ? Mass.of(ones)
        : new Mass(rows(), ones + weight.value(), ones + squaredWeight.value());
  }

  BigDecimal exactWeight() {
    return BigDecimal.valueOf(ones).add(weight.exact());
  }

  BigDecimal exactSquaredWeight() {
    return BigDecimal.valueOf(ones).add(squaredWeight.exact());
  }

  void write(DataOutput out) throws IOException {
    StateBytes.writeCount(out, ones);
    StateBytes.writeCount(out, weighted);
    if (weighted > 0) {
      Sums.write(out, weight);
      Sums.write(out, squaredWeight);
    }
  }

  void read(DataInputStream in) throws IOException {
    ones += StateBytes.readCount(in);
    long rows = StateBytes.readCount(in);
    if (rows > 0) {
      weighted += rows;
      Sums.read(in, weight);
      Sums.read(in, squaredWeight);
    }
  }
}
