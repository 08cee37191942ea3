package dev.telltale.jobs.check;

import dev.telltale.check.CheckResult;
import dev.telltale.check.Observation;
import dev.telltale.config.Check;
import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.error.TelltaleException;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.SourceTable;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.Telemetry;
import dev.telltale.jobs.lake.TelemetryChanges;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.spark.sql.Row;

/** A table of the model file, and what is expected of it. */
final class CheckedTable {
  private final Lake lake;
  private final NightSpec spec;
  private final ModelConfig model;
  private final Granularity granularity;
  private final CheckRows rowsOf;
  private final Check check;
  private final String name;

  /** Empty where it cannot be opened. */
  private final Optional<SourceTable> table;

  /** Why not. */
  private final String problem;

  private CheckedTable(
      Lake lake,
      NightSpec spec,
      Granularity granularity,
      Instant computedAt,
      Check check,
      Optional<SourceTable> table,
      String problem) {
    this.lake = lake;
    this.spec = spec;
    this.model = spec.model();
    this.granularity = granularity;
    this.rowsOf = new CheckRows(spec, granularity, computedAt);
    this.check = check;
    this.name = name(spec, check);
    this.table = table;
    this.problem = problem;
  }

  /**
   * Opens a table; one that is not there fails its own expectations only.
   *
   * @throws TelltaleException if it is the telemetry that is not there (exit 3)
   */
  static CheckedTable open(
      Lake lake, NightSpec spec, Granularity granularity, Instant computedAt, Check check) {
    String name = name(spec, check);
    boolean telemetry = name.equals(spec.model().telemetry().table());
    Optional<SourceTable> table = Optional.empty();
    String problem = "";
    try {
      // Results keep examples of what they are about.
      SourceTable opened = telemetry ? lake.telemetry(spec.model()) : lake.source(name);
      opened.schema();
      table = Optional.of(opened);
    } catch (TelltaleException e) {
      if (telemetry) {
        throw e;
      }
      problem = firstLine(e);
    }
    return new CheckedTable(lake, spec, granularity, computedAt, check, table, problem);
  }

  private static String name(NightSpec spec, Check check) {
    return check.table().orElse(spec.model().telemetry().table());
  }

  private static String firstLine(TelltaleException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  /** The table, as the model file names it. */
  String name() {
    return name;
  }

  /** Whether it has no event time, so that it is checked as a whole. */
  boolean isWhole() {
    return eventTime().isEmpty();
  }

  private boolean isTelemetry() {
    return name.equals(model.telemetry().table());
  }

  private Optional<String> eventTime() {
    return check
        .eventTime()
        .or(() -> isTelemetry() ? Optional.of(model.telemetry().eventTime()) : Optional.empty());
  }

  private List<String> ids() {
    if (!check.id().isEmpty()) {
      return check.id();
    }
    return isTelemetry() ? List.of(model.telemetry().id()) : List.of();
  }

  /** Windows before an interval whose rows have changed since they were checked. */
  SortedSet<Instant> restated(SortedSet<Instant> interval) {
    if (isWhole() || table.isEmpty() || timeProblem().isPresent()) {
      return new TreeSet<>();
    }
    return TelemetryChanges.since(
            lake,
            spec,
            CheckJob.NAME,
            Tables.CHECK_RESULTS,
            Telemetry.of(table.get(), eventTime().orElseThrow()),
            granularity,
            interval)
        .windows();
  }

  /** Why the rows of a window cannot be told. */
  private Optional<String> timeProblem() {
    try {
      table.orElseThrow().requireTimestamp(eventTime().orElseThrow(), "event time");
      return Optional.empty();
    } catch (TelltaleException e) {
      return Optional.of(firstLine(e));
    }
  }

  /**
   * What became of the expectations.
   *
   * @param rows rows of {@code check_results}, by window
   * @param outcomes all outcomes; of a table as a whole once
   * @param rowsRead rows that were looked at
   */
  record Results(Map<Instant, List<Row>> rows, List<TableCheck.Outcome> outcomes, long rowsRead) {}

  /**
   * Checks the table.
   *
   * @param interval windows that the answer of a table as a whole is given for
   * @param windows all windows, those of the interval among them
   */
  Results check(SortedSet<Instant> interval, Set<Instant> windows) {
    if (table.isEmpty()) {
      return failures(interval, problem);
    }
    if (isWhole()) {
      return interval.isEmpty()
          ? new Results(Map.of(), List.of(), 0)
          : whole(interval, table.get());
    }
    Optional<String> noTime = timeProblem();
    return noTime.isPresent() ? failures(windows, noTime.get()) : windows(windows, table.get());
  }

  private Results failures(Set<Instant> windows, String why) {
    List<TableCheck.Outcome> outcomes =
        check.expectations().stream()
            .map(
                one ->
                    new TableCheck.Outcome(one, CheckResult.failed(why), TableCheck.Outcome.SCHEMA))
            .toList();
    return new Results(rows(windows, outcomes), outcomes, 0);
  }

  private Results whole(SortedSet<Instant> interval, SourceTable opened) {
    TableCheck scan =
        scan(opened, CheckWindow.whole(lake, spec, name, opened), one -> Optional.empty());
    List<TableCheck.Outcome> outcomes = scan.run(check.expectations());
    return new Results(rows(interval, outcomes), outcomes, scan.rows());
  }

  private Results windows(Set<Instant> windows, SourceTable opened) {
    String time = eventTime().orElseThrow();
    Optional<ProfileKnowledge> knowledge =
        isTelemetry() && time.equals(model.telemetry().eventTime())
            ? Optional.of(ProfileKnowledge.of(lake, spec, opened, granularity, windows))
            : Optional.empty();
    Map<Instant, List<Row>> rows = new TreeMap<>();
    List<TableCheck.Outcome> outcomes = new ArrayList<>();
    long rowsRead = 0;
    for (Instant window : windows) {
      TableCheck scan =
          scan(
              opened,
              CheckWindow.of(lake, spec, name, opened, time, granularity, window, rows),
              one -> knowledge.flatMap(known -> known.of(window, one)));
      List<TableCheck.Outcome> found = scan.run(check.expectations());
      rows.putAll(rows(Set.of(window), found));
      outcomes.addAll(found);
      rowsRead += scan.rows();
    }
    return new Results(rows, outcomes, rowsRead);
  }

  private TableCheck scan(
      SourceTable opened,
      CheckWindow window,
      Function<Check.Expectation, Optional<Observation>> known) {
    return new TableCheck(window.rows(), TableCheck.columns(opened.schema()), ids(), window, known);
  }

  private Map<Instant, List<Row>> rows(Set<Instant> windows, List<TableCheck.Outcome> outcomes) {
    Map<Instant, List<Row>> rows = new TreeMap<>();
    for (Instant window : windows) {
      rows.put(
          window,
          outcomes.stream()
              .map(one -> rowsOf.of(window, name, table.map(SourceTable::version), one))
              .toList());
    }
    return rows;
  }
}
