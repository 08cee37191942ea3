package dev.telltale.jobs.report;

import dev.telltale.config.Granularity;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.profile.Anchors;
import dev.telltale.profile.CategoryState;
import dev.telltale.profile.ColumnKind;
import dev.telltale.profile.ColumnState;
import dev.telltale.profile.NumericState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;

/**
 * Thirty nights of which some went wrong: columns that drift, one that is over its threshold by
 * chance, one with too little data, slices, alerts, hints, and names that nobody would choose.
 */
final class SyntheticLake {
  static final String MODEL = "flights-late";
  static final int NIGHTS = 30;
  static final Instant NEWEST = ResultRows.day(NIGHTS - 1);
  static final Instant END = ResultRows.day(NIGHTS);

  static final String SCRIPT = "</script><script>document.title='owned'</script>\"'&<img src=x>";
  static final String RIGHT_TO_LEFT = "\u202egnp.לאה\nline\u0000";
  static final String EMOJI = "🛫 delay 👩‍✈️";
  static final String LONG = "a_very_long_column_name_".repeat(417);

  /** Would be the id of something else, or a property of every JavaScript object. */
  static final List<String> AMBIGUOUS = List.of("table", "__proto__", "constructor", "columns");

  private static final int ROWS = 2000;
  private static final int BASELINE_ROWS = 20_000;
  private static final int NEVER = Integer.MAX_VALUE;

  private final ResultRows rows;
  private final Map<String, Anchors> anchors = new LinkedHashMap<>();
  private final Random random = new Random(20010301);

  SyntheticLake(Lake lake) {
    this.rows = new ResultRows(lake, MODEL);
  }

  /** Writes everything. */
  void write() {
    numeric("distance_miles", 18, 0.45);
    numeric("hour_of_day", NEVER, 0);
    numeric("score", 25, 0.2);
    for (int i = 1; i <= 8; i++) {
      numeric("sensor_" + i, NEVER, 0);
    }
    AMBIGUOUS.forEach(name -> numeric(name, NEVER, 0));
    category("origin", 22);
    category("carrier", NEVER);
    category("chance", NEVER);
    category(SCRIPT, 10);
    category(RIGHT_TO_LEFT, NEVER);
    category(EMOJI, NEVER);
    category(LONG, 29);
    rows.row(Tables.PROFILE_METRICS, NEWEST, "raw_payload", null)
        .set("column_kind", "SKIPPED")
        .set("data_type", "array<string>")
        .set("baseline_id", ResultRows.BASELINE_ID)
        .set("count", rowCount(NIGHTS - 1))
        .add();
    for (int night = 0; night < NIGHTS; night++) {
      rows.row(Tables.PROFILE_METRICS, ResultRows.day(night), ":table", null)
          .set("column_kind", "TABLE")
          .set("baseline_id", ResultRows.BASELINE_ID)
          .set("count", rowCount(night))
          .add();
    }
    findings();
    new SyntheticAnswers(rows).write();
    rows.flush();
    rows.ledger(NEWEST);
  }

  private void findings() {
    finding("distance_miles", "DRIFT", "BASELINE", "CRITICAL", 18, 0.31, "js_distance", null);
    finding("distance_miles", "DRIFT", "BASELINE", "CRITICAL", 18, 0.42, "js_distance", "ORD");
    finding("distance_miles", "DRIFT", "BASELINE", "WARNING", 19, 0.18, "js_distance", "<b>A</b>");
    finding("distance_miles", "DRIFT", "CONSECUTIVE", "INFO", 29, 0.21, "js_distance", null);
    finding("origin", "NEW_CATEGORY", "BASELINE", "WARNING", 22, 0.04, "unseen_share", null);
    finding(SCRIPT, "DRIFT", "BASELINE", "WARNING", 10, 0.14, "js_distance", null);
    finding(LONG, "DRIFT", "BASELINE", "WARNING", 29, 0.13, "js_distance", null);
    finding("score", "DRIFT", "BASELINE", "WARNING", 25, 0.12, "js_distance", "ORD");
    // A small slice with a large distance: not as important as all rows with a smaller one.
    finding("score", "DRIFT", "BASELINE", "CRITICAL", 28, 0.9, "js_distance", LONG);
    alert("distance_miles", "DRIFT", "js_distance", null, "OPEN", 18);
    alert("distance_miles", "DRIFT", "js_distance", "ORD", "OPEN", 18);
    alert("origin", "NEW_CATEGORY", "unseen_share", null, "ACKNOWLEDGED", 22);
    weeklyAlert("score");
  }

  private static long rowCount(int night) {
    return night == 12 ? 700 : ROWS + Math.round(120 * Math.sin(night * 0.9));
  }

  private void numeric(String name, int driftFrom, double shift) {
    Random values = new Random(name.hashCode());
    NumericState learning =
        (NumericState) ColumnState.create(ColumnKind.NUMERIC, Anchors.learn(Anchors.MAX_CUTS));
    double[] sample = new double[BASELINE_ROWS];
    for (int i = 0; i < sample.length; i++) {
      sample[i] =
          name.equals("hour_of_day")
              ? Math.floor(Math.min(23, Math.abs(13 + 5 * values.nextGaussian())))
              : Math.exp(6 + 0.6 * values.nextGaussian());
      learning.add(sample[i]);
    }
    Anchors learned = learning.learned();
    anchors.put(name, learned);
    NumericState baseline = (NumericState) ColumnState.create(ColumnKind.NUMERIC, learned);
    for (double value : sample) {
      baseline.add(value);
    }
    baseline.addNulls(BASELINE_ROWS / 400);
    state(name, "NUMERIC", Instant.EPOCH, null, baseline);
    state(name, "NUMERIC", Instant.EPOCH, "ORD", baseline);
    for (int night = 0; night < NIGHTS; night++) {
      boolean drifted = night >= driftFrom;
      double effect =
          drifted ? 0.12 + shift * (night - driftFrom + 1) / 14 : 0.02 + 0.05 * random.nextDouble();
      profileAndDrift(name, "NUMERIC", night, effect, 0.002 + 0.004 * random.nextDouble());
      if (night >= NIGHTS - 2) {
        for (String slice : slices()) {
          NumericState state = (NumericState) ColumnState.create(ColumnKind.NUMERIC, learned);
          for (int i = 0; i < ROWS; i++) {
            double value = sample[values.nextInt(sample.length)];
            state.add(drifted ? value * (1 + shift * values.nextDouble() * 2) : value);
          }
          state.addNulls(drifted ? 90 : 5);
          state(name, "NUMERIC", ResultRows.day(night), slice, state);
        }
      }
    }
  }

  private void category(String name, int driftFrom) {
    List<String> labels =
        IntStream.range(0, 20)
            .mapToObj(
                i -> i == 3 ? "<script>alert('label')</script>" : "K" + (char) ('A' + i) + "X")
            .toList();
    Anchors learned = Anchors.ofLabels(labels, false);
    anchors.put(name, learned);
    CategoryState baseline = (CategoryState) ColumnState.create(ColumnKind.CATEGORICAL, learned);
    for (int i = 0; i < labels.size(); i++) {
      baseline.addKnown(i, 4000 / (i + 1));
    }
    baseline.addNulls(100);
    state(name, "CATEGORICAL", Instant.EPOCH, null, baseline);
    for (int night = 0; night < NIGHTS; night++) {
      boolean drifted = night >= driftFrom;
      double effect =
          drifted || name.equals("chance")
              ? 0.11 + 0.03 * random.nextDouble()
              : 0.03 + 0.04 * random.nextDouble();
      profileAndDrift(name, "CATEGORICAL", night, effect, 0.01);
    }
    boolean drifted = driftFrom < NIGHTS;
    CategoryState state = (CategoryState) ColumnState.create(ColumnKind.CATEGORICAL, learned);
    for (int i = 0; i < labels.size(); i++) {
      state.addKnown(i, (drifted ? 300 + 20 * i : 400) / (i + 1));
    }
    if (drifted) {
      state.add("<i>NEW</i>" + LONG, 60);
      state.add("JFK2", 25);
    }
    state.addNulls(drifted ? 200 : 10);
    state(name, "CATEGORICAL", NEWEST, null, state);
  }

  private static List<String> slices() {
    List<String> slices = new ArrayList<>();
    slices.add(null);
    slices.add("ORD");
    return slices;
  }

  private void profileAndDrift(String name, String kind, int night, double effect, double missing) {
    long count = rowCount(night);
    ResultRows.Line profile =
        rows.row(Tables.PROFILE_METRICS, ResultRows.day(night), name, null)
            .set("column_kind", kind)
            .set("data_type", ResultRows.type(kind))
            .set("baseline_id", ResultRows.BASELINE_ID)
            .set("count", count)
            .set("num_nulls", Math.round(count * missing));
    if (kind.equals("NUMERIC")) {
      profile
          .set("num_nan", 0L)
          .set("min", 12.5)
          .set("max", 4962.0)
          .set("avg", 480 * (1 + effect))
          .set("stddev", 301.25);
    } else {
      profile.set("distinct_count", 20.0).set("distinct_is_exact", true).set("num_unseen", 0L);
    }
    profile.add();
    boolean drift = effect >= 0.1 && !name.equals("chance");
    String status = name.equals("carrier") ? "INSUFFICIENT_DATA" : drift ? "DRIFT" : "OK";
    metric(name, night, "BASELINE", "js_distance", effect, 0.1, status);
    boolean jumps = name.equals("distance_miles") && night % 7 == 1;
    metric(name, night, "CONSECUTIVE", "js_distance", effect / 3, 0.1, jumps ? "DRIFT" : "OK");
    metric(name, night, "BASELINE", "psi", effect * effect, null, null);
    metric(name, night, "BASELINE", "missing_share_change", missing, 0.01, "OK");
  }

  private void metric(
      String name,
      int night,
      String type,
      String metric,
      double value,
      Double threshold,
      String status) {
    String because =
        metric + " " + Formats.number(value) + " against the threshold " + threshold + ".";
    rows.row(Tables.DRIFT_METRICS, ResultRows.day(night), name, null)
        .set("drift_type", type)
        .set("metric", metric)
        .set("value", value)
        .set("p_value", threshold == null ? null : 0.00001)
        .set("p_value_adjusted", threshold == null ? null : 0.0004)
        .set("family_size", threshold == null ? null : 42)
        .set("threshold", threshold)
        .set("n_reference", 20_000L)
        .set("n_current", 2000L)
        .set("error_bound", 0.0)
        .set("status", status)
        .set("because", status == null ? null : because)
        .add();
  }

  private void finding(
      String name,
      String kind,
      String driftType,
      String severity,
      int since,
      double value,
      String metric,
      String slice) {
    for (int night = since; night < NIGHTS; night++) {
      String key = key(name, kind, driftType, slice);
      rows.row(Tables.FINDINGS, ResultRows.day(night), name, slice)
          .set("finding_id", key + "@" + night)
          .set("finding_key", key)
          .set("job", "drift")
          .set("kind", kind)
          .set("drift_type", driftType)
          .set("metric", metric)
          .set("value", value)
          .set("threshold", kind.equals("DRIFT") ? 0.1 : 0.01)
          .set("p_value_adjusted", 0.00002)
          .set("severity", severity)
          .set("status", "FIRING")
          .set("first_seen", ResultRows.day(since))
          .set("last_seen", ResultRows.day(night))
          .set("because", metric + " of " + name + " is " + value + ": <em>too much</em>.")
          .add();
    }
  }

  private static String key(String name, String kind, String driftType, String slice) {
    return MODEL + "/" + name + "/" + kind + "/" + driftType + "/" + slice;
  }

  private void alert(
      String name, String kind, String metric, String slice, String status, int since) {
    for (int night = since; night < NIGHTS; night++) {
      boolean pending = night < since + 1;
      ResultRows.Line line =
          rows.row(Tables.ALERTS, ResultRows.day(night), name, slice)
              .set("alert_id", "alert-" + name + "-" + slice)
              .set("finding_key", key(name, kind, "BASELINE", slice))
              .set("kind", kind)
              .set("drift_type", "BASELINE")
              .set("severity", kind.equals("DRIFT") ? "CRITICAL" : "WARNING")
              .set("status", pending ? "PENDING" : status)
              .set("first_seen", ResultRows.day(since))
              .set("opened", pending ? null : ResultRows.day(since + 2))
              .set("last_seen", ResultRows.day(night))
              .set("windows_firing", night - since + 1)
              .set("because", metric + " fired in 2 of 3 windows.");
      if (!pending && status.equals("ACKNOWLEDGED")) {
        line.set("acknowledged", ResultRows.day(since + 2))
            .set("acknowledged_by", "ana@example.org");
      }
      line.add();
    }
  }

  /** One about a week, which a page about days does not show. */
  private void weeklyAlert(String name) {
    Instant week = Granularity.WEEK.floor(ResultRows.day(NIGHTS - 8));
    rows.row(Tables.ALERTS, week, name, null)
        .set("window_end", Granularity.WEEK.next(week))
        .set("granularity", Granularity.WEEK.label())
        .set("alert_id", "weekly-alert")
        .set("finding_key", key(name, "DRIFT", "BASELINE", null))
        .set("kind", "DRIFT")
        .set("metric", "js_distance")
        .set("drift_type", "BASELINE")
        .set("severity", "CRITICAL")
        .set("status", "OPEN")
        .set("first_seen", week)
        .set("opened", week)
        .set("last_seen", week)
        .set("windows_firing", 3)
        .set("recent", new Row[0])
        .set("because", "js_distance fired in 2 of 3 windows.")
        .add();
  }

  private void state(String name, String kind, Instant window, String slice, ColumnState state) {
    rows.state(name, kind, window, slice, state.toBytes(), anchors.get(name));
  }
}
