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
  /**
   * Holds the probability of a single false alarm whatever the dependence. Holm (1979,
   * jstor.org/stable/4615733).
   */
  HOLM,
  /**
   * Holds the probability of a single false alarm for independent and positively dependent tests,
   * and never rejects less than Holm. Hochberg (1988, doi:10.1093/biomet/75.4.800).
   */
  HOCHBERG,
  /**
   * Holds the probability of a single false alarm whatever the dependence; never rejects more than
   * Holm, but has the simplest intervals. Dunn (1961, doi:10.1080/01621459.1961.10482090).
   */
  BONFERRONI;

  /** Whether the share of false ones among the rejected is held, not the chance of a single one. */
  public boolean controlsFalseDiscoveryRate() {
    return this == BENJAMINI_HOCHBERG || this == BENJAMINI_YEKUTIELI;
  }

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
    double harmonic = this == BENJAMINI_YEKUTIELI ? harmonic(size) : 1;
    boolean upwards = this == HOLM || this == BONFERRONI;
    double last = upwards ? 0 : 1;
    for (int step = 0; step < size; step++) {
      int rank = upwards ? step : size - 1 - step;
      double factor =
          switch (this) {
            case HOLM, HOCHBERG -> size - rank;
            case BONFERRONI -> size;
            case BENJAMINI_HOCHBERG, BENJAMINI_YEKUTIELI -> size * harmonic / (rank + 1);
          };
      double product = factor * pValues[order[rank]];
      last = upwards ? Math.max(last, product) : Math.min(last, product);
      adjusted[order[rank]] = Math.min(1, last);
    }
    return adjusted;
  }

  static double harmonic(int size) {
    double sum = 0;
    for (int i = size; i >= 1; i--) {
      sum += 1.0 / i;
    }
    return sum;
  }
}
