package dev.telltale.stats;

import java.util.Arrays;

/** Corrections of the p-values of a family of tests. */
public enum MultipleTesting {
  /**
   * Holds the false discovery rate for independent and positively dependent tests. Benjamini and
   * Hochberg (1995, doi:10.1111/j.2517-6161.1995.tb02031.x).
   */
  BENJAMINI_HOCHBERG,
  /**
   * Holds the false discovery rate whatever the dependence. Benjamini and Yekutieli (2001,
   * doi:10.1214/aos/1013699998).
   */
  BENJAMINI_YEKUTIELI,
  /** Holds the probability of a single false alarm. Holm (1979, jstor.org/stable/4615733). */
  HOLM;

  /**
   * Adjusted p-values, in the order given: a test is significant at level alpha of the family when
   * its adjusted p-value is below alpha.
   *
   * @param pValues 0 to 1
   * @throws IllegalArgumentException if one is NaN or outside 0 to 1
   */
  public double[] adjust(double[] pValues) {
    int size = pValues.length;
    Integer[] order = new Integer[size];
    for (int i = 0; i < size; i++) {
      if (!(pValues[i] >= 0 && pValues[i] <= 1)) {
        throw new IllegalArgumentException("Not a p-value: " + pValues[i]);
      }
      order[i] = i;
    }
    Arrays.sort(order, (a, b) -> Double.compare(pValues[a], pValues[b]));
    double[] adjusted = new double[size];
    if (this == HOLM) {
      double largest = 0;
      for (int rank = 0; rank < size; rank++) {
        largest = Math.max(largest, (size - rank) * pValues[order[rank]]);
        adjusted[order[rank]] = Math.min(1, largest);
      }
    } else {
      double smallest = 1;
      double factor = this == BENJAMINI_YEKUTIELI ? size * harmonic(size) : size;
      for (int rank = size - 1; rank >= 0; rank--) {
        smallest = Math.min(smallest, factor / (rank + 1) * pValues[order[rank]]);
        adjusted[order[rank]] = smallest;
      }
    }
    return adjusted;
  }

  private static double harmonic(int size) {
    double sum = 0;
    for (int i = size; i >= 1; i--) {
      sum += 1.0 / i;
    }
    return sum;
  }
}
