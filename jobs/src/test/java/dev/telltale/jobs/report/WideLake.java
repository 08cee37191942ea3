package dev.telltale.jobs.report;

import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.profile.Anchors;
import dev.telltale.profile.ColumnKind;
import dev.telltale.profile.ColumnState;
import dev.telltale.profile.NumericState;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/** A thousand numeric columns in twenty windows, every tenth of which has drifted in the last. */
final class WideLake {
  static final String MODEL = "wide";
  static final int COLUMNS = 1000;
  static final int WINDOWS = 20;
  static final Instant END = ResultRows.day(WINDOWS);

  private static final int ROWS = 2000;
  private static final List<String> OTHER_METRICS =
      List.of(
          "chi_squared",
          "cramers_v",
          "g_test",
          "hellinger",
          "kl_divergence",
          "ks",
          "l_infinity",
          "live_share",
          "missing_share_change",
          "out_of_range_share",
          "psi",
          "stuck_share",
          "total_variation",
          "wasserstein",
          "wasserstein_normalized");

  private final ResultRows rows;
  private final Random random = new Random(1000);

  WideLake(Lake lake) {
    this.rows = new ResultRows(lake, MODEL);
  }

  void write() {
    NumericState learning =
        (NumericState) ColumnState.create(ColumnKind.NUMERIC, Anchors.learn(Anchors.MAX_CUTS));
    random.doubles(ROWS).forEach(learning::add);
    Anchors anchors = learning.learned();
    NumericState baseline = (NumericState) ColumnState.create(ColumnKind.NUMERIC, anchors);
    random.doubles(ROWS).forEach(baseline::add);
    for (int column = 0; column < COLUMNS; column++) {
      rows.state(name(column), "NUMERIC", Instant.EPOCH, null, baseline.toBytes(), anchors);
      rows.state(
          name(column), "NUMERIC", ResultRows.day(WINDOWS - 1), null, baseline.toBytes(), anchors);
    }
    for (int window = 0; window < WINDOWS; window++) {
      for (int column = 0; column < COLUMNS; column++) {
        profile(column, window);
        metric(column, window, "BASELINE", "js_distance", 0.1, effect(column, window));
      }
    }
    for (int column = 0; column < COLUMNS; column++) {
      newest(column);
    }
    rows.flush();
  }

  private static String name(int column) {
    return String.format(java.util.Locale.ROOT, "feature_of_the_wide_model_%04d", column);
  }

  private double effect(int column, int window) {
    boolean drifted = column % 10 == 0 && window == WINDOWS - 1;
    return drifted ? 0.1 + 0.0001 * column : 0.05 * random.nextDouble();
  }

  private void profile(int column, int window) {
    rows.row(Tables.PROFILE_METRICS, ResultRows.day(window), name(column), null)
        .set("column_kind", "NUMERIC")
        .set("data_type", "double")
        .set("baseline_id", ResultRows.BASELINE_ID)
        .set("count", (long) ROWS)
        .set("num_nulls", (long) (column % 7))
        .set("num_nan", 0L)
        .set("min", 0.0)
        .set("max", 1.0)
        .set("avg", 0.5 + 0.01 * random.nextGaussian())
        .set("stddev", 0.2887)
        .add();
  }

  private void newest(int column) {
    int window = WINDOWS - 1;
    metric(column, window, "CONSECUTIVE", "js_distance", 0.1, 0.02);
    for (String metric : OTHER_METRICS) {
      metric(column, window, "BASELINE", metric, null, random.nextDouble());
      metric(column, window, "CONSECUTIVE", metric, null, random.nextDouble());
    }
    if (column % 10 == 0) {
      rows.row(Tables.FINDINGS, ResultRows.day(window), name(column), null)
          .set("finding_id", "finding-" + column)
          .set("finding_key", "finding-" + column)
          .set("job", "drift")
          .set("kind", "DRIFT")
          .set("drift_type", "BASELINE")
          .set("metric", "js_distance")
          .set("value", 0.1 + 0.0001 * column)
          .set("threshold", 0.1)
          .set("severity", "WARNING")
          .set("status", "FIRING")
          .set("first_seen", ResultRows.day(window))
          .set("last_seen", ResultRows.day(window))
          .set("because", "js_distance reaches the threshold 0.1 and adjusted p is below 0.05.")
          .add();
    }
  }

  private void metric(
      int column, int window, String type, String metric, Double threshold, double value) {
    boolean decides = threshold != null;
    rows.row(Tables.DRIFT_METRICS, ResultRows.day(window), name(column), null)
        .set("drift_type", type)
        .set("metric", metric)
        .set("value", value)
        .set("p_value", decides ? null : value)
        .set("p_value_adjusted", decides ? null : value)
        .set("family_size", decides ? null : 2000)
        .set("threshold", threshold)
        .set("n_reference", (long) ROWS)
        .set("n_current", (long) ROWS)
        .set("error_bound", 0.0)
        .set("status", decides ? (value >= threshold ? "DRIFT" : "OK") : null)
        .set("because", decides ? "js_distance is held against the threshold 0.1." : null)
        .add();
  }
}
