package dev.telltale.stats;

import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.regression.SimpleRegression;

/**
 * Whether numbers move in the order that they come in: the t test of the slope of a straight line
 * through them.
 */
public final class TrendTest {
  private TrendTest() {}

  /**
   * Two-sided p-value of the line being level; a small one says that the next number will be
   * elsewhere.
   *
   * @param values at least 3, in their order, finite
   * @return 0 to 1; 1 where all are equal
   */
  public static double pValue(double[] values) {
    if (values.length < 3) {
      throw new IllegalArgumentException(values.length + " numbers have no trend");
    }
    SimpleRegression line = new SimpleRegression();
    for (int i = 0; i < values.length; i++) {
      line.addData(i, values[i]);
    }
    double p = StatUtils.variance(values) == 0 ? 1 : line.getSignificance();
    return Double.isNaN(p) ? 1 : p;
  }
}
