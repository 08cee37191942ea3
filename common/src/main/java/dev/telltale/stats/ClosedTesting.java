package dev.telltale.stats;

import java.util.Arrays;

/**
 * Gatekeeping: hypotheses that are tested with the alpha that others pass on when they are
 * rejected. Every procedure here is a closed test and holds the probability of a single false alarm
 * over all hypotheses together, whatever the dependence of the p-values.
 *
 * <p>An instance is a graph of Bretz, Maurer, Brannath and Posch (2009, doi:10.1002/sim.3495): each
 * hypothesis has a share of alpha, and when rejected it hands it along the edges. For declared
 * families of which a later one waits until all of the earlier are rejected there is {@link
 * #serial}, which needs no graph. Immutable.
 */
public final class ClosedTesting {
  /** What shares may exceed 1 by, after they were computed. */
  private static final double ROUNDING = 1e-9;

  private final double[] shares;
  private final double[][] passed;

  private ClosedTesting(double[] shares, double[][] passed) {
    this.shares = shares;
    this.passed = passed;
  }

  /**
   * A graph.
   *
   * @param shares of alpha of each hypothesis at first, 0 to 1, together at most 1
   * @param passed for each hypothesis the part of its share that it hands to each other one when it
   *     is rejected: 0 to 1, a row together at most 1, none to itself
   * @throws IllegalArgumentException otherwise
   */
  public static ClosedTesting graph(double[] shares, double[][] passed) {
    checkShares(shares, "Shares");
    if (passed.length != shares.length) {
      throw new IllegalArgumentException(
          passed.length + " rows for " + shares.length + " hypotheses");
    }
    double[][] copy = new double[passed.length][];
    for (int i = 0; i < passed.length; i++) {
      if (passed[i].length != shares.length || passed[i][i] != 0) {
        throw new IllegalArgumentException("Row " + i + ": " + Arrays.toString(passed[i]));
      }
      checkShares(passed[i], "Row " + i);
      copy[i] = passed[i].clone();
    }
    return new ClosedTesting(shares.clone(), copy);
  }

  /**
   * Families in a row, the first with all of alpha in equal shares. A rejected hypothesis hands the
   * part {@code onwards} of its share to the next family, where it is split equally, and keeps the
   * rest for the others of its own family, as Holm does; the last family keeps everything. With 1 a
   * family is tested as by Bonferroni and each rejection opens the next one a little; near 0 it is
   * tested as by Holm, and little arrives before all are rejected.
   *
   * @param onwards above 0, at most 1; for 0 see {@link #serial}
   * @param sizes of the families, at least 1 each
   */
  public static ClosedTesting families(double onwards, int... sizes) {
    if (!(onwards > 0 && onwards <= 1) || Arrays.stream(sizes).anyMatch(size -> size < 1)) {
      throw new IllegalArgumentException(onwards + " onwards, sizes " + Arrays.toString(sizes));
    }
    int all = Arrays.stream(sizes).sum();
    double[] shares = new double[all];
    double[][] passed = new double[all][all];
    int start = 0;
    for (int family = 0; family < sizes.length; family++) {
      int end = start + sizes[family];
      boolean last = family == sizes.length - 1;
      for (int i = start; i < end; i++) {
        shares[i] = family == 0 ? 1.0 / sizes[0] : 0;
        // The only one of a family has nobody else to keep anything for.
        double leaves = last ? 0 : sizes[family] == 1 ? 1 : onwards;
        for (int j = start; j < end; j++) {
          passed[i][j] = i == j ? 0 : (1 - leaves) / (sizes[family] - 1);
        }
        for (int j = end; !last && j < end + sizes[family + 1]; j++) {
          passed[i][j] = leaves / sizes[family + 1];
        }
      }
      start = end;
    }
    return new ClosedTesting(shares, passed);
  }

  /**
   * Adjusted p-values of families in a row of which a later one is tested, with all of alpha, only
   * if every hypothesis of the earlier ones is rejected: within its family each is corrected as
   * chosen, and no adjusted p-value is less than one of an earlier family. Maurer, Hothorn and
   * Lehmacher (1995); Westfall and Krishen (2001, doi:10.1016/S0378-3758(01)00077-5). Time as of
   * sorting.
   *
   * @param within one that holds the probability of a single false alarm: not one of a false
   *     discovery rate
   * @param families p-values 0 to 1; an empty family passes everything on
   */
  public static double[][] serial(MultipleTesting within, double[]... families) {
    if (within.controlsFalseDiscoveryRate()) {
      throw new IllegalArgumentException(within + " of a family passes no alpha on");
    }
    double[][] adjusted = new double[families.length][];
    double gate = 0;
    for (int family = 0; family < families.length; family++) {
      adjusted[family] = within.adjust(families[family]);
      double next = gate;
      for (int i = 0; i < adjusted[family].length; i++) {
        adjusted[family][i] = Math.max(gate, adjusted[family][i]);
        next = Math.max(next, adjusted[family][i]);
      }
      gate = next;
    }
    return adjusted;
  }

  /**
   * Adjusted p-values in the order given, by algorithm 2 of Bretz et al.: a hypothesis is rejected
   * at level alpha of all together when its adjusted p-value is below alpha. Time is cubic in the
   * number of hypotheses.
   *
   * @param pValues 0 to 1, one for each hypothesis
   */
  public double[] adjust(double[] pValues) {
    checkPValues(pValues);
    double[] adjusted = new double[pValues.length];
    Arrays.fill(adjusted, 1);
    boolean[] rejected = new boolean[pValues.length];
    double[] weights = shares.clone();
    double[][] edges = Arrays.stream(passed).map(double[]::clone).toArray(double[][]::new);
    double largest = 0;
    for (int step = 0; step < pValues.length; step++) {
      int next = -1;
      for (int i = 0; i < pValues.length; i++) {
        // Compared as products: a quotient of zeros has no order.
        if (!rejected[i]
            && weights[i] > 0
            && (next < 0 || pValues[i] * weights[next] < pValues[next] * weights[i])) {
          next = i;
        }
      }
      if (next < 0) {
        break;
      }
      largest = Math.min(1, Math.max(largest, pValues[next] / weights[next]));
      adjusted[next] = largest;
      rejected[next] = true;
      remove(next, rejected, weights, edges);
    }
    return adjusted;
  }

  /**
   * The level at which each hypothesis is tested, in the order given, by algorithm 1 of Bretz et
   * al.: of a rejected one that at which it was rejected, of the others that at which they would be
   * now. Rejected are exactly those whose p-value is at most their level, where that is above 0.
   * Time is cubic in the number of hypotheses.
   *
   * @param pValues 0 to 1, one for each hypothesis
   * @param alpha of all together, above 0, below 1
   * @return 0 to {@code alpha}
   */
  public double[] levels(double[] pValues, double alpha) {
    checkPValues(pValues);
    if (!(alpha > 0 && alpha < 1)) {
      throw new IllegalArgumentException("Not an alpha: " + alpha);
    }
    boolean[] rejected = new boolean[pValues.length];
    double[] weights = shares.clone();
    double[][] edges = Arrays.stream(passed).map(double[]::clone).toArray(double[][]::new);
    double[] levels = new double[pValues.length];
    for (int step = 0; step < pValues.length; step++) {
      int next = -1;
      for (int i = 0; i < pValues.length; i++) {
        boolean isRejected = !rejected[i] && weights[i] > 0 && pValues[i] <= alpha * weights[i];
        if (isRejected && (next < 0 || pValues[i] * weights[next] < pValues[next] * weights[i])) {
          next = i;
        }
      }
      if (next < 0) {
        break;
      }
      levels[next] = alpha * weights[next];
      rejected[next] = true;
      remove(next, rejected, weights, edges);
    }
    for (int i = 0; i < levels.length; i++) {
      levels[i] = Math.min(alpha, rejected[i] ? levels[i] : alpha * weights[i]);
    }
    return levels;
  }

  private void checkPValues(double[] pValues) {
    if (pValues.length != shares.length) {
      throw new IllegalArgumentException(
          pValues.length + " p-values for " + shares.length + " hypotheses");
    }
    for (double p : pValues) {
      if (!(p >= 0 && p <= 1)) {
        throw new IllegalArgumentException("Not a p-value: " + p);
      }
    }
  }

  /** Hands the weight on, and joins the edges to the removed hypothesis with those from it. */
  private static void remove(int gone, boolean[] rejected, double[] weights, double[][] edges) {
    for (int i = 0; i < weights.length; i++) {
      if (rejected[i]) {
        continue;
      }
      weights[i] += weights[gone] * edges[gone][i];
      double back = edges[i][gone] * edges[gone][i];
      for (int j = 0; j < weights.length; j++) {
        if (!rejected[j]) {
          double joined = edges[i][j] + edges[i][gone] * edges[gone][j];
          edges[i][j] = i == j || back >= 1 ? 0 : joined / (1 - back);
        }
      }
    }
  }

  private static void checkShares(double[] shares, String what) {
    double sum = 0;
    for (double share : shares) {
      if (!(share >= 0 && share <= 1)) {
        throw new IllegalArgumentException(what + ": " + Arrays.toString(shares));
      }
      sum += share;
    }
    if (sum > 1 + ROUNDING) {
      throw new IllegalArgumentException(what + " above 1: " + Arrays.toString(shares));
    }
  }
}
