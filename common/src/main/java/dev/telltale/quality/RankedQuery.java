package dev.telltale.quality;

import java.util.Arrays;

/**
 * What one query of a ranking is worth: items in the order of the answer, each with its relevance.
 *
 * <p>Relevance is a number from 0 on, and an item is relevant if it is above 0. An item of which
 * nothing is known counts as not relevant, as in the pools of TREC: Voorhees 2002,
 * doi:10.1007/3-540-45691-0_34. Every value is in 0 to 1.
 */
final class RankedQuery {
  private final double[] gains;
  private final double[] ideal;
  private final int relevant;

  /**
   * A query.
   *
   * @param relevances of the items in the order of the answer, finite and not negative; NaN = not
   *     known
   */
  RankedQuery(double[] relevances) {
    gains = new double[relevances.length];
    double largest = 0;
    int count = 0;
    for (int i = 0; i < gains.length; i++) {
      gains[i] = Double.isNaN(relevances[i]) ? 0 : relevances[i];
      largest = Math.max(largest, gains[i]);
      count += gains[i] > 0 ? 1 : 0;
    }
    relevant = count;
    for (int i = 0; i < gains.length && largest > 0; i++) {
      // What a gain is measured in cancels out, and so no sum of gains is beyond a double's range.
      gains[i] /= largest;
    }
    ideal = gains.clone();
    Arrays.sort(ideal);
  }

  /** Whether any item is relevant; without, only {@link #precision} says anything. */
  boolean hasRelevant() {
    return relevant > 0;
  }

  /**
   * Relevant items among the first k, of k: also where there are fewer items than k, as in
   * trec_eval.
   */
  double precision(int k) {
    return (double) relevantUpTo(k) / k;
  }

  /** Relevant items among the first k, of all relevant items; NaN without any. */
  double recall(int k) {
    return relevant == 0 ? Double.NaN : (double) relevantUpTo(k) / relevant;
  }

  /** One by the place of the first relevant item, from 1; NaN without any. */
  double reciprocalRank() {
    for (int i = 0; i < gains.length; i++) {
      if (gains[i] > 0) {
        return 1.0 / (i + 1);
      }
    }
    return Double.NaN;
  }

  /**
   * Normalised discounted cumulative gain of the first k: Σ rel/log2(place+1), of what the best
   * order of all items has. Järvelin and Kekäläinen 2002, doi:10.1145/582415.582418. The gain is
   * the relevance itself, as in scikit-learn's {@code ndcg_score}, and not 2^rel - 1. NaN without
   * any relevant item.
   */
  double ndcg(int k) {
    double sum = 0;
    double best = 0;
    for (int i = 0; i < Math.min(k, gains.length); i++) {
      double discount = Math.log(2) / Math.log(i + 2);
      sum += gains[i] * discount;
      best += ideal[ideal.length - 1 - i] * discount;
    }
    return relevant == 0 ? Double.NaN : Math.min(1, sum / best);
  }

  private int relevantUpTo(int k) {
    int count = 0;
    for (int i = 0; i < Math.min(k, gains.length); i++) {
      count += gains[i] > 0 ? 1 : 0;
    }
    return count;
  }
}
