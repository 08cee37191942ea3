package dev.telltale.drift;

import dev.telltale.profile.ColumnState;

/**
 * Counts of rows that stand for several, as so many as they are worth: a test on them has the
 * variance that the weights give it, to the first order of Rao and Scott (1981,
 * doi:10.1080/01621459.1981.10477633), and shares stay as they are up to rounding.
 */
final class Worth {
  /** Effective rows by rows, in 0 to 1; 1 where each row stands for itself. */
  private final double ratio;

  Worth(ColumnState state) {
    this.ratio = state.repeats() == 0 ? 1 : state.effectiveRows() / state.rows();
  }

  /** Rounded at their running sum, so that many small counts add up to what they are worth. */
  long[] of(long[] counts) {
    if (ratio == 1) {
      return counts;
    }
    long[] worth = new long[counts.length];
    long sum = 0;
    long before = 0;
    for (int i = 0; i < counts.length; i++) {
      sum += counts[i];
      long rounded = of(sum);
      worth[i] = rounded - before;
      before = rounded;
    }
    return worth;
  }

  long of(long count) {
    return ratio == 1 ? count : Math.round(ratio * count);
  }

  double of(double sum) {
    return ratio * sum;
  }
}
