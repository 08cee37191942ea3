package dev.telltale.stats;

import java.util.function.DoubleBinaryOperator;

/**
 * Distances between the shares of two samples over the same bins. Bins that neither sample has do
 * not count. All are NaN if a sample is empty, and finite otherwise.
 */
public final class Distances {
  /** A bin that one sample lacks counts as half a row where a logarithm needs a share. */
  private static final double HALF_ROW = 0.5;

  private Distances() {}

  /**
   * Population stability index \( \sum (r - c) \ln (r / c) \); symmetric, at least 0. A zero count
   * is half a row, and the shares of its side are taken of the total with the half rows.
   */
  public static double populationStabilityIndex(long[] reference, long[] current) {
    return logarithmic(reference, current, (p, q) -> (p - q) * Math.log(p / q));
  }

  /**
   * Kullback-Leibler divergence of the current shares from the reference's, \( \sum r \ln (r / c)
   * \), in nats, at least 0. Zero counts as in {@link #populationStabilityIndex}.
   */
  public static double kullbackLeibler(long[] reference, long[] current) {
    return logarithmic(reference, current, (p, q) -> p * Math.log(p / q));
  }

  /**
   * Jensen-Shannon distance: the square root of the divergence in bits, a metric in 0 to 1. Endres
   * and Schindelin (2003, doi:10.1109/TIT.2003.813506).
   */
  public static double jensenShannon(long[] reference, long[] current) {
    double divergence =
        sum(
            reference,
            current,
            (r, c, n, m) -> {
              double p = r / n;
              double q = c / m;
              double middle = (p + q) / 2;
              return (share(p, middle) + share(q, middle)) / 2;
            });
    return Math.min(1, Math.sqrt(notNegative(divergence / Math.log(2))));
  }

  /** Hellinger distance \( \sqrt{\frac12 \sum (\sqrt r - \sqrt c)^2} \), 0 to 1. */
  public static double hellinger(long[] reference, long[] current) {
    double sum =
        sum(
            reference,
            current,
            (r, c, n, m) -> {
              double difference = Math.sqrt(r / n) - Math.sqrt(c / m);
              return difference * difference;
            });
    return Math.min(1, Math.sqrt(sum / 2));
  }

  /** Total variation \( \frac12 \sum |r - c| \), 0 to 1. */
  public static double totalVariation(long[] reference, long[] current) {
    return Math.min(1, sum(reference, current, (r, c, n, m) -> Math.abs(r / n - c / m)) / 2);
  }

  /** Largest difference of a share, 0 to 1. */
  public static double chebyshev(long[] reference, long[] current) {
    double n = total(reference);
    double m = total(current);
    double largest = n == 0 || m == 0 ? Double.NaN : 0;
    for (int i = 0; i < reference.length; i++) {
      largest = Math.max(largest, Math.abs(reference[i] / n - current[i] / m));
    }
    return largest;
  }

  private static double share(double p, double middle) {
    return p == 0 ? 0 : p * Math.log(p / middle);
  }

  private static double logarithmic(long[] reference, long[] current, DoubleBinaryOperator term) {
    double n = total(reference);
    double m = total(current);
    if (n == 0 || m == 0) {
      return Double.NaN;
    }
    for (int i = 0; i < reference.length; i++) {
      n += reference[i] == 0 && current[i] > 0 ? HALF_ROW : 0;
      m += current[i] == 0 && reference[i] > 0 ? HALF_ROW : 0;
    }
    double sum = 0;
    for (int i = 0; i < reference.length; i++) {
      if (reference[i] > 0 || current[i] > 0) {
        double p = Math.max(HALF_ROW, (double) reference[i]) / n;
        double q = Math.max(HALF_ROW, (double) current[i]) / m;
        sum += term.applyAsDouble(p, q);
      }
    }
    return notNegative(sum);
  }

  private static double notNegative(double value) {
    return value < 0 ? 0 : value;
  }

  private static double sum(long[] reference, long[] current, Term term) {
    double n = total(reference);
    double m = total(current);
    if (n == 0 || m == 0) {
      return Double.NaN;
    }
    double sum = 0;
    for (int i = 0; i < reference.length; i++) {
      if (reference[i] > 0 || current[i] > 0) {
        sum += term.of((double) reference[i], (double) current[i], n, m);
      }
    }
    return sum;
  }

  private static double total(long[] counts) {
    double total = 0;
    for (long count : counts) {
      total += count;
    }
    return total;
  }

  private interface Term {
    double of(double r, double c, double n, double m);
  }
}
