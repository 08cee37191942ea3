package dev.telltale.kpi;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;

/**
 * How the changes of one series from window to window go with those of another some windows later.
 *
 * <p>Changes, not values: two series that both trend correlate whatever they are (Granger and
 * Newbold 1974, doi:10.1016/0304-4076(74)90034-7). Spearman's rank correlation, for one odd window
 * should not decide. Its p-value is that of Student's t with an effective number of pairs: changes
 * are autocorrelated, by the differencing and by weekdays, and where both series are, fewer pairs
 * are independent than there are (Pyper and Peterman 1998, doi:10.1139/f98-104, equation 1).
 *
 * @param lag windows that the second series is later; negative where it is earlier
 * @param pairs changes of both that were compared
 * @param effectivePairs independent pairs that would tell as much, at most {@code pairs}
 * @param correlation Spearman's, -1 to 1; empty with too few pairs or a series that never changes
 * @param pValue two-sided p-value of no correlation; 1 where there is none
 */
public record LagCorrelation(
    int lag, int pairs, double effectivePairs, OptionalDouble correlation, double pValue) {
  /** Two weeks of days; with fewer pairs a correlation of 0.5 is within chance. */
  public static final int MINIMUM_PAIRS = 14;

  /**
   * All lags from {@code -maxLag} to {@code maxLag}.
   *
   * @param first values of adjacent windows, NaN where there is none
   * @param second values of the same windows
   */
  public static List<LagCorrelation> of(double[] first, double[] second, int maxLag) {
    if (first.length != second.length) {
      throw new IllegalArgumentException(first.length + " and " + second.length + " windows");
    }
    double[] x = changes(first);
    double[] y = changes(second);
    List<LagCorrelation> lags = new ArrayList<>();
    for (int lag = -maxLag; lag <= maxLag; lag++) {
      lags.add(at(lag, x, y, maxLag));
    }
    return lags;
  }

  private static double[] changes(double[] values) {
    double[] changes = new double[Math.max(0, values.length - 1)];
    for (int i = 0; i < changes.length; i++) {
      changes[i] = values[i + 1] - values[i];
    }
    return changes;
  }

  private static LagCorrelation at(int lag, double[] x, double[] y, int maxLag) {
    List<double[]> pairs = new ArrayList<>();
    for (int i = Math.max(0, -lag); i < Math.min(x.length, y.length - lag); i++) {
      if (!Double.isNaN(x[i]) && !Double.isNaN(y[i + lag])) {
        pairs.add(new double[] {x[i], y[i + lag]});
      }
    }
    int n = pairs.size();
    if (n < MINIMUM_PAIRS) {
      return new LagCorrelation(lag, n, n, OptionalDouble.empty(), 1);
    }
    double r =
        new SpearmansCorrelation()
            .correlation(
                pairs.stream().mapToDouble(pair -> pair[0]).toArray(),
                pairs.stream().mapToDouble(pair -> pair[1]).toArray());
    if (Double.isNaN(r)) {
      return new LagCorrelation(lag, n, n, OptionalDouble.empty(), 1);
    }
    double effective = effective(n, x, y, maxLag);
    return new LagCorrelation(lag, n, effective, OptionalDouble.of(r), pValue(r, effective));
  }

  /** Pyper and Peterman's effective number of pairs, over as many lags as are looked at. */
  private static double effective(int n, double[] x, double[] y, int maxLag) {
    double sum = 0;
    for (int j = 1; j <= maxLag && j < n; j++) {
      sum += (n - j) / (double) n * autocorrelation(x, j) * autocorrelation(y, j);
    }
    return n / Math.max(1, 1 + 2 * sum);
  }

  /** Sample autocorrelation; changes that are missing are left out. */
  private static double autocorrelation(double[] values, int lag) {
    double mean = java.util.Arrays.stream(values).filter(v -> !Double.isNaN(v)).average().orElse(0);
    double products = 0;
    double squares = 0;
    for (int i = 0; i < values.length; i++) {
      if (!Double.isNaN(values[i])) {
        squares += (values[i] - mean) * (values[i] - mean);
        if (i + lag < values.length && !Double.isNaN(values[i + lag])) {
          products += (values[i] - mean) * (values[i + lag] - mean);
        }
      }
    }
    return squares > 0 ? products / squares : 0;
  }

  /**
   * P-value of a rank correlation of so many independent pairs, two-sided, by Student's t with two
   * degrees of freedom fewer.
   */
  static double pValue(double r, double pairs) {
    double degrees = pairs - 2;
    if (degrees <= 0) {
      return 1;
    }
    if (Math.abs(r) >= 1) {
      return 0;
    }
    double t = Math.abs(r) * Math.sqrt(degrees / (1 - r * r));
    return Math.min(1, 2 * new TDistribution(null, degrees).cumulativeProbability(-t));
  }
}
