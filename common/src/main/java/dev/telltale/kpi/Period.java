package dev.telltale.kpi;

import dev.telltale.quality.Estimate;
import java.util.List;

/**
 * The mean of a metric over some windows, each counting the same.
 *
 * <p>Its standard error is that of the scatter between the windows, but never less than what the
 * errors within them add up to: days differ in more than which rows they happen to have, and a few
 * of them may by chance be all alike.
 *
 * @param value mean
 * @param stdError standard error, above 0 or 0
 * @param windows number of windows, at least 2
 * @param rows rows in all of them
 */
public record Period(double value, double stdError, int windows, long rows) {
  /**
   * Of at least two windows.
   *
   * @param windows values with their standard errors; one without counts as exact
   */
  public static Period of(List<Estimate> windows) {
    int n = windows.size();
    if (n < 2) {
      throw new IllegalArgumentException("A scatter of " + n + " windows");
    }
    double mean = windows.stream().mapToDouble(Estimate::value).sum() / n;
    double squares = 0;
    double within = 0;
    long rows = 0;
    for (Estimate window : windows) {
      squares += (window.value() - mean) * (window.value() - mean);
      within += Math.pow(window.stdError().orElse(0), 2);
      rows += window.rows();
    }
    double between = squares / (n - 1) / n;
    return new Period(mean, Math.sqrt(Math.max(between, within / n / n)), n, rows);
  }
}
