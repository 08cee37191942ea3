package dev.telltale.jobs.demo;

import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.Tables;
import java.util.LinkedHashMap;
import java.util.Map;

/** SQL to look further, on the tables of the lake as they are. */
final class DemoQueries {
  private DemoQueries() {}

  /** The queries by what they show. */
  static Map<String, String> of(Lake lake) {
    String drift = lake.sqlName(Tables.DRIFT_METRICS);
    String profile = lake.sqlName(Tables.PROFILE_METRICS);
    String alerts = lake.sqlName(Tables.ALERTS);
    String runs = lake.sqlName(Tables.RUNS);
    Map<String, String> queries = new LinkedHashMap<>();
    queries.put(
        "Which columns moved most against the training data, week by week?",
        """
        SELECT window_date, column_name, round(value, 3) AS js_distance, status, because
        FROM %s
        WHERE granularity = '1 week' AND drift_type = 'BASELINE' AND metric = 'js_distance'
          AND slice_key IS NULL
        ORDER BY value DESC LIMIT 10"""
            .formatted(drift));
    queries.put(
        "How did the score move from night to night?",
        """
        SELECT p.window_date, p.count, round(p.avg, 4) AS mean_score,
          round(d.value, 3) AS js_distance, d.status
        FROM %s p JOIN %s d
          ON d.window_start = p.window_start AND d.granularity = p.granularity
            AND d.column_name = p.column_name AND d.slice_key IS NULL
        WHERE p.granularity = '1 day' AND p.column_name = 'score' AND p.slice_key IS NULL
          AND d.drift_type = 'BASELINE' AND d.metric = 'js_distance'
        ORDER BY p.window_date"""
            .formatted(profile, drift));
    queries.put(
        "Which alerts were there, and when did they open and close?",
        """
        SELECT column_name, kind, granularity, severity, max_by(status, window_start) AS status,
          min(opened) AS opened, max(closed) AS closed, max(windows_firing) AS windows_firing,
          max_by(because, window_start) AS because
        FROM %s
        GROUP BY alert_id, column_name, kind, granularity, severity
        ORDER BY opened"""
            .formatted(alerts));
    queries.put(
        "Were the answers right, week by week? (labels arrive one to three days later)",
        """
        SELECT window_date, metric, round(value, 3) AS value, round(ci_low, 3) AS ci_low,
          round(ci_high, 3) AS ci_high, n, round(label_coverage, 2) AS label_coverage, status
        FROM %s
        WHERE granularity = '1 week' AND slice_key IS NULL AND model_version IS NULL
          AND metric IN ('roc_auc', 'precision', 'recall')
        ORDER BY window_date, metric"""
            .formatted(lake.sqlName(Tables.QUALITY_METRICS)));
    queries.put(
        "What did each job cost, and how many earlier windows did late rows touch?",
        """
        SELECT job, count(*) AS nights, sum(rows_read) AS rows_read,
          round(sum(seconds), 1) AS seconds, sum(size(restated)) AS windows_restated
        FROM %s WHERE outcome = 'SUCCEEDED' GROUP BY job ORDER BY seconds DESC"""
            .formatted(runs));
    return queries;
  }
}
