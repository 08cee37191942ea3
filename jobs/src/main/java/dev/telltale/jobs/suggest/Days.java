package dev.telltale.jobs.suggest;

import static dev.telltale.jobs.engine.OutcomeColumns.column;

import dev.telltale.config.Granularity;
import dev.telltale.jobs.check.TableCheck;
import dev.telltale.jobs.engine.ColumnPlan;
import dev.telltale.jobs.engine.FusedPass;
import dev.telltale.jobs.engine.PassPlan;
import dev.telltale.jobs.engine.StateKey;
import dev.telltale.profile.StateFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * The days of a table: those that expectations are suggested from, and those that they are then
 * held against. Of fewer than {@value #FEWEST} days the rows are divided by a hash of their id.
 */
final class Days {
  /** With fewer days nothing can be said of how they differ. */
  static final int FEWEST = 5;

  /** A season; older days say less about tomorrow. */
  private static final int MOST = 90;

  /** Two weeks have every weekday twice. */
  private static final int MOST_HELD_OUT = 14;

  private static final double HELD_OUT = 0.2;
  private static final int PARTS = 10;
  private static final int PARTS_HELD_OUT = 2;

  /** A day with so small a share of the usual rows is of wrong clocks, or was hardly one. */
  private static final double HARDLY = 0.1;

  private static final String PART = ":part";

  private final Dataset<Row> data;
  private final String time;
  private final boolean byTime;
  private final List<Instant> fitted;
  private final List<Instant> heldOut;
  private final long[] sizes;
  private final long rowsLeftOut;
  private final boolean gaps;
  private final NavigableMap<Instant, Long> counts;

  private Days(
      Dataset<Row> data,
      String time,
      boolean byTime,
      List<Instant> fitted,
      List<Instant> heldOut,
      long[] sizes,
      NavigableMap<Instant, Long> counts) {
    this.data = data;
    this.time = time;
    this.byTime = byTime;
    this.fitted = fitted;
    this.heldOut = heldOut;
    this.sizes = sizes;
    this.counts = counts;
    Instant first = fitted.get(0);
    Instant last = heldOut.get(heldOut.size() - 1);
    this.gaps = Duration.between(first, last).toDays() + 1 != fitted.size() + heldOut.size();
    long rows = counts.values().stream().mapToLong(Long::longValue).sum();
    this.rowsLeftOut = byTime ? rows - Arrays.stream(sizes).sum() : 0;
  }

  /** Divides the days of a table. */
  static Days of(Dataset<Row> data, String eventTime, String id) {
    NavigableMap<Instant, Long> counts = new TreeMap<>();
    for (Row row :
        data.select(functions.date_trunc("day", column(eventTime)).as("day"))
            .groupBy("day")
            .count()
            .collectAsList()) {
      if (!row.isNullAt(0)) {
        counts.put(row.getTimestamp(0).toInstant(), row.getLong(1));
      }
    }
    List<Instant> kept = whole(counts);
    return kept.size() < FEWEST ? byId(data, id, counts) : byTime(data, eventTime, kept, counts);
  }

  /** Days that are whole and have as many rows as a day has, as far as a season back. */
  private static List<Instant> whole(NavigableMap<Instant, Long> counts) {
    long usual = usual(counts);
    List<Instant> days =
        new ArrayList<>(
            counts.keySet().stream().filter(day -> counts.get(day) >= HARDLY * usual).toList());
    if (days.size() > FEWEST) {
      // An extract begins and ends within a day.
      Instant first = days.get(0);
      Instant last = days.get(days.size() - 1);
      days.removeIf(day -> (day.equals(first) || day.equals(last)) && 2 * counts.get(day) < usual);
    }
    return days.subList(Math.max(0, days.size() - MOST), days.size());
  }

  private static Days byTime(
      Dataset<Row> data, String eventTime, List<Instant> days, NavigableMap<Instant, Long> counts) {
    int held = (int) Math.max(1, Math.min(MOST_HELD_OUT, Math.round(HELD_OUT * days.size())));
    return new Days(
        data,
        eventTime,
        true,
        List.copyOf(days.subList(0, days.size() - held)),
        List.copyOf(days.subList(days.size() - held, days.size())),
        days.stream().mapToLong(counts::get).toArray(),
        counts);
  }

  private static Days byId(Dataset<Row> data, String id, NavigableMap<Instant, Long> counts) {
    List<Instant> parts = new ArrayList<>();
    for (int part = 0; part < PARTS; part++) {
      parts.add(Instant.EPOCH.plus(Duration.ofDays(part)));
    }
    Dataset<Row> divided =
        data.withColumn(
            PART,
            functions.timestamp_seconds(
                functions
                    .pmod(functions.xxhash64(column(id)), functions.lit(PARTS))
                    .multiply(Duration.ofDays(1).toSeconds())));
    long rows = counts.values().stream().mapToLong(Long::longValue).sum();
    List<Long> sizes = new ArrayList<>(counts.values());
    sizes.add(Math.max(1, rows / PARTS));
    return new Days(
        divided,
        PART,
        false,
        parts.subList(0, PARTS - PARTS_HELD_OUT),
        parts.subList(PARTS - PARTS_HELD_OUT, PARTS),
        sizes.stream().mapToLong(Long::longValue).toArray(),
        counts);
  }

  /** The rows of the day that a row in the middle is in. */
  private static long usual(NavigableMap<Instant, Long> all) {
    long rows = all.values().stream().mapToLong(Long::longValue).sum();
    long before = 0;
    for (long size : all.values().stream().sorted().toList()) {
      before += size;
      if (2 * before >= rows) {
        return size;
      }
    }
    return 0;
  }

  boolean byTime() {
    return byTime;
  }

  /** Days or parts that are suggested from. */
  List<Instant> fitted() {
    return fitted;
  }

  List<Instant> heldOut() {
    return heldOut;
  }

  /** How many rows a day has that expectations are to hold for. */
  long[] sizes() {
    return sizes.clone();
  }

  /** Rows of days that are not looked at. */
  long rowsLeftOut() {
    return rowsLeftOut;
  }

  /** Whether there are days between without rows, or hardly any. */
  boolean gaps() {
    return gaps;
  }

  /** A check of a day's rows, which knows how many rows the days before had. */
  TableCheck check(Instant day) {
    return TableCheck.ofDay(rows(day).drop(PART), day, counts.headMap(day));
  }

  private Dataset<Row> rows(Instant day) {
    return data.where(
        column(time)
            .geq(functions.lit(java.sql.Timestamp.from(day)))
            .and(
                column(time)
                    .lt(functions.lit(java.sql.Timestamp.from(day.plus(Duration.ofDays(1)))))));
  }

  /** Figures of a column on the fitted days; see {@link DayFigures}. */
  Profile profile(SparkSession spark, String id, List<ColumnPlan> columns) {
    PassPlan plan =
        PassPlan.windowed(
            columns,
            List.of(),
            id,
            Optional.empty(),
            time,
            Optional.empty(),
            Granularity.DAY,
            new TreeSet<>(fitted));
    Map<String, List<DayFigures>> figures = new HashMap<>();
    Map<Instant, Long> rows = new TreeMap<>();
    Dataset<Row> some =
        data.where(
            column(time)
                .geq(functions.lit(java.sql.Timestamp.from(fitted.get(0))))
                .and(column(time).lt(functions.lit(java.sql.Timestamp.from(heldOut.get(0))))));
    try (FusedPass pass = FusedPass.over(spark, some, plan)) {
      // Sketches stay where they are.
      for (scala.Tuple2<StateKey, double[]> day :
          pass.states()
              .mapToPair(
                  state ->
                      new scala.Tuple2<>(
                          state._1,
                          state._1.column() == StateKey.TABLE
                              ? new double[0]
                              : DayFigures.of(
                                  StateFormat.read(
                                      state._2, plan.columns().get(state._1.column()).anchors()))))
              .collect()) {
        if (day._1.column() != StateKey.TABLE) {
          DayFigures of = new DayFigures(day._1.windowStart(), day._2);
          figures
              .computeIfAbsent(columns.get(day._1.column()).name(), absent -> new ArrayList<>())
              .add(of);
          rows.put(day._1.windowStart(), of.rows());
        }
      }
      figures.values().forEach(list -> list.sort(java.util.Comparator.comparing(DayFigures::day)));
      return new Profile(figures, rows, pass.duplicateIds());
    }
  }

  /**
   * The fitted days.
   *
   * @param figures by column, the days in order
   * @param rows rows of each day
   * @param repeats rows beyond the first with the same id
   */
  record Profile(
      Map<String, List<DayFigures>> figures, Map<Instant, Long> rows, Map<Instant, Long> repeats) {}
}
