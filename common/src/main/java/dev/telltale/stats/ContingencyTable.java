package dev.telltale.stats;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.commons.math3.special.Gamma;

/**
 * Two samples' counts over the same categories, and what is asked of them. Categories that neither
 * sample has are left out. Immutable.
 */
public final class ContingencyTable {
  /** A variance this small against the squared mean is the rounding of zero. */
  private static final double CONSTANT = 1e-12;

  private final long[] first;
  private final long[] second;
  private final double n;
  private final double m;

  private ContingencyTable(long[] first, long[] second) {
    this.first = first;
    this.second = second;
    this.n = sum(first);
    this.m = sum(second);
  }

  /**
   * A table of counts.
   *
   * @param first counts of one sample, not negative
   * @param second counts of the other sample in the same order
   */
  public static ContingencyTable of(long[] first, long[] second) {
    if (first.length != second.length) {
      throw new IllegalArgumentException(first.length + " counts against " + second.length);
    }
    int used = 0;
    long[] a = new long[first.length];
    long[] b = new long[first.length];
    for (int i = 0; i < first.length; i++) {
      if (first[i] < 0 || second[i] < 0) {
        throw new IllegalArgumentException("Negative count at " + i);
      }
      if (first[i] + second[i] > 0) {
        a[used] = first[i];
        b[used++] = second[i];
      }
    }
    return new ContingencyTable(Arrays.copyOf(a, used), Arrays.copyOf(b, used));
  }

  /** Number of categories that occur. */
  public int categories() {
    return first.length;
  }

  /** Whether there is something to test: two samples that are not empty, two categories. */
  public boolean testable() {
    return n > 0 && m > 0 && first.length > 1;
  }

  /**
   * The table with rare categories pooled, so that the chi-squared distribution holds: those that
   * the smaller sample is expected to have fewer than {@code minimumExpected} times become one, and
   * if that one is still rare it takes the next rarest in.
   */
  public ContingencyTable pooled(double minimumExpected) {
    double share = Math.min(n, m) / (n + m);
    List<Integer> byCount = new ArrayList<>();
    for (int i = 0; i < first.length; i++) {
      byCount.add(i);
    }
    byCount.sort(Comparator.comparingLong(i -> first[i] + second[i]));
    long a = 0;
    long b = 0;
    int pooled = 0;
    for (int i : byCount) {
      boolean rare = (first[i] + second[i]) * share < minimumExpected;
      boolean poolRare = pooled > 0 && (a + b) * share < minimumExpected;
      if (!rare && !poolRare) {
        break;
      }
      a += first[i];
      b += second[i];
      pooled++;
    }
    if (pooled <= 1) {
      return this;
    }
    long[] poolFirst = new long[first.length - pooled + 1];
    long[] poolSecond = new long[poolFirst.length];
    poolFirst[0] = a;
    poolSecond[0] = b;
    for (int k = pooled; k < first.length; k++) {
      poolFirst[k - pooled + 1] = first[byCount.get(k)];
      poolSecond[k - pooled + 1] = second[byCount.get(k)];
    }
    return new ContingencyTable(poolFirst, poolSecond);
  }

  /** Pearson's chi-squared test of homogeneity, without Yates' correction. */
  public TestResult chiSquareTest() {
    double statistic = 0;
    if (testable()) {
      for (int i = 0; i < first.length; i++) {
        // With two samples both cells of a category add up to one square.
        double difference = first[i] / n - second[i] / m;
        statistic += difference * difference / ((double) first[i] + second[i]);
      }
      statistic *= n * m;
    }
    return result(statistic);
  }

  /**
   * How often the rarest category is expected in the smaller sample; infinite without categories.
   */
  public double smallestExpected() {
    double share = Math.min(n, m) / (n + m);
    double smallest = Double.POSITIVE_INFINITY;
    for (int i = 0; i < first.length; i++) {
      smallest = Math.min(smallest, ((double) first[i] + second[i]) * share);
    }
    return smallest;
  }

  /**
   * Pearson's statistic against a gamma distribution of the mean and variance that it exactly has
   * given the totals of samples and categories. The chi-squared distribution is the limit of it,
   * and off where few of a category are expected: a nominal 5 % becomes 2.5 % at 30 against 30 rows
   * in 20 categories. Haldane (1940, doi:10.1093/biomet/31.3-4.346).
   */
  public TestResult matchedChiSquareTest() {
    TestResult plain = chiSquareTest();
    double all = n + m;
    double k = first.length;
    double mean = all / (all - 1) * (k - 1);
    double variance = variance(all, k);
    // Of at most three rows, and where all tables have one statistic, none is unlikely.
    if (!testable() || all <= 3 || variance <= CONSTANT * mean * mean) {
      return new TestResult(plain.statistic(), plain.degreesOfFreedom(), 1);
    }
    double p = Gamma.regularizedGammaQ(mean * mean / variance, plain.statistic() * mean / variance);
    return new TestResult(plain.statistic(), plain.degreesOfFreedom(), Math.max(0, Math.min(1, p)));
  }

  private double variance(double all, double k) {
    double reciprocals = 0;
    for (int i = 0; i < first.length; i++) {
      reciprocals += all / ((double) first[i] + second[i]);
    }
    double bySamples = (all / n + all / m - 4) / (all - 2);
    double byCategories = (reciprocals - k * k) / (all - 2);
    double samples = (all - 2) / (all - 1);
    double categories = (k - 1) * (all - k) / (all - 1);
    return 2 * all / (all - 3) * (samples - bySamples) * (categories - byCategories)
        + all * all / (all - 1) * bySamples * byCategories;
  }

  /** The log-likelihood-ratio test of homogeneity. */
  public TestResult logLikelihoodTest() {
    double statistic = 0;
    if (testable()) {
      for (int i = 0; i < first.length; i++) {
        double total = (double) first[i] + second[i];
        statistic +=
            term((double) first[i], total * n / (n + m))
                + term((double) second[i], total * m / (n + m));
      }
    }
    return result(Math.max(0, 2 * statistic));
  }

  private static double term(double observed, double expected) {
    return observed == 0 ? 0 : observed * Math.log(observed / expected);
  }

  /**
   * Cramér's V, \( \sqrt{\chi^2 / (n + m)} \) for two samples, without bias correction; 0 to 1, 0
   * where nothing can be tested.
   */
  public double cramersV() {
    return testable() ? Math.min(1, Math.sqrt(chiSquareTest().statistic() / (n + m))) : 0;
  }

  private TestResult result(double statistic) {
    if (!testable()) {
      return new TestResult(0, 0, 1);
    }
    int freedom = first.length - 1;
    double p = statistic == 0 ? 1 : Gamma.regularizedGammaQ(freedom / 2.0, statistic / 2);
    return new TestResult(statistic, freedom, Math.max(0, Math.min(1, p)));
  }

  private static double sum(long[] counts) {
    double sum = 0;
    for (long count : counts) {
      sum += count;
    }
    return sum;
  }
}
