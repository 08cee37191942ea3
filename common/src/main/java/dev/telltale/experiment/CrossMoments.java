package dev.telltale.experiment;

import dev.telltale.bytes.StateBytes;
import java.io.IOException;
import java.util.Arrays;

/**
 * Mergeable count, means and central cross-moments of rows of finite values: what every comparison
 * of means, ratios and covariates needs.
 *
 * <p>Rows are gathered in blocks; a block's deviations are taken from its own means, and blocks and
 * partial results are merged by the pairwise update of Chan et al. (1983,
 * doi:10.1080/00031305.1983.10483115), never through sums of squares. Means are kept as unevaluated
 * sums of two doubles: at a mean of 1e9 the rounding of one double would show in the variance. With
 * p columns a row costs p (p + 1) / 2 multiplications and the state takes as many doubles. Not safe
 * for concurrent use.
 */
public final class CrossMoments {
  /** Rows of a block: merging a block costs about two rows, so a thirtieth of the whole. */
  private static final int BLOCK_ROWS = 64;

  private static final byte KIND = 'X';

  /** More columns than anybody compares: bytes that tell of more take no memory. */
  private static final int MOST_COLUMNS = 1_000;

  /** A covariance may exceed what its variances allow by the rounding of whoever wrote it down. */
  private static final double ROUNDING = 1e-9;

  private final int columns;
  private final double[] means;
  private final double[] meansLow;
  private final double[] products;
  private long n;
  private double[] block;
  private double[] scratch;
  private int blockRows;

  /** Moments of no rows. */
  public CrossMoments(int columns) {
    this.columns = columns;
    this.means = new double[columns];
    this.meansLow = new double[columns];
    this.products = new double[columns * (columns + 1) / 2];
  }

  /**
   * Moments that somebody else computed.
   *
   * @param n rows
   * @param means a mean per column
   * @param covariances sample covariances (divisor n - 1), symmetric, a row per column
   * @throws IllegalArgumentException if no rows can have them: the message says why
   */
  public static CrossMoments of(long n, double[] means, double[][] covariances) {
    if (n < 1) {
      throw new IllegalArgumentException("n is " + n + ", must be at least 1");
    }
    CrossMoments moments = new CrossMoments(means.length);
    moments.n = n;
    for (int i = 0; i < means.length; i++) {
      requireFinite("mean", means[i]);
      moments.means[i] = means[i];
      requireFinite("variance", covariances[i][i]);
      if (covariances[i][i] < 0) {
        throw new IllegalArgumentException("variance is negative: " + covariances[i][i]);
      }
      for (int j = i; j < means.length; j++) {
        requireFinite("covariance", covariances[i][j]);
        double bound = Math.sqrt(covariances[i][i]) * Math.sqrt(covariances[j][j]);
        if (Math.abs(covariances[i][j]) > bound * (1 + ROUNDING)) {
          throw new IllegalArgumentException(
              "covariance "
                  + covariances[i][j]
                  + " is beyond "
                  + bound
                  + ", the product of the standard deviations");
        }
        moments.products[moments.index(i, j)] = covariances[i][j] * (n - 1);
      }
    }
    return moments;
  }

  private static void requireFinite(String what, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(what + " is " + value);
    }
  }

  /** Number of columns. */
  public int columns() {
    return columns;
  }

  /** Adds a row of finite values, as many as there are columns. */
  public void add(double[] row) {
    if (row.length != columns) {
      throw new IllegalArgumentException(row.length + " values for " + columns + " columns");
    }
    if (block == null) {
      block = new double[BLOCK_ROWS * columns];
      scratch = new double[products.length];
    }
    System.arraycopy(row, 0, block, blockRows * columns, columns);
    if (++blockRows == BLOCK_ROWS) {
      flush();
    }
  }

  /** Adds the rows of another instance of as many columns, which keeps its value. */
  public void merge(CrossMoments other) {
    if (other.columns != columns) {
      throw new IllegalArgumentException(other.columns + " columns into " + columns);
    }
    flush();
    other.flush();
    merge(other.n, other.means, other.meansLow, other.products);
  }

  private void flush() {
    if (blockRows == 0) {
      return;
    }
    int rows = blockRows;
    blockRows = 0;
    double[] centers = new double[columns];
    double[] shifts = new double[columns];
    for (int row = 1; row < rows; row++) {
      for (int i = 0, at = row * columns; i < columns; i++, at++) {
        centers[i] += block[at] - block[i];
      }
    }
    for (int i = 0; i < columns; i++) {
      centers[i] = block[i] + centers[i] / rows;
    }
    Arrays.fill(scratch, 0);
    for (int row = 0; row < rows; row++) {
      int start = row * columns;
      for (int i = 0; i < columns; i++) {
        double deviation = block[start + i] - centers[i];
        block[start + i] = deviation;
        shifts[i] += deviation;
      }
      for (int i = 0, at = 0; i < columns; i++) {
        double deviation = block[start + i];
        if (deviation == 0) {
          at += columns - i;
          continue;
        }
        for (int j = i; j < columns; j++, at++) {
          scratch[at] += deviation * block[start + j];
        }
      }
    }
    for (int i = 0; i < columns; i++) {
      shifts[i] /= rows;
    }
    for (int i = 0, at = 0; i < columns; i++) {
      for (int j = i; j < columns; j++, at++) {
        scratch[at] -= rows * shifts[i] * shifts[j];
      }
    }
    merge(rows, centers, shifts, scratch);
  }

  private void merge(long n2, double[] means2, double[] low2, double[] products2) {
    if (n2 == 0) {
      return;
    }
    if (n == 0) {
      n = n2;
      System.arraycopy(means2, 0, means, 0, columns);
      System.arraycopy(low2, 0, meansLow, 0, columns);
      System.arraycopy(products2, 0, products, 0, products.length);
      return;
    }
    long total = n + n2;
    double share = (double) n2 / total;
    double factor = n * share;
    double[] deltas = new double[columns];
    for (int i = 0; i < columns; i++) {
      deltas[i] = (means2[i] - means[i]) + (low2[i] - meansLow[i]);
    }
    for (int i = 0, at = 0; i < columns; i++) {
      double scaled = factor * deltas[i];
      for (int j = i; j < columns; j++, at++) {
        products[at] += products2[at] + scaled * deltas[j];
      }
    }
    for (int i = 0; i < columns; i++) {
      double step = meansLow[i] + deltas[i] * share;
      double high = means[i] + step;
      double virtual = high - means[i];
      meansLow[i] = (means[i] - (high - virtual)) + (step - virtual);
      means[i] = high;
    }
    n = total;
  }

  /** Rows. */
  public long n() {
    return n + blockRows;
  }

  /** Mean of a column; NaN without rows. */
  public double mean(int column) {
    flush();
    return n == 0 ? Double.NaN : means[column];
  }

  /** Sample covariance of two columns, divisor n - 1; NaN with fewer than two rows. */
  public double covariance(int first, int second) {
    flush();
    return n < 2 ? Double.NaN : products[index(first, second)] / (n - 1);
  }

  /** Sample variance of a column, divisor n - 1; NaN with fewer than two rows. */
  public double variance(int column) {
    return Math.max(0, covariance(column, column));
  }

  /**
   * Whether a column holds nothing but zeros and ones: then, and for other values only by accident,
   * the sum of squared deviations is n p (1 - p).
   */
  public boolean isBinary(int column) {
    flush();
    double mean = means[column] + meansLow[column];
    double expected = n * mean * (1 - mean);
    double count = n * mean;
    return n > 0
        && mean >= 0
        && mean <= 1
        && Math.abs(products[index(column, column)] - expected) <= 1e-9 * Math.max(1, expected)
        && Math.abs(count - Math.rint(count)) <= 1e-6;
  }

  /**
   * Moments of the other rows; this instance keeps its value.
   *
   * @param row one of the rows; of another row the result means nothing
   */
  public CrossMoments without(double[] row) {
    flush();
    if (row.length != columns || n == 0) {
      throw new IllegalArgumentException(
          row.length + " values out of " + n + " rows of " + columns + " columns");
    }
    CrossMoments others = new CrossMoments(columns);
    if (n == 1) {
      return others;
    }
    others.n = n - 1;
    double[] deviations = new double[columns];
    for (int i = 0; i < columns; i++) {
      deviations[i] = (row[i] - means[i]) - meansLow[i];
      others.means[i] = means[i];
      others.meansLow[i] = meansLow[i] - deviations[i] / (n - 1);
    }
    double factor = n / (n - 1.0);
    for (int i = 0, at = 0; i < columns; i++) {
      for (int j = i; j < columns; j++, at++) {
        others.products[at] = products[at] - factor * deviations[i] * deviations[j];
      }
    }
    for (int i = 0; i < columns; i++) {
      double high = others.means[i] + others.meansLow[i];
      double virtual = high - others.means[i];
      others.meansLow[i] = (others.means[i] - (high - virtual)) + (others.meansLow[i] - virtual);
      others.means[i] = high;
    }
    return others;
  }

  private int index(int first, int second) {
    int i = Math.min(first, second);
    int j = Math.max(first, second);
    return i * columns - i * (i - 1) / 2 + (j - i);
  }

  /** The stored form. */
  public byte[] toBytes() {
    flush();
    return StateBytes.encode(
        KIND,
        out -> {
          StateBytes.writeCount(out, columns);
          StateBytes.writeCount(out, n);
          for (int i = 0; i < columns && n > 0; i++) {
            out.writeDouble(means[i]);
            out.writeDouble(meansLow[i]);
          }
          for (int at = 0; at < products.length && n > 0; at++) {
            out.writeDouble(products[at]);
          }
        });
  }

  /**
   * Reads what {@link #toBytes} wrote.
   *
   * @throws dev.telltale.error.TelltaleException if the bytes are no such state
   */
  public static CrossMoments read(byte[] bytes) {
    return StateBytes.decode(
        bytes,
        (kind, in) -> {
          if (kind != KIND) {
            throw new IOException("It is of kind " + kind + ", no cross-moments");
          }
          long columns = StateBytes.readCount(in);
          if (columns > MOST_COLUMNS) {
            throw new IOException("It has " + columns + " columns");
          }
          CrossMoments moments = new CrossMoments((int) columns);
          moments.n = StateBytes.readCount(in);
          for (int i = 0; i < columns && moments.n > 0; i++) {
            moments.means[i] = in.readDouble();
            moments.meansLow[i] = in.readDouble();
          }
          for (int at = 0; at < moments.products.length && moments.n > 0; at++) {
            moments.products[at] = in.readDouble();
          }
          return moments;
        });
  }
}
