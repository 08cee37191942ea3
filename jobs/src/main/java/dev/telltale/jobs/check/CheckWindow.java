package dev.telltale.jobs.check;

import dev.telltale.check.CheckException;
import dev.telltale.check.Columns;
import dev.telltale.check.Relation;
import dev.telltale.config.Check;
import dev.telltale.config.Granularity;
import dev.telltale.error.TelltaleException;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.SourceTable;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.TimeRange;
import dev.telltale.jobs.lake.WindowScope;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** A window of a table that is checked, or a table as a whole, and what is around it. */
final class CheckWindow implements CheckSources {
  private static final String ROW_COUNT = "expect_table_row_count_";

  private final Lake lake;
  private final NightSpec spec;
  private final String name;
  private final SourceTable table;
  private final Optional<String> eventTime;
  private final Granularity granularity;

  /** Empty = the table as a whole. */
  private final Optional<Instant> window;

  /** Results of this run, by window, of those that it has come to. */
  private final Map<Instant, List<Row>> results;

  private CheckWindow(
      Lake lake,
      NightSpec spec,
      String name,
      SourceTable table,
      Optional<String> eventTime,
      Granularity granularity,
      Optional<Instant> window,
      Map<Instant, List<Row>> results) {
    this.lake = lake;
    this.spec = spec;
    this.name = name;
    this.table = table;
    this.eventTime = eventTime;
    this.granularity = granularity;
    this.window = window;
    this.results = results;
  }

  /** All rows of a table. */
  static CheckWindow whole(Lake lake, NightSpec spec, String name, SourceTable table) {
    return new CheckWindow(
        lake,
        spec,
        name,
        table,
        Optional.empty(),
        CheckJob.granularity(spec.model()),
        Optional.empty(),
        Map.of());
  }

  /**
   * A window of a table that has an event time.
   *
   * @param results results of this run, by window, of those that it has come to
   */
  static CheckWindow of(
      Lake lake,
      NightSpec spec,
      String name,
      SourceTable table,
      String eventTime,
      Granularity granularity,
      Instant window,
      Map<Instant, List<Row>> results) {
    return new CheckWindow(
        lake, spec, name, table, Optional.of(eventTime), granularity, Optional.of(window), results);
  }

  /** The rows that are checked. */
  Dataset<Row> rows() {
    return rows(Duration.ZERO, Duration.ZERO);
  }

  @Override
  public Dataset<Row> rows(Duration before, Duration after) {
    return window.isEmpty()
        ? table.data()
        : table.data(eventTime.orElseThrow(), List.of(around(before, after)));
  }

  private TimeRange around(Duration before, Duration after) {
    return new TimeRange(window.orElseThrow().minus(before), end().plus(after));
  }

  @Override
  public Dataset<Row> inWindow(Dataset<Row> rows) {
    if (window.isEmpty()) {
      return rows;
    }
    var time = functions.expr(KeyObservations.name(eventTime.orElseThrow()));
    return rows.where(time.geq(Timestamp.from(window.get())).and(time.lt(Timestamp.from(end()))));
  }

  @Override
  public Dataset<Row> other(Relation.Other other) {
    SourceTable there = open(other.table(), Optional.empty());
    if (other.eventTime().isEmpty() || window.isEmpty()) {
      return there.data();
    }
    there.requireTimestamp(other.eventTime().get(), "other_event_time");
    return there.data(other.eventTime().get(), List.of(around(other.within(), other.within())));
  }

  private SourceTable open(String wanted, Optional<Long> version) {
    if (version.isPresent()) {
      return lake.source(wanted, version.get());
    }
    return wanted.equals(spec.model().telemetry().table())
        ? lake.telemetry(spec.model())
        : lake.source(wanted);
  }

  @Override
  public Instant end() {
    return window.map(granularity::next).orElse(spec.to());
  }

  @Override
  public Columns reference(Optional<String> wanted, Optional<Long> version) throws CheckException {
    try {
      return TableCheck.columns(open(wanted.orElse(name), version).schema());
    } catch (TelltaleException e) {
      throw new CheckException(String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
  }

  @Override
  public List<Earlier> earlier(Check.Expectation expectation, Period period, int periods) {
    if (window.isEmpty() || expectation.rowCondition().isPresent()) {
      return List.of();
    }
    List<Instant> starts = new ArrayList<>();
    for (int i = 1; i <= periods; i++) {
      starts.add(window.get().atOffset(ZoneOffset.UTC).minus(period.multipliedBy(i)).toInstant());
    }
    WindowScope scope = WindowScope.of(spec.model().model(), granularity, starts);
    Map<Instant, Earlier> found = new HashMap<>();
    if (name.equals(spec.model().telemetry().table())) {
      for (Row row :
          lake.rows(
              Tables.PROFILE_METRICS,
              scope,
              "window_start",
              "model_version",
              "slice_key",
              "column_name",
              "count")) {
        if (row.getAs("slice_key") == null
            && row.getAs("model_version") == null
            && ":table".equals(row.getAs("column_name"))) {
          add(found, row, row.<Long>getAs("count"), Optional.empty());
        }
      }
    }
    List<Row> rows = new ArrayList<>();
    for (Row row : lake.rows(Tables.CHECK_RESULTS, scope)) {
      if (!results.containsKey(row.<Timestamp>getAs("window_start").toInstant())) {
        rows.add(row);
      }
    }
    starts.forEach(start -> rows.addAll(results.getOrDefault(start, List.of())));
    for (Row row : rows) {
      String observed = row.getAs("observed_value");
      String what = row.getAs("expectation");
      if (name.equals(row.getAs("table_name"))
          && what.startsWith(ROW_COUNT)
          && observed != null
          && !row.<String>getAs("kwargs").contains("row_condition")) {
        boolean same = what.equals(expectation.expectation());
        if (same || !found.containsKey(row.<Timestamp>getAs("window_start").toInstant())) {
          add(
              found,
              row,
              Long.parseLong(observed),
              same ? Optional.ofNullable(row.<Boolean>getAs("success")) : Optional.empty());
        }
      }
    }
    return starts.stream().filter(found::containsKey).map(found::get).toList();
  }

  private static void add(Map<Instant, Earlier> found, Row row, long rows, Optional<Boolean> held) {
    Instant start = row.<Timestamp>getAs("window_start").toInstant();
    found.put(start, new Earlier(start, rows, held));
  }
}
