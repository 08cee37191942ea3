package dev.telltale.stats;

import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.regression.SimpleRegression;

/**
 * Where the next of some numbers will be, such as tomorrow's mean after those of some days: \( \bar
 * y \pm t_{n-1}\, s \sqrt{1 + 1/n} \), exact where they are independent and normal. Geisser 1993,
 * Predictive Inference, section 2.2.
 *
 * @param low lower end
 * @param high upper end
 */
public record PredictionInterval(double low, double high) {
  /**
   * The interval, that leaves the next one out with probability {@code risk}.
   *
   * @param values at least 2, finite
   * @param risk above 0 and below 1; half of it on each side
   */
  public static PredictionInterval of(double[] values, double risk) {
    if (values.length < 2) {
      throw new IllegalArgumentException("Nothing follows from " + values.length + " numbers");
    }
    double mean = StatUtils.mean(values);
    double half =
        new TDistribution(values.length - 1.0).inverseCumulativeProbability(1 - risk / 2)
            * Math.sqrt(StatUtils.variance(values) * (1 + 1.0 / values.length));
    return new PredictionInterval(mean - half, mean + half);
  }

  /**
   * The p-value of a straight line through the numbers being level: a small one says that they
   * move, so that the next one will be elsewhere.
   *
   * @param values at least 3, in their order
   * @return 1 where all are equal
   */
  public static double trend(double[] values) {
    SimpleRegression line = new SimpleRegression();
    for (int i = 0; i < values.length; i++) {
      line.addData(i, values[i]);
    }
    double p = StatUtils.variance(values) == 0 ? 1 : line.getSignificance();
    return Double.isNaN(p) ? 1 : p;
  }
}
