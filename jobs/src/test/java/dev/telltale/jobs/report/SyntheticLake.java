package dev.telltale.jobs.report;

import dev.telltale.config.Granularity;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.LakeWriter;
import dev.telltale.jobs.lake.RunEntry;
import dev.telltale.jobs.lake.TableRow;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import dev.telltale.profile.Anchors;
import dev.telltale.profile.CategoryState;
import dev.telltale.profile.ColumnKind;
import dev.telltale.profile.ColumnState;
import dev.telltale.profile.NumericState;
import dev.telltale.profile.StateFormat;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** Writes result tables as the nightly jobs would: thirty nights, of which some went wrong. */
final class SyntheticLake {
  static final String MODEL = "flights-late";
  static final Instant FIRST = Instant.parse("2001-03-01T00:00:00Z");
  static final int NIGHTS = 30;
  static final Instant END = day(NIGHTS);
  static final Instant NEWEST = day(NIGHTS - 1);
  static final String HOSTILE = "</script><script>document.title='owned'</script>\"'&<img src=x>";
  static final String LONG = "a_very_long_column_name_".repeat(20);
  static final String BASELINE_ID = "baseline@3#00c0ffee";

  private static final int ROWS = 2000;
  private static final int BASELINE_ROWS = 20_000;

  private final Lake lake;
  private final int nights;
  private final Map<Tables, List<Row>> rows = new EnumMap<>(Tables.class);
  private final Map<String, Anchors> anchors = new LinkedHashMap<>();
  private final Random random = new Random(20010301);

  SyntheticLake(SparkSession spark, Lake lake, int nights) {
    this.lake = lake;
    this.nights = nights;
    for (Tables table : Tables.values()) {
      rows.put(table, new ArrayList<>());
    }
  }

  static Instant day(int night) {
    return FIRST.plusSeconds(86_400L * night);
  }

  /** Writes everything. */
  void write() {
    numeric("distance_miles", 18, 0.45);
    numeric("hour_of_day", Integer.MAX_VALUE, 0);
    numeric("score", 25, 0.2);
    for (int i = 1; i <= 8; i++) {
      numeric("sensor_" + i, Integer.MAX_VALUE, 0);
    }
    category("origin", 22);
    category("carrier", Integer.MAX_VALUE);
    category(HOSTILE, 10);
    category(LONG, Integer.MAX_VALUE);
    notSummarised("raw_payload", "SKIPPED", "array<string>");
    for (int night = 0; night < nights; night++) {
      row(Tables.PROFILE_METRICS, day(night), ":table", null)
          .set("column_kind", "TABLE")
          .set("baseline_id", BASELINE_ID)
          .set("count", rowCount(night))
          .build(rows.get(Tables.PROFILE_METRICS));
    }
    finding("distance_miles", "DRIFT", "CRITICAL", 18, 0.31, "js_distance", null);
    finding("distance_miles", "DRIFT", "CRITICAL", 18, 0.42, "js_distance", "ORD");
    finding("distance_miles", "DRIFT", "WARNING", 19, 0.18, "js_distance", "<b>ATL</b>");
    finding("origin", "NEW_CATEGORY", "WARNING", 22, 0.04, "new_category_share", null);
    finding(HOSTILE, "DRIFT", "WARNING", 10, 0.14, "js_distance", null);
    finding("score", "DRIFT", "WARNING", 25, 0.12, "js_distance", "ORD");
    alert("distance_miles", "DRIFT", "js_distance", "CRITICAL", "OPEN", 18);
    alert("origin", "NEW_CATEGORY", "new_category_share", "WARNING", "ACKNOWLEDGED", 22);
    flush();
    ledger();
  }

  private long rowCount(int night) {
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
    ColumnState baseline = ColumnState.create(ColumnKind.NUMERIC, learned);
    for (double value : sample) {
      ((NumericState) baseline).add(value);
    }
    baseline.addNulls(BASELINE_ROWS / 400);
    state(name, "NUMERIC", "double", Instant.EPOCH, null, baseline);
    for (int night = 0; night < nights; night++) {
      boolean drifted = night >= driftFrom;
      double effect =
          drifted ? 0.12 + shift * (night - driftFrom + 1) / 14 : 0.02 + 0.05 * random.nextDouble();
      profileAndDrift(
          name, "NUMERIC", "double", night, effect, 0.002 + 0.004 * random.nextDouble());
      if (night >= nights - 2) {
        for (String slice : slices()) {
          NumericState state = (NumericState) ColumnState.create(ColumnKind.NUMERIC, learned);
          for (int i = 0; i < ROWS; i++) {
            double value = sample[values.nextInt(sample.length)];
            state.add(drifted ? value * (1 + shift * values.nextDouble() * 2) : value);
          }
          state.addNulls(drifted ? 90 : 5);
          state(name, "NUMERIC", "double", day(night), slice, state);
        }
      }
    }
    state(name, "NUMERIC", "double", Instant.EPOCH, "ORD", baseline);
  }

  private void category(String name, int driftFrom) {
    List<String> labels =
        IntStream.range(0, 20)
            .mapToObj(
                i -> i == 3 ? "<script>alert('label')</script>" : "K" + (char) ('A' + i) + "X")
            .toList();
    Anchors learned = Anchors.ofLabels(labels, false);
    anchors.put(name, learned);
    ColumnState baseline = ColumnState.create(ColumnKind.CATEGORICAL, learned);
    for (int i = 0; i < labels.size(); i++) {
      ((CategoryState) baseline).addKnown(i, 4000 / (i + 1));
    }
    baseline.addNulls(100);
    state(name, "CATEGORICAL", "string", Instant.EPOCH, null, baseline);
    for (int night = 0; night < nights; night++) {
      boolean drifted = night >= driftFrom;
      double effect =
          drifted ? 0.11 + 0.03 * random.nextDouble() : 0.03 + 0.04 * random.nextDouble();
      profileAndDrift(name, "CATEGORICAL", "string", night, effect, 0.01);
      if (night == nights - 1) {
        CategoryState state = (CategoryState) ColumnState.create(ColumnKind.CATEGORICAL, learned);
        for (int i = 0; i < labels.size(); i++) {
          state.addKnown(i, (drifted ? 300 + 20 * i : 400) / (i + 1));
        }
        if (drifted) {
          state.add("<i>NEW</i>", 60);
          state.add("JFK2", 25);
        }
        state.addNulls(drifted ? 200 : 10);
        state(name, "CATEGORICAL", "string", day(night), null, state);
      }
    }
  }

  private static List<String> slices() {
    List<String> slices = new ArrayList<>();
    slices.add(null);
    slices.add("ORD");
    return slices;
  }

  private void notSummarised(String name, String kind, String type) {
    row(Tables.PROFILE_METRICS, NEWEST, name, null)
        .set("column_kind", kind)
        .set("data_type", type)
        .set("baseline_id", BASELINE_ID)
        .set("count", rowCount(nights - 1))
        .build(rows.get(Tables.PROFILE_METRICS));
  }

  private void profileAndDrift(
      String name, String kind, String type, int night, double effect, double missing) {
    long count = rowCount(night);
    Line profile =
        row(Tables.PROFILE_METRICS, day(night), name, null)
            .set("column_kind", kind)
            .set("data_type", type)
            .set("baseline_id", BASELINE_ID)
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
    profile.build(rows.get(Tables.PROFILE_METRICS));
    boolean sparse = name.equals("carrier");
    String status = sparse ? "INSUFFICIENT_DATA" : effect >= 0.1 ? "DRIFT" : "OK";
    metric(name, night, "BASELINE", "js_distance", effect, 0.1, status);
    metric(name, night, "CONSECUTIVE", "js_distance", effect / 3, 0.1, "OK");
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
    row(Tables.DRIFT_METRICS, day(night), name, null)
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
        .set(
            "because",
            status == null
                ? null
                : metric + " " + Formats.number(value) + " against the threshold " + threshold)
        .build(rows.get(Tables.DRIFT_METRICS));
  }

  private void finding(
      String name,
      String kind,
      String severity,
      int since,
      double value,
      String metric,
      String slice) {
    for (int night = since; night < nights; night++) {
      row(Tables.FINDINGS, day(night), name, slice)
          .set("finding_id", key(name, kind, slice) + "@" + night)
          .set("finding_key", key(name, kind, slice))
          .set("job", "drift")
          .set("kind", kind)
          .set("drift_type", "BASELINE")
          .set("metric", metric)
          .set("value", value)
          .set("threshold", kind.equals("DRIFT") ? 0.1 : 0.01)
          .set("p_value_adjusted", 0.00002)
          .set("severity", severity)
          .set("status", "FIRING")
          .set("first_seen", day(since))
          .set("last_seen", day(night))
          .set(
              "because",
              metric
                  + " is "
                  + value
                  + ", at or above the threshold, and the adjusted p-value is below 0.05 in a family of 42 tests.")
          .build(rows.get(Tables.FINDINGS));
    }
  }

  private static String key(String name, String kind, String slice) {
    return MODEL + "/" + name + "/" + kind + "/" + slice;
  }

  private void alert(
      String name, String kind, String metric, String severity, String status, int since) {
    for (int night = since; night < nights; night++) {
      Line line =
          row(Tables.ALERTS, day(night), name, null)
              .set("alert_id", "alert-" + name)
              .set("finding_key", key(name, kind, null))
              .set("kind", kind)
              .set("severity", severity)
              .set("status", night < since + 1 ? "PENDING" : status)
              .set("first_seen", day(since))
              .set("opened", night < since + 1 ? null : day(since + 2))
              .set("last_seen", day(night))
              .set("windows_firing", night - since + 1)
              .set("because", metric + " fired in 2 of 3 windows.");
      if (status.equals("ACKNOWLEDGED")) {
        line.set("acknowledged", day(since + 2)).set("acknowledged_by", "ana@example.org");
      }
      line.build(rows.get(Tables.ALERTS));
    }
  }

  private void state(
      String name, String kind, String type, Instant window, String slice, ColumnState state) {
    Line line =
        row(Tables.PROFILE_STATES, window, name, slice)
            .set("column_kind", kind)
            .set("data_type", type)
            .set("baseline_id", BASELINE_ID)
            .set("state_version", StateFormat.VERSION)
            .set("state", state.toBytes());
    if (window.equals(Instant.EPOCH) && slice == null) {
      line.set("anchors", StateFormat.write(anchors.get(name)));
    }
    line.build(rows.get(Tables.PROFILE_STATES));
  }

  private static Line row(Tables table, Instant window, String column, String slice) {
    boolean baseline = window.equals(Instant.EPOCH);
    Line line = new Line(table.schema());
    line.row.window(window, baseline ? window : Granularity.DAY.next(window));
    return line.set("granularity", baseline ? WindowScope.BASELINE : Granularity.DAY.label())
        .set("model_id", MODEL)
        .set("run_id", "run-1")
        .set("computed_at", END)
        .set("slice_key", slice == null ? null : "origin")
        .set("slice_value", slice)
        .set("column_name", column);
  }

  private void flush() {
    LakeWriter writer = lake.writer("run-1");
    rows.forEach(
        (table, tableRows) -> {
          if (!tableRows.isEmpty()) {
            writer.append(table, tableRows);
          }
        });
  }

  private void ledger() {
    List<RunEntry> entries = new ArrayList<>();
    for (String job : List.of("profile", "drift", "alerts")) {
      entries.add(
          new RunEntry(
              "night-2001-03-30",
              job,
              MODEL,
              NEWEST,
              END,
              RunEntry.SUCCEEDED,
              Optional.empty(),
              "telltale run",
              "c0ffee",
              "0.1.0",
              Map.of("/lake/predictions", 31L, "/lake/baseline", 3L),
              List.of(day(nights - 3)),
              2103,
              1_234_567,
              812,
              4.25,
              Optional.empty(),
              END.plusSeconds(7200),
              END.plusSeconds(7205)));
    }
    lake.ledger().record(entries);
  }

  /** A row that is added to a list when it is complete. */
  private static final class Line {
    private final TableRow row;

    Line(StructType schema) {
      row = new TableRow(schema);
    }

    Line set(String column, Object value) {
      row.set(column, value);
      return this;
    }

    void build(List<Row> rows) {
      rows.add(row.build());
    }
  }
}
