package dev.telltale.jobs.quality;

import dev.telltale.quality.QualityPolicy;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.apache.spark.sql.Row;

/** What earlier estimates turned out to be, by group and metric: how far to trust the next one. */
final class EstimateRecord {
  /** The intervals are meant to hold so often. */
  private static final double NOMINAL_COVERAGE = 0.95;

  /** Intervals that fail so often by chance alone once in a hundred records are not to blame. */
  private static final double LEVEL = 0.01;

  /** With fewer, the spread of differences is hardly known. */
  static final int LEAST_WINDOWS = 4;

  private final Map<MetricTable.Group, Map<String, List<Row>>> known = new HashMap<>();
  private final QualityPolicy policy;

  /**
   * A record.
   *
   * @param rows of {@code quality_estimates}; those without a realized value say nothing yet
   * @param policy by how much an estimate may be off without mattering
   */
  EstimateRecord(List<Row> rows, QualityPolicy policy) {
    this.policy = policy;
    // By window, so that sums do not depend on the order in which the table is read.
    List<Row> ordered = new ArrayList<>(rows);
    ordered.sort(Comparator.comparing(row -> row.<Timestamp>getAs("window_start")));
    for (Row row : ordered) {
      if (row.getAs("realized") != null) {
        known
            .computeIfAbsent(MetricTable.group(row), absent -> new HashMap<>())
            .computeIfAbsent(row.getAs("metric"), absent -> new ArrayList<>())
            .add(row);
      }
    }
  }

  /**
   * The record of one metric of a group.
   *
   * @param windows earlier windows that can be checked
   * @param covered those whose interval held
   * @param bias mean of estimate - realized; NaN without windows
   * @param spread variance of estimate - realized beyond that of labels and calibration: what makes
   *     days different that no score tells; 0 with fewer than {@value #LEAST_WINDOWS} windows
   * @param isBad whether intervals failed more often than chance allows, and the bias matters
   */
  record Entry(int windows, int covered, double bias, double spread, boolean isBad) {
    /** The record in words. */
    String words() {
      return windows == 0
          ? "No earlier estimate can be checked yet."
          : String.format(
              Locale.ROOT,
              "Of the last %d estimates %d had the truth in their interval; on average they were"
                  + " off by %+.4f.",
              windows,
              covered,
              bias);
    }
  }

  Entry of(MetricTable.Group group, String metric) {
    List<Row> rows = known.getOrDefault(group, Map.of()).getOrDefault(metric, List.of());
    if (rows.isEmpty()) {
      return new Entry(0, 0, Double.NaN, 0, false);
    }
    int covered = 0;
    double bias = 0;
    double realized = 0;
    double spread = 0;
    for (Row row : rows) {
      covered += row.<Boolean>getAs("covered") ? 1 : 0;
      bias += row.<Double>getAs("difference") / rows.size();
      realized += row.<Double>getAs("realized") / rows.size();
      double difference = row.<Double>getAs("difference");
      double ofLabels = row.<Double>getAs("std_error_of_labels");
      spread += (difference * difference - ofLabels * ofLabels) / rows.size();
    }
    double chance =
        new BinomialDistribution(null, rows.size(), NOMINAL_COVERAGE)
            .cumulativeProbability(covered);
    return new Entry(
        rows.size(),
        covered,
        bias,
        rows.size() < LEAST_WINDOWS ? 0 : Math.max(0, spread),
        chance < LEVEL && Math.abs(bias) >= policy.threshold(metric, realized));
  }
}
