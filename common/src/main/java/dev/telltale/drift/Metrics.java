package dev.telltale.drift;

import dev.telltale.stats.ContingencyTable;
import dev.telltale.stats.Distances;
import dev.telltale.stats.TestResult;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Names of the metrics, and those that numbers and categories share: the ones of binned counts. */
public final class Metrics {
  /** Kolmogorov-Smirnov statistic, 0 to 1; numeric columns only. */
  public static final String KS = "ks";

  /** Wasserstein-1 distance in the column's unit; numeric columns only. */
  public static final String WASSERSTEIN = "wasserstein";

  /** The same, divided by the reference's population standard deviation. */
  public static final String WASSERSTEIN_NORMALIZED = "wasserstein_normalized";

  /** Population stability index; see {@link Distances#populationStabilityIndex}. */
  public static final String PSI = "psi";

  /** Jensen-Shannon distance, base 2, 0 to 1. */
  public static final String JS_DISTANCE = "js_distance";

  /** Hellinger distance, 0 to 1. */
  public static final String HELLINGER = "hellinger";

  /** Kullback-Leibler divergence in nats. */
  public static final String KL_DIVERGENCE = "kl_divergence";

  /** Pearson's statistic of the two-sample contingency table, no continuity correction. */
  public static final String CHI_SQUARED = "chi_squared";

  /** Cramér's V, 0 to 1. */
  public static final String CRAMERS_V = "cramers_v";

  /** Log-likelihood-ratio statistic of the same table. */
  public static final String G_TEST = "g_test";

  /** Largest difference of a bin's share, 0 to 1. */
  public static final String L_INFINITY = "l_infinity";

  /** Total variation, 0 to 1. */
  public static final String TOTAL_VARIATION = "total_variation";

  /** All names, in the order in which they are reported. */
  public static final List<String> ALL =
      List.of(
          KS,
          WASSERSTEIN,
          WASSERSTEIN_NORMALIZED,
          PSI,
          JS_DISTANCE,
          HELLINGER,
          KL_DIVERGENCE,
          CHI_SQUARED,
          CRAMERS_V,
          G_TEST,
          L_INFINITY,
          TOTAL_VARIATION);

  private Metrics() {}

  /** The metrics of two samples' counts over the same bins, neither sample empty. */
  static List<MetricValue> ofBins(long[] reference, long[] current) {
    ContingencyTable table = ContingencyTable.of(reference, current);
    List<MetricValue> metrics = new ArrayList<>();
    metrics.add(MetricValue.distance(PSI, Distances.populationStabilityIndex(reference, current)));
    metrics.add(MetricValue.distance(JS_DISTANCE, Distances.jensenShannon(reference, current)));
    metrics.add(MetricValue.distance(HELLINGER, Distances.hellinger(reference, current)));
    metrics.add(MetricValue.distance(KL_DIVERGENCE, Distances.kullbackLeibler(reference, current)));
    metrics.add(test(CHI_SQUARED, table.chiSquareTest()));
    metrics.add(MetricValue.distance(CRAMERS_V, table.cramersV()));
    metrics.add(test(G_TEST, table.logLikelihoodTest()));
    metrics.add(MetricValue.distance(L_INFINITY, Distances.chebyshev(reference, current)));
    metrics.add(
        MetricValue.distance(TOTAL_VARIATION, Distances.totalVariation(reference, current)));
    return metrics;
  }

  private static MetricValue test(String name, TestResult result) {
    return new MetricValue(
        name,
        result.statistic(),
        OptionalDouble.of(result.pValue()),
        OptionalInt.of(result.degreesOfFreedom()),
        0);
  }
}
