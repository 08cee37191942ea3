package dev.telltale.quality;

/**
 * What a quality state is made for.
 *
 * @param exactScores distinct scores that are told apart before they share cells
 * @param origin value near the mean of the labels of a regression; any gives the same metrics, this
 *     one their errors without rounding
 * @param negativeUpTo a rating up to this is negative; NaN = none is
 */
public record StateOptions(int exactScores, double origin, double negativeUpTo) {
  /** What holds where nothing is known. */
  public static final StateOptions DEFAULTS =
      new StateOptions(QualityState.EXACT_SCORES, 0, Double.NaN);
}
