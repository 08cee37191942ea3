package dev.telltale.stats;

/**
 * Size, power and detectable effect of an experiment of fixed size with one variant and a control.
 *
 * <p>Effects are standardized: {@link #standardized} and {@link #standardizedProportions} make one
 * from differences. Several variants against one control are taken account of in alpha, {@link
 * #bonferroni} or {@link #dunnett}; clusters and covariates multiply the number of units, {@link
 * #designEffect} and {@link #covariateFactor}. Chow, Shao, Wang and Lokhnygina (2017,
 * doi:10.1201/9781315183084), chapters 3 and 4; statsmodels' {@code TTestIndPower} and {@code
 * NormalIndPower}.
 *
 * @param alpha of the test, both sides together, above 0, below 1
 * @param twoSided whether either direction is tested; otherwise that of the effect
 * @param ratio units of the variant for one of the control, above 0, finite
 * @param distribution of the statistic
 */
public record PowerAnalysis(
    double alpha, boolean twoSided, double ratio, Distribution distribution) {
  /** What the statistic is compared with. */
  public enum Distribution {
    /** For known variances, proportions and large samples. */
    NORMAL,
    /** Of the pooled variance: n - 2 degrees of freedom for n units in both arms. */
    STUDENT
  }

  private static final double LARGEST = 1e15;

  /** Refuses what is no design. */
  public PowerAnalysis {
    require(alpha > 0 && alpha < 1, "alpha", alpha);
    require(ratio > 0 && ratio < Double.POSITIVE_INFINITY, "ratio", ratio);
  }

  /**
   * The effect of a difference of means, so scaled that unequal variances count by the units that
   * have them.
   *
   * @param difference variant less control
   * @param controlVariance above 0; that of one unit
   * @param variantVariance above 0
   */
  public double standardized(double difference, double controlVariance, double variantVariance) {
    require(controlVariance > 0, "variance", controlVariance);
    require(variantVariance > 0, "variance", variantVariance);
    return difference * Math.sqrt((1 + 1 / ratio) / (controlVariance + variantVariance / ratio));
  }

  /**
   * The effect of a difference of proportions, for the test with unpooled variances.
   *
   * @param control above 0, below 1
   * @param variant above 0, below 1
   */
  public double standardizedProportions(double control, double variant) {
    require(control > 0 && control < 1, "proportion", control);
    require(variant > 0 && variant < 1, "proportion", variant);
    return standardized(variant - control, control * (1 - control), variant * (1 - variant));
  }

  /**
   * Probability of rejection. Two-sided, rejections on the wrong side count too, as in statsmodels.
   *
   * @param effect standardized; its sign does not matter
   * @param controlUnits of the control, not necessarily whole; above 0, and for Student's enough
   *     for one degree of freedom
   * @return alpha to 1
   */
  public double power(double effect, double controlUnits) {
    require(controlUnits > 0 && !Double.isNaN(effect), "number of units", controlUnits);
    double shift = Math.abs(effect) * Math.sqrt(controlUnits / (1 + 1 / ratio));
    double tail = twoSided ? alpha / 2 : alpha;
    if (distribution == Distribution.NORMAL) {
      double critical = StandardNormal.upperQuantile(tail);
      return StandardNormal.upperTail(critical - shift)
          + (twoSided ? StandardNormal.upperTail(critical + shift) : 0);
    }
    double freedom = controlUnits * (1 + ratio) - 2;
    // A double of three units may be a rounding below.
    require(freedom > 1 - 1e-9, "degrees of freedom", freedom);
    double critical = NoncentralStudent.centralUpperQuantile(tail, freedom);
    return NoncentralStudent.upperTail(critical, freedom, shift)
        + (twoSided ? NoncentralStudent.upperTail(critical, freedom, -shift) : 0);
  }

  /**
   * Units of the control for a power; the variant has {@link #ratio} times as many. Not rounded.
   *
   * @param effect standardized
   * @param power above alpha, below 1
   * @return infinite without an effect or above 1e15; the smallest number that can be tested if
   *     even that has more power
   */
  public double controlUnits(double effect, double power) {
    checkPower(power);
    if (effect == 0) {
      return Double.POSITIVE_INFINITY;
    }
    double smallest = distribution == Distribution.STUDENT ? 3 / (1 + ratio) : 1e-9;
    double units =
        Math.exp(
            Bisection.ofIncreasing(
                log -> power(effect, Math.max(smallest, Math.exp(log))) - power,
                Math.log(smallest),
                Math.log(LARGEST)));
    return units > LARGEST / 2 ? Double.POSITIVE_INFINITY : units;
  }

  /**
   * The smallest standardized effect that is detected with a power; above 0.
   *
   * @param power above alpha, below 1
   */
  public double detectableEffect(double controlUnits, double power) {
    checkPower(power);
    double unit = 1 / Math.sqrt(controlUnits / (1 + 1 / ratio));
    double high = unit;
    while (power(high, controlUnits) < power) {
      high *= 2;
    }
    return Bisection.ofIncreasing(effect -> power(effect, controlUnits) - power, 0, high);
  }

  /**
   * The proportion of the variant next to that of the control that is detected with a power.
   *
   * @param control above 0, below 1
   * @param greater whether above the control's, otherwise below
   * @return NaN if none is
   */
  public double detectableProportion(
      double control, boolean greater, double controlUnits, double power) {
    checkPower(power);
    double end = greater ? Math.nextDown(1.0) : Double.MIN_NORMAL;
    // From the distance that is surely too small on, power rises with it.
    double share =
        Bisection.ofIncreasing(
            part -> {
              double variant = control + part * (end - control);
              boolean inside = variant > 0 && variant < 1;
              return inside
                  ? power(standardizedProportions(control, variant), controlUnits) - power
                  : 1;
            },
            0,
            1);
    double found = control + share * (end - control);
    boolean reached =
        found > 0
            && found < 1
            && power(standardizedProportions(control, found), controlUnits) > power - 1e-6;
    return reached ? found : Double.NaN;
  }

  /** The alpha of each of several variants of which none may be found by chance, by Bonferroni. */
  public PowerAnalysis bonferroni(int variants) {
    require(variants >= 1, "number of variants", variants);
    return new PowerAnalysis(alpha / variants, twoSided, ratio, distribution);
  }

  /**
   * The alpha of each of several variants that share a control, and by it have correlated
   * statistics: Dunnett (1955, doi:10.1080/01621459.1955.10501294), with known variance. Each
   * variant has {@link #ratio} times the units of the control.
   */
  public PowerAnalysis dunnett(int variants) {
    require(variants >= 1, "number of variants", variants);
    double tails = twoSided ? 2 : 1;
    double correlation = ratio / (1 + ratio);
    double critical =
        Bisection.ofDecreasing(
            c -> 1 - noneAbove(c, variants, correlation) - alpha,
            0 - (twoSided ? 0 : 40),
            StandardNormal.upperQuantile(alpha / tails / variants) + 1);
    double each = Math.min(alpha, tails * StandardNormal.upperTail(critical));
    return new PowerAnalysis(each, twoSided, ratio, distribution);
  }

  /** Given the control's mean the variants are independent; Simpson's rule over that mean. */
  private double noneAbove(double critical, int variants, double correlation) {
    int steps = 800;
    double from = -9;
    double width = 18.0 / steps;
    double own = Math.sqrt(1 - correlation);
    double shared = Math.sqrt(correlation);
    double sum = 0;
    for (int i = 0; i <= steps; i++) {
      double y = from + i * width;
      double above = StandardNormal.upperTail((critical - shared * y) / own);
      double below = twoSided ? StandardNormal.upperTail((critical + shared * y) / own) : 0;
      double weight = i == 0 || i == steps ? 1 : i % 2 == 0 ? 2 : 4;
      sum +=
          weight
              * StandardNormal.density(y)
              * Math.exp(variants * Math.log1p(-Math.min(1, above + below)));
    }
    return sum * width / 3;
  }

  /**
   * Factor of the units where whole clusters are assigned: Kish's \( 1 + (m - 1) \rho \), and \( 1
   * + ((1 + c^2) m - 1) \rho \) for clusters of unequal size (Eldridge, Ashby and Kerry 2006,
   * doi:10.1093/ije/dyl129).
   *
   * @param clusterSize mean number of units of a cluster, at least 1
   * @param intraclassCorrelation of two units of a cluster, 0 to 1
   * @param sizeVariation standard deviation of the sizes against their mean, from 0
   * @return at least 1
   */
  public static double designEffect(
      double clusterSize, double intraclassCorrelation, double sizeVariation) {
    require(clusterSize >= 1, "cluster size", clusterSize);
    require(
        intraclassCorrelation >= 0 && intraclassCorrelation <= 1,
        "intraclass correlation",
        intraclassCorrelation);
    require(sizeVariation >= 0, "variation of sizes", sizeVariation);
    return 1 + ((1 + sizeVariation * sizeVariation) * clusterSize - 1) * intraclassCorrelation;
  }

  /**
   * Factor of the units, and of the variance, where a covariate from before the experiment is
   * adjusted for: \( 1 - r^2 \). Deng, Xu, Kohavi and Walker (2013, doi:10.1145/2433396.2433413).
   *
   * @param correlation of outcome and covariate, -1 to 1
   * @return 0 to 1
   */
  public static double covariateFactor(double correlation) {
    require(correlation >= -1 && correlation <= 1, "correlation", correlation);
    return (1 - correlation) * (1 + correlation);
  }

  private void checkPower(double power) {
    require(power > alpha && power < 1, "power", power);
  }

  private static void require(boolean holds, String what, double value) {
    if (!holds) {
      throw new IllegalArgumentException("Not possible as " + what + ": " + value);
    }
  }
}
