package dev.telltale.jobs.report;

import dev.telltale.bytes.StateBytes;
import dev.telltale.config.Granularity;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.LakeWriter;
import dev.telltale.jobs.lake.RunEntry;
import dev.telltale.jobs.lake.TableRow;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import dev.telltale.profile.Anchors;
import dev.telltale.profile.StateFormat;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;

/** Rows of the result tables as the nightly jobs write them, collected and then appended. */
final class ResultRows {
  static final Instant FIRST = Instant.parse("2001-03-01T00:00:00Z");
  static final String BASELINE_ID = "baseline@3#00c0ffee";

  private final Lake lake;
  private final String model;
  private final Map<Tables, List<Row>> rows = new EnumMap<>(Tables.class);

  ResultRows(Lake lake, String model) {
    this.lake = lake;
    this.model = model;
  }

  /** Start of a night, counted from 0. */
  static Instant day(int night) {
    return FIRST.plusSeconds(86_400L * night);
  }

  /** A row about a column in a window; slice null = all rows, else a value of {@code origin}. */
  Line row(Tables table, Instant window, String column, String slice) {
    return row(table, window, slice).set("column_name", column);
  }

  /** A row of a table that is not about columns. */
  Line row(Tables table, Instant window, String slice) {
    boolean baseline = window.equals(Instant.EPOCH);
    Line line = new Line(table);
    line.row.window(window, baseline ? window : Granularity.DAY.next(window));
    return line.set("granularity", baseline ? WindowScope.BASELINE : Granularity.DAY.label())
        .set("model_id", model)
        .set("run_id", "run-1")
        .set("computed_at", FIRST)
        .set("slice_key", slice == null ? null : "origin")
        .set("slice_value", slice);
  }

  /** A stored state; the anchors go with the baseline of all rows. */
  void state(
      String column, String kind, Instant window, String slice, byte[] state, Anchors anchors) {
    Line line =
        row(Tables.PROFILE_STATES, window, column, slice)
            .set("column_kind", kind)
            .set("data_type", type(kind))
            .set("baseline_id", BASELINE_ID)
            .set("state_version", StateBytes.VERSION)
            .set("state", state);
    if (window.equals(Instant.EPOCH) && slice == null) {
      line.set("anchors", StateFormat.write(anchors));
    }
    line.add();
  }

  static String type(String kind) {
    return kind.equals("NUMERIC") ? "double" : "string";
  }

  /** The run that wrote the night that starts at {@code newest}. */
  void ledger(Instant newest) {
    Instant end = Granularity.DAY.next(newest);
    List<RunEntry> entries = new ArrayList<>();
    for (String job : List.of("profile", "drift", "alerts")) {
      entries.add(
          new RunEntry(
              "night-2001-03-30",
              job,
              model,
              newest,
              end,
              RunEntry.SUCCEEDED,
              Optional.empty(),
              "telltale run",
              "c0ffee",
              "0.1.0",
              Map.of("/lake/predictions", 31L, "/lake/baseline", 3L),
              List.of(newest.minusSeconds(2 * 86_400)),
              2103,
              1_234_567,
              812,
              4.25,
              Optional.empty(),
              end.plusSeconds(7200),
              end.plusSeconds(7205)));
    }
    lake.ledger().record(entries);
  }

  /** Appends what was collected since the last call. */
  void flush() {
    LakeWriter writer = lake.writer("run-1");
    rows.forEach(writer::append);
    rows.clear();
  }

  /** A row that is collected when it is complete. */
  final class Line {
    private final Tables table;
    private final TableRow row;

    private Line(Tables table) {
      this.table = table;
      this.row = new TableRow(table.schema());
    }

    Line set(String column, Object value) {
      row.set(column, value);
      return this;
    }

    void add() {
      rows.computeIfAbsent(table, absent -> new ArrayList<>()).add(row.build());
    }
  }
}
