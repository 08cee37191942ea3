package dev.telltale.jobs.profile;

import static dev.telltale.jobs.engine.OutcomeColumns.column;
import static org.apache.spark.sql.functions.col;

import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.TableRow;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.Telemetry;
import dev.telltale.jobs.lake.TimeRange;
import dev.telltale.jobs.lake.WindowScope;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;

/**
 * What was uploaded on the days of a night: how late the rows are, and those whose clock is wrong,
 * which no window has.
 */
final class Uploads {
  private static final int EXAMPLES = 20;

  private static final String DAY = "upload_day";
  private static final String VERSION = "version";
  private static final String ID = "id";
  private static final String EVENT = "event";
  private static final String HOURS = "hours";
  private static final String ROWS = "rows";
  private static final String PLACE = "place";

  private final Lake lake;
  private final NightSpec spec;
  private final Telemetry telemetry;
  private final ModelConfig.Predictions log;
  private final SortedSet<Instant> days;
  private final SortedMap<Long, Long> rowsByHours = new TreeMap<>();
  private final List<Wrong> wrong = new ArrayList<>();

  /**
   * Reads the event and upload times of the rows that were uploaded on the days of the interval.
   */
  Uploads(Lake lake, NightSpec spec, Telemetry telemetry) {
    this.lake = lake;
    this.spec = spec;
    this.telemetry = telemetry;
    this.log = spec.model().telemetry();
    this.days =
        WindowScope.between(
                spec.model().model(),
                Granularity.DAY,
                Granularity.DAY.floor(spec.from()),
                spec.to())
            .windows();
    read();
  }

  /**
   * Rows with a wrong clock.
   *
   * @param day start of the day on which they were uploaded
   * @param version version of the model; null = all
   * @param examples some ids, ascending
   */
  private record Wrong(
      Instant day,
      String version,
      String reason,
      long rows,
      Instant first,
      Instant last,
      List<String> examples) {
    Wrong of(Instant otherDay, String otherVersion) {
      return new Wrong(otherDay, otherVersion, reason, rows, first, last, examples);
    }

    Wrong and(Wrong other) {
      List<String> both = new ArrayList<>(examples);
      both.addAll(other.examples);
      return new Wrong(
          day,
          version,
          reason,
          rows + other.rows,
          known(first, other.first).min(Comparator.naturalOrder()).orElse(null),
          known(last, other.last).max(Comparator.naturalOrder()).orElse(null),
          both.stream().sorted().limit(EXAMPLES).toList());
    }

    private static Stream<Instant> known(Instant a, Instant b) {
      return Stream.of(a, b).filter(Objects::nonNull);
    }
  }

  private void read() {
    Dataset<Row> rows =
        log.clocks()
            .uploadTime()
            .map(upload -> uploaded(upload))
            .orElseGet(
                () ->
                    judged(
                        telemetry.impossible(spec.to()), functions.lit(null), functions.lit(null)));
    List<Row> counts =
        rows.groupBy(DAY, VERSION, Telemetry.REASON, HOURS)
            .agg(
                functions.count(functions.lit(1)).as(ROWS),
                functions.min(EVENT).as("first"),
                functions.max(EVENT).as("last"))
            .collectAsList();
    Map<List<Object>, List<String>> examples = new HashMap<>();
    if (counts.stream().anyMatch(row -> !row.isNullAt(2))) {
      examples.putAll(examples(rows));
    }
    for (Row row : counts) {
      if (row.isNullAt(2)) {
        rowsByHours.merge(Math.max(0, row.getLong(3)), row.<Long>getAs(ROWS), Long::sum);
        continue;
      }
      Wrong one =
          new Wrong(
              instant(row, 0),
              row.getString(1),
              row.getString(2),
              row.getAs(ROWS),
              instant(row, 5),
              instant(row, 6),
              examples.getOrDefault(key(row), List.of()));
      // Without an upload time they are those of the log as it is, whatever the day.
      for (Instant day : one.day() == null ? days : List.of(one.day())) {
        wrong.add(one.of(day, one.version()));
      }
    }
  }

  private Dataset<Row> uploaded(String upload) {
    Column micros =
        functions.unix_micros(column(upload)).minus(functions.unix_micros(column(log.eventTime())));
    Column hours = functions.floor(micros.divide(functions.lit(3_600_000_000L)));
    Dataset<Row> rows = telemetry.uploaded(TimeRange.of(Granularity.DAY, days));
    return judged(rows, functions.date_trunc("day", column(upload)), hours);
  }

  /** The columns of a row that are looked at; the hours only of those that are believed. */
  private Dataset<Row> judged(Dataset<Row> rows, Column day, Column hours) {
    Column version =
        log.modelVersion()
            .map(name -> functions.coalesce(column(name).cast("string"), functions.lit(":null")))
            .orElse(functions.lit(null).cast("string"));
    return rows.select(
        day.cast("timestamp").as(DAY),
        version.as(VERSION),
        col(Telemetry.REASON),
        functions.when(col(Telemetry.REASON).isNull(), hours.cast("long")).as(HOURS),
        column(log.eventTime()).as(EVENT),
        column(log.id()).cast("string").as(ID));
  }

  private static Map<List<Object>, List<String>> examples(Dataset<Row> rows) {
    Map<List<Object>, List<String>> examples = new HashMap<>();
    rows.where(col(Telemetry.REASON).isNotNull().and(col(ID).isNotNull()))
        .withColumn(
            PLACE,
            functions
                .row_number()
                .over(Window.partitionBy(DAY, VERSION, Telemetry.REASON).orderBy(ID)))
        .where(col(PLACE).leq(EXAMPLES))
        .select(DAY, VERSION, Telemetry.REASON, ID)
        .orderBy(ID)
        .collectAsList()
        .forEach(
            row ->
                examples.computeIfAbsent(key(row), key -> new ArrayList<>()).add(row.getString(3)));
    return examples;
  }

  private static List<Object> key(Row row) {
    return Arrays.asList(row.get(0), row.get(1), row.get(2));
  }

  private static Instant instant(Row row, int ordinal) {
    Timestamp time = row.getAs(ordinal);
    return time == null ? null : time.toInstant();
  }

  /** Replaces the rows of {@code clock_quarantine} of the days. */
  long write(Instant computedAt) {
    SortedMap<Instant, SortedMap<String, Wrong>> ofAll = new TreeMap<>();
    for (Wrong one : wrong) {
      ofAll
          .computeIfAbsent(one.day(), day -> new TreeMap<>())
          .merge(one.reason(), one.of(one.day(), null), Wrong::and);
    }
    List<Row> rows = new ArrayList<>();
    for (Wrong one : wrong) {
      if (one.version() != null) {
        rows.add(row(one, null, computedAt));
      }
    }
    Map<String, Long> before = log.clocks().uploadTime().isPresent() ? null : before();
    for (Map.Entry<Instant, SortedMap<String, Wrong>> day : ofAll.entrySet()) {
      for (Wrong one : day.getValue().values()) {
        long known = before == null ? 0 : before.getOrDefault(one.reason(), 0L);
        rows.add(row(one, Math.max(0, one.rows() - known), computedAt));
        if (before != null) {
          before.put(one.reason(), one.rows());
        }
      }
    }
    return lake.writer(spec.runId())
        .replace(
            Tables.CLOCK_QUARANTINE,
            List.of(WindowScope.of(spec.model().model(), Granularity.DAY, days)),
            rows);
  }

  /** Rows by reason that the day before the interval had. */
  private Map<String, Long> before() {
    Map<String, Long> before = new HashMap<>();
    Instant day = Granularity.DAY.previous(days.first());
    WindowScope scope = WindowScope.of(spec.model().model(), Granularity.DAY, List.of(day));
    for (Row row : lake.rows(Tables.CLOCK_QUARANTINE, scope, "model_version", "reason", "rows")) {
      if (row.getAs("model_version") == null) {
        before.put(row.getAs("reason"), row.getAs("rows"));
      }
    }
    return before;
  }

  private Row row(Wrong one, Long news, Instant computedAt) {
    return new TableRow(Tables.CLOCK_QUARANTINE.schema())
        .window(one.day(), Granularity.DAY.next(one.day()))
        .set("granularity", Granularity.DAY.label())
        .set("model_id", spec.model().model())
        .set("model_version", one.version())
        .set("run_id", spec.runId())
        .set("computed_at", computedAt)
        .set("reason", one.reason())
        .set("rows", one.rows())
        .set("new_rows", news)
        .set("first_event_ts", one.first())
        .set("last_event_ts", one.last())
        .set("example_ids", one.examples().toArray(String[]::new))
        .set("because", telemetry.because(one.reason()))
        .build();
  }

  /** What the answer says of them; of lateness only with an upload time. */
  void addTo(Map<String, Object> summary) {
    summary.put(
        "rows_with_wrong_clock",
        wrong.stream()
            .filter(one -> one.day().equals(days.last()) || log.clocks().uploadTime().isPresent())
            .mapToLong(Wrong::rows)
            .sum());
    if (log.clocks().uploadTime().isPresent()) {
      summary.put("rows_uploaded", rowsByHours.values().stream().mapToLong(Long::longValue).sum());
      Map<String, Object> late = new LinkedHashMap<>();
      for (int percent : List.of(50, 90, 99, 100)) {
        late.put("p" + percent, hours(percent));
      }
      summary.put("upload_lateness_hours", late);
    }
  }

  /** So many whole hours late, or less, is this share of the rows; null without rows. */
  private Long hours(int percent) {
    long rows = rowsByHours.values().stream().mapToLong(Long::longValue).sum();
    long sum = 0;
    for (Map.Entry<Long, Long> entry : rowsByHours.entrySet()) {
      sum += entry.getValue();
      if (100 * sum >= percent * rows) {
        return entry.getKey();
      }
    }
    return null;
  }
}
