package dev.telltale.stats;

/**
 * Tests of two proportions: Pearson's without continuity correction where every expected count is
 * at least five, otherwise Fisher's exact test.
 */
public final class ProportionTest {
  private static final double EXPECTED_FOR_NORMAL = 5;

  private ProportionTest() {}

  /**
   * P-value of different proportions, two-sided.
   *
   * @param first successes among {@code n}
   * @param second successes among {@code m}
   * @return 1 if a sample is empty
   */
  public static double different(long first, long n, long second, long m) {
    return pValue(new TwoProportions(first, n, second, m), Alternative.TWO_SIDED);
  }

  /**
   * P-value of a larger proportion in the first sample, one-sided.
   *
   * @param first successes among {@code n}
   * @param second successes among {@code m}
   * @return 1 if a sample is empty
   */
  public static double greater(long first, long n, long second, long m) {
    return pValue(new TwoProportions(first, n, second, m), Alternative.GREATER);
  }

  private static double pValue(TwoProportions counts, Alternative alternative) {
    return usesNormal(counts)
        ? StandardNormal.pValue(score(counts), alternative)
        : FisherExactTest.pValue(counts, alternative);
  }

  private static boolean usesNormal(TwoProportions counts) {
    double successes = (double) counts.variantSuccesses() + counts.controlSuccesses();
    double trials = (double) counts.variantTrials() + counts.controlTrials();
    double rarer = Math.min(successes, trials - successes);
    double fewer = Math.min(counts.variantTrials(), counts.controlTrials());
    return rarer * fewer / trials >= EXPECTED_FOR_NORMAL;
  }

  private static double score(TwoProportions counts) {
    return (counts.variant() - counts.control()) / counts.pooledStandardError();
  }
}
