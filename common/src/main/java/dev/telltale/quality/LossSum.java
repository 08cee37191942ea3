package dev.telltale.quality;

import dev.telltale.stats.ExactSum;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;

/**
 * Sums of a quantity of weighted rows from which its mean and the error of the mean follow, in any
 * order with the same result.
 *
 * <p>The squares are summed exactly, so that subtracting the mean costs nothing, which is the usual
 * reason for central moments; those would depend on the order. Not safe for concurrent use.
 */
final class LossSum {
  /** Of rows of weight one, which are most: two sums instead of three. */
  private final ExactSum plain = new ExactSum();

  private final ExactSum weighted = new ExactSum();
  private final ExactSum squaredWeighted = new ExactSum();
  private final ExactSum squares = new ExactSum();

  /**
   * Whether a value and its weight can be added: not NaN, and not so large (from about 1e154 on)
   * that their squares are beyond the range of a double.
   */
  static boolean canAdd(double value, double weight) {
    double term = Math.max(1, weight) * value;
    return Double.isFinite(term * term);
  }

  /** Adds a value that {@link #canAdd can be added}. */
  void add(double value, double weight) {
    if (weight == 1) {
      plain.add(value);
      squares.addSquare(value);
    } else {
      double squaredWeight = weight * weight;
      weighted.add(weight * value);
      squaredWeighted.add(squaredWeight * value);
      squares.addSquare(weight * value);
    }
  }

  void merge(LossSum other) {
    plain.add(other.plain);
    weighted.add(other.weighted);
    squaredWeighted.add(other.squaredWeighted);
    squares.add(other.squares);
  }

  /** Merges the sum of the negated values, if so asked. */
  void mergeSigned(LossSum other, boolean negated) {
    if (!negated) {
      merge(other);
      return;
    }
    plain.subtract(other.plain);
    weighted.subtract(other.weighted);
    squaredWeighted.subtract(other.squaredWeighted);
    squares.add(other.squares);
  }

  /** Σwx, rounded. */
  double sum() {
    return exactSum().doubleValue();
  }

  /** Σwx. */
  BigDecimal exactSum() {
    return plain.exact().add(weighted.exact());
  }

  /** Σw²x, rounded. */
  double squaredWeightSum() {
    return plain.exact().add(squaredWeighted.exact()).doubleValue();
  }

  /** Σw²x², rounded. */
  double squares() {
    return squares.value();
  }

  /** Σwx / Σw, the weighted mean; NaN without weight. */
  double mean(MassSum mass) {
    return sum() / mass.mass().weight();
  }

  /**
   * Σw²(x-m)² for any m, rounded once.
   *
   * @param mean m, finite
   */
  double squaredDeviations(MassSum mass, BigDecimal mean) {
    BigDecimal twice = mean.multiply(BigDecimal.valueOf(2));
    BigDecimal cross = plain.exact().add(squaredWeighted.exact()).multiply(twice);
    BigDecimal constant = mean.multiply(mean).multiply(mass.exactSquaredWeight());
    return Math.max(0, squares.exact().subtract(cross).add(constant).doubleValue());
  }

  /**
   * Standard error of the weighted mean m: √(n/(n-1) Σw²(x-m)²) / Σw, Särndal, Swensson and
   * Wretman, Model Assisted Survey Sampling (1992), section 5.7 without the finite population. NaN
   * for fewer than two rows, or without weight.
   */
  double stdError(MassSum mass) {
    long rows = mass.rows();
    if (rows < 2 || mass.exactWeight().signum() == 0) {
      return Double.NaN;
    }
    BigDecimal mean = exactSum().divide(mass.exactWeight(), MathContext.DECIMAL128);
    double ratio = (double) rows / (rows - 1);
    return Math.sqrt(squaredDeviations(mass, mean) * ratio) / mass.mass().weight();
  }

  void write(DataOutput out) throws IOException {
    Sums.write(out, plain);
    Sums.write(out, weighted);
    Sums.write(out, squaredWeighted);
    Sums.write(out, squares);
  }

  void read(DataInputStream in) throws IOException {
    Sums.read(in, plain);
    Sums.read(in, weighted);
    Sums.read(in, squaredWeighted);
    Sums.read(in, squares);
  }
}
