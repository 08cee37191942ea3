package dev.telltale.stats;

import org.apache.commons.math3.distribution.TDistribution;

/**
 * The rank-sum test of Wilcoxon, Mann and Whitney (1947, doi:10.1214/aoms/1177730491), and the
 * probability of superiority with the variance of Brunner and Munzel (2000,
 * doi:10.1002/(SICI)1521-4036(200001)42:1&lt;17::AID-BIMJ17&gt;3.0.CO;2-U).
 *
 * <p>Fed with the number of units of each arm at every value, in ascending order of the values,
 * which themselves do not count. It keeps sums alone: constant memory, constant time a value. The
 * product of the arms' units is at most 2^62. Not thread-safe.
 */
public final class MannWhitneyTest {
  /** The exact distribution is used without ties up to this size of the smaller arm, */
  static final long EXACT_SMALLER = 50;

  /** and up to this product of the sizes: its square is the number of additions. */
  static final long EXACT_PRODUCT = 10_000;

  private long control;
  private long variant;
  private boolean tied;
  private double tieTerm;

  /** Twice U, so that half ties are whole. */
  private long doubledU;

  private double controlMean;
  private double controlSquares;
  private double variantMean;
  private double variantSquares;

  /**
   * The next larger value.
   *
   * @param controlUnits units of the control that have it, from 0
   * @param variantUnits units of the variant that have it, from 0
   * @throws IllegalArgumentException if negative
   * @throws ArithmeticException if the product of units exceeds 2^62
   */
  public void add(long controlUnits, long variantUnits) {
    if (controlUnits < 0 || variantUnits < 0) {
      throw new IllegalArgumentException(controlUnits + " and " + variantUnits + " units");
    }
    long placedInControl = Math.addExact(Math.multiplyExact(2, control), controlUnits);
    doubledU = Math.addExact(doubledU, Math.multiplyExact(variantUnits, placedInControl));
    long together = Math.addExact(controlUnits, variantUnits);
    tied |= together > 1;
    double ties = together;
    tieTerm += ties * ties * ties - ties;
    // West's weighted update: sums of squares would cancel where the arms are far apart.
    if (variantUnits > 0) {
      double place = placedInControl / 2.0;
      double off = place - variantMean;
      double weight = (double) variantUnits / (variant + variantUnits);
      variantSquares += off * off * variant * weight;
      variantMean += off * weight;
    }
    if (controlUnits > 0) {
      double place = variant + variantUnits / 2.0;
      double off = place - controlMean;
      double weight = (double) controlUnits / (control + controlUnits);
      controlSquares += off * off * control * weight;
      controlMean += off * weight;
    }
    control += controlUnits;
    variant += variantUnits;
  }

  /** Units of the control so far. */
  public long controlUnits() {
    return control;
  }

  /** Units of the variant so far. */
  public long variantUnits() {
    return variant;
  }

  /**
   * U of the variant: pairs of a unit of each arm in which the variant's is greater, those that tie
   * as halves. 0 to the product of the arms' units.
   */
  public double statistic() {
    return doubledU / 2.0;
  }

  /** Whether {@link #pValue} is exact: without ties, and small enough. */
  public boolean isExact() {
    return !tied
        && Math.min(control, variant) <= EXACT_SMALLER
        && (double) control * variant <= EXACT_PRODUCT;
  }

  /**
   * P-value of arms that differ in distribution, exact where {@link #isExact()}, otherwise {@link
   * #asymptoticPValue}.
   *
   * @return 0 to 1; 1 if an arm is empty
   */
  public double pValue(Alternative alternative) {
    return isExact() ? exactPValue(alternative) : asymptoticPValue(alternative);
  }

  /**
   * P-value by the normal distribution, with the variance for ties and a continuity correction of
   * one half: SciPy's {@code mannwhitneyu(variant, control, method="asymptotic")}.
   *
   * @return 0 to 1; 1 if an arm is empty or all values are equal
   */
  public double asymptoticPValue(Alternative alternative) {
    double units = (double) control + variant;
    double pairs = (double) control * variant;
    double variance = pairs / 12 * (units + 1 - tieTerm / (units * (units - 1)));
    if (pairs == 0 || !(variance > 0)) {
      return 1;
    }
    double above = statistic() - pairs / 2;
    double deviation =
        switch (alternative) {
          case TWO_SIDED -> Math.abs(above);
          case GREATER -> above;
          case LESS -> -above;
        };
    double tail = StandardNormal.upperTail((deviation - 0.5) / Math.sqrt(variance));
    return alternative == Alternative.TWO_SIDED ? Math.min(1, 2 * tail) : tail;
  }

  private double exactPValue(Alternative alternative) {
    long pairs = control * variant;
    if (pairs == 0) {
      return 1;
    }
    int u = (int) (doubledU / 2);
    int mirrored = (int) pairs - u;
    return switch (alternative) {
      case TWO_SIDED -> Math.min(1, 2 * atMost(Math.min(u, mirrored)));
      case GREATER -> tail(mirrored, (int) pairs);
      case LESS -> tail(u, (int) pairs);
    };
  }

  /** P(U &lt;= u): of the symmetric distribution only the smaller half is ever summed. */
  private double tail(int u, int pairs) {
    return 2 * u <= pairs ? atMost(u) : 1 - atMost(pairs - u - 1);
  }

  /**
   * The recursion of Mann and Whitney: the largest of all units belongs to either arm. All terms
   * are positive, so that no digit is lost.
   */
  private double atMost(int limit) {
    if (limit < 0) {
      return 0;
    }
    int few = (int) Math.min(control, variant);
    int many = (int) Math.max(control, variant);
    double[][] chance = new double[few + 1][limit + 1];
    for (double[] row : chance) {
      row[0] = 1;
    }
    for (int j = 1; j <= many; j++) {
      for (int i = 1; i <= few; i++) {
        double share = (double) i / (i + j);
        double[] own = chance[i];
        double[] before = chance[i - 1];
        // Downwards, because own still holds the values of j - 1.
        for (int u = limit; u >= 0; u--) {
          own[u] = (1 - share) * own[u] + (u >= j ? share * before[u - j] : 0);
        }
      }
    }
    double sum = 0;
    for (double each : chance[few]) {
      sum += each;
    }
    return Math.min(1, sum);
  }

  /**
   * Probability that a unit of the variant is greater than one of the control, plus half of that of
   * a tie; 0 to 1, NaN if an arm is empty.
   */
  public double superiority() {
    return statistic() / ((double) control * variant);
  }

  /** Rank-biserial correlation, twice the superiority less one; -1 to 1, NaN if an arm is empty. */
  public double rankBiserial() {
    return 2 * superiority() - 1;
  }

  /**
   * Interval of {@link #superiority()}, which need not be one half under equal distributions only:
   * Student's with the variance and the degrees of freedom of Brunner and Munzel, cut to 0 to 1.
   * Where the arms do not overlap that variance is 0, and the interval is the score interval of
   * Newcombe (2006, doi:10.1002/sim.2324, method 5).
   *
   * @param level above 0, below 1
   * @return 0 to 1 if an arm has fewer than two units
   */
  public ConfidenceInterval superiorityInterval(double level) {
    ConfidenceInterval.checkLevel(level);
    if (control < 2 || variant < 2) {
      return new ConfidenceInterval(0, 1, level);
    }
    double error = standardError();
    double middle = superiority();
    if (error == 0) {
      return scoreInterval(level);
    }
    double half =
        new TDistribution(null, degreesOfFreedom()).inverseCumulativeProbability((1 + level) / 2)
            * error;
    return new ConfidenceInterval(Math.max(0, middle - half), Math.min(1, middle + half), level);
  }

  /**
   * P-value of a superiority other than one half, without the assumption of equal variances: the
   * test of Brunner and Munzel, SciPy's {@code brunnermunzel(control, variant)}.
   *
   * @return 0 to 1; 1 if an arm has fewer than two units or all values are equal
   */
  public double brunnerMunzelPValue(Alternative alternative) {
    if (control < 2 || variant < 2) {
      return 1;
    }
    double above = superiority() - 0.5;
    double error = standardError();
    if (error == 0) {
      boolean agrees =
          switch (alternative) {
            case TWO_SIDED -> above != 0;
            case GREATER -> above > 0;
            case LESS -> above < 0;
          };
      return agrees ? 0 : 1;
    }
    double t = above / error;
    TDistribution student = new TDistribution(null, degreesOfFreedom());
    return switch (alternative) {
      case TWO_SIDED -> Math.min(1, 2 * student.cumulativeProbability(-Math.abs(t)));
      case GREATER -> student.cumulativeProbability(-t);
      case LESS -> student.cumulativeProbability(t);
    };
  }

  /** Standard error of {@link #superiority()}; NaN if an arm has fewer than two units. */
  public double standardError() {
    return Math.sqrt(controlPart() + variantPart());
  }

  private double controlPart() {
    return control < 2
        ? Double.NaN
        : controlSquares / ((control - 1.0) * control) / ((double) variant * variant);
  }

  private double variantPart() {
    return variant < 2
        ? Double.NaN
        : variantSquares / ((variant - 1.0) * variant) / ((double) control * control);
  }

  private double degreesOfFreedom() {
    double sum = controlPart() + variantPart();
    double first = controlPart() / sum;
    double second = variantPart() / sum;
    return 1 / (first * first / (control - 1) + second * second / (variant - 1));
  }

  private ConfidenceInterval scoreInterval(double level) {
    double middle = superiority();
    double z = StandardNormal.upperQuantile((1 - level) / 2);
    double low = Bisection.ofIncreasing(p -> z - Math.abs(score(p)), 0, middle);
    double high = Bisection.ofDecreasing(p -> z - Math.abs(score(p)), middle, 1);
    return new ConfidenceInterval(middle == 0 ? 0 : low, middle == 1 ? 1 : high, level);
  }

  private double score(double p) {
    double more = ((double) control + variant) / 2 - 1;
    double variance =
        p * (1 - p) * (1 + more * ((1 - p) / (2 - p) + p / (1 + p))) / ((double) control * variant);
    return (superiority() - p) / Math.sqrt(variance);
  }
}
