package dev.telltale.stats;

/**
 * The signed-rank test of Wilcoxon (1945, doi:10.2307/3001968) of paired differences, variant less
 * control; differences of zero are left out, as Wilcoxon did.
 *
 * <p>Fed with the number of differences of each sign at every absolute value, in ascending order of
 * the absolute values, which themselves do not count. Constant memory, constant time a value. At
 * most two billion differences. Not thread-safe.
 */
public final class SignedRankTest {
  /** Without ties and zeros the exact distribution is used up to so many differences, as SciPy. */
  static final long EXACT_LIMIT = 50;

  private long zeros;
  private long differences;
  private boolean tied;
  private double tieTerm;

  /** Twice the rank sum, so that mean ranks are whole. */
  private long doubledPositive;

  /**
   * The next larger absolute difference, above zero.
   *
   * @param negative differences in which the variant is less, from 0
   * @param positive differences in which the variant is greater, from 0
   * @throws IllegalArgumentException if negative
   * @throws ArithmeticException beyond two billion differences
   */
  public void add(long negative, long positive) {
    if (negative < 0 || positive < 0) {
      throw new IllegalArgumentException(negative + " and " + positive + " differences");
    }
    long together = Math.addExact(negative, positive);
    long doubledRank = Math.addExact(Math.multiplyExact(2, differences), together + 1);
    doubledPositive = Math.addExact(doubledPositive, Math.multiplyExact(positive, doubledRank));
    tied |= together > 1;
    double ties = together;
    tieTerm += ties * ties * ties - ties;
    differences += together;
  }

  /** Pairs without a difference. */
  public void addZeros(long pairs) {
    if (pairs < 0) {
      throw new IllegalArgumentException(pairs + " pairs");
    }
    zeros += pairs;
  }

  /** Differences other than zero. */
  public long differences() {
    return differences;
  }

  /** Sum of the ranks of the positive differences, ties with their mean rank. */
  public double positiveRanks() {
    return doubledPositive / 2.0;
  }

  /** Sum of the ranks of the negative differences. */
  public double negativeRanks() {
    return (double) differences * (differences + 1.0) / 2 - positiveRanks();
  }

  /**
   * What SciPy calls the statistic: the smaller rank sum if two-sided, otherwise that of the
   * positive differences.
   */
  public double statistic(Alternative alternative) {
    return alternative == Alternative.TWO_SIDED
        ? Math.min(positiveRanks(), negativeRanks())
        : positiveRanks();
  }

  /**
   * The matched-pairs rank-biserial correlation, the difference of the rank sums against their
   * total; -1 to 1, NaN without differences. Kerby (2014, doi:10.2466/11.IT.3.1).
   */
  public double rankBiserial() {
    double total = (double) differences * (differences + 1.0) / 2;
    return (2 * positiveRanks() - total) / total;
  }

  /** Whether {@link #pValue} is exact: no ties, no zeros, at most 50 differences. */
  public boolean isExact() {
    return !tied && zeros == 0 && differences <= EXACT_LIMIT;
  }

  /**
   * P-value of differences that are not symmetric about zero: exact where {@link #isExact()},
   * otherwise {@link #asymptoticPValue} without continuity correction.
   *
   * @return 0 to 1; 1 without differences
   */
  public double pValue(Alternative alternative) {
    return isExact() ? exactPValue(alternative) : asymptoticPValue(alternative, false);
  }

  /**
   * P-value by the normal distribution with the variance for ties: SciPy's {@code wilcoxon(variant,
   * control, zero_method="wilcox", method="asymptotic")}.
   *
   * @param continuity whether the rank sum is moved one half towards its expectation
   * @return 0 to 1; 1 without differences
   */
  public double asymptoticPValue(Alternative alternative, boolean continuity) {
    if (differences == 0) {
      return 1;
    }
    double n = differences;
    double error = Math.sqrt((n * (n + 1) * (2 * n + 1) - tieTerm / 2) / 24);
    double above = positiveRanks() - n * (n + 1) / 4;
    double correction =
        switch (alternative) {
          case TWO_SIDED -> Math.signum(above) / 2;
          case GREATER -> 0.5;
          case LESS -> -0.5;
        };
    return StandardNormal.pValue((above - (continuity ? correction : 0)) / error, alternative);
  }

  private double exactPValue(Alternative alternative) {
    int total = (int) (differences * (differences + 1) / 2);
    int positive = (int) (doubledPositive / 2);
    return switch (alternative) {
      case TWO_SIDED -> Math.min(1, 2 * atMost(Math.min(positive, total - positive)));
      case GREATER -> atMost(total - positive);
      case LESS -> atMost(positive);
    };
  }

  /**
   * P(rank sum &lt;= limit): every rank is positive with probability one half. The number of sets
   * is below 2^50, so that all sums are exact.
   */
  private double atMost(int limit) {
    double[] sets = new double[limit + 1];
    sets[0] = 1;
    for (int rank = 1; rank <= differences; rank++) {
      for (int sum = limit; sum >= rank; sum--) {
        sets[sum] += sets[sum - rank];
      }
    }
    double total = 0;
    for (double each : sets) {
      total += each;
    }
    return Math.scalb(total, (int) -differences);
  }
}
