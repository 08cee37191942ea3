package dev.telltale.quality;

import java.util.List;

/**
 * What a quality state is made for.
 *
 * @param exactScores distinct scores that are told apart before they share cells
 * @param origin value near the mean of the labels of a regression; any gives the same metrics, this
 *     one their errors without rounding
 * @param negativeUpTo a rating up to this is negative; NaN = none is
 * @param cutoffs how many first places of a ranking are looked at, each from 1
 * @param quantileLevels levels of the quantiles that a regression predicts, each in 0 to 1; empty =
 *     it predicts none
 */
public record StateOptions(
    int exactScores,
    double origin,
    double negativeUpTo,
    List<Integer> cutoffs,
    List<Double> quantileLevels) {
  /** What holds where nothing is known. */
  public static final StateOptions DEFAULTS =
      new StateOptions(QualityState.EXACT_SCORES, 0, Double.NaN);

  /** Copies the lists. */
  public StateOptions {
    cutoffs = List.copyOf(cutoffs);
    quantileLevels = List.copyOf(quantileLevels);
  }

  /** Of a task that is neither a ranking nor predicts quantiles. */
  public StateOptions(int exactScores, double origin, double negativeUpTo) {
    this(exactScores, origin, negativeUpTo, List.of(), List.of());
  }
}
