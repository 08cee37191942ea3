package dev.telltale.stats;

/**
 * The exact test of two proportions given the total of successes: Fisher (1935,
 * doi:10.2307/2342435). SciPy's {@code fisher_exact}.
 */
public final class FisherExactTest {
  /** Tables within this relative distance count as equally probable, as in R and SciPy. */
  private static final double SAME = 1 + 1e-7;

  /** Less probable against the mode is impossible: below, doubles no longer shrink by a ratio. */
  private static final double NOTHING = 1e-300;

  private FisherExactTest() {}

  /**
   * P-value of the variant's proportion against the control's. Two-sided it is the probability of
   * all tables that are not more probable than the one seen. Time grows with the standard deviation
   * of the hypergeometric distribution: at most with the root of the trials.
   *
   * @return 0 to 1; 1 if an arm is empty
   */
  public static double pValue(TwoProportions counts, Alternative alternative) {
    if (counts.isEmpty()) {
      return 1;
    }
    Weights weights = new Weights(counts);
    double seen = weights.of(counts.variantSuccesses());
    double limit = seen * SAME;
    double total = 0;
    double chosen = 0;
    for (int direction = -1; direction <= 1; direction += 2) {
      long x = direction < 0 ? weights.mode : weights.mode + 1;
      double weight = direction < 0 ? 1 : weights.ratio(weights.mode);
      // Downwards from the mode, then upwards; past the range the ratio is zero.
      while (weight > NOTHING) {
        total += weight;
        boolean counted =
            switch (alternative) {
              case TWO_SIDED -> weight <= limit;
              case GREATER -> x >= counts.variantSuccesses();
              case LESS -> x <= counts.variantSuccesses();
            };
        chosen += counted ? weight : 0;
        weight = direction < 0 ? weights.below(x, weight) : weight * weights.ratio(x);
        x += direction;
      }
    }
    return Math.min(1, chosen / total);
  }

  /**
   * Probabilities of the variant's successes against that of the most probable number: products of
   * ratios keep digits that logarithms of factorials lose.
   */
  private static final class Weights {
    private final double successes;
    private final double variantTrials;
    private final double controlTrials;
    private final long lowest;
    private final long mode;

    Weights(TwoProportions counts) {
      long sum = Math.addExact(counts.variantSuccesses(), counts.controlSuccesses());
      successes = sum;
      variantTrials = counts.variantTrials();
      controlTrials = counts.controlTrials();
      lowest = Math.max(0, sum - counts.controlTrials());
      double peak = (successes + 1) * ((variantTrials + 1) / (variantTrials + controlTrials + 2));
      mode = Math.max(lowest, Math.min((long) peak, Math.min(sum, counts.variantTrials())));
    }

    /** Of one success more against x. */
    double ratio(long x) {
      return (successes - x)
          / (x + 1.0)
          * ((variantTrials - x) / (controlTrials - successes + x + 1));
    }

    double below(long x, double weight) {
      return x <= lowest ? 0 : weight / ratio(x - 1);
    }

    double of(long seen) {
      double weight = 1;
      for (long x = mode; x < seen && weight > NOTHING; x++) {
        weight *= ratio(x);
      }
      for (long x = mode; x > seen && weight > NOTHING; x--) {
        weight = below(x, weight);
      }
      return weight;
    }
  }
}
