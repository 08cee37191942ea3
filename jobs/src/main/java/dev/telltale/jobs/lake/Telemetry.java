package dev.telltale.jobs.lake;

import static dev.telltale.jobs.lake.SourceTable.column;

import dev.telltale.config.Clocks;
import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.MapType;

/**
 * The prediction log as every job reads it. The one place that decides which rows belong to a
 * window: those whose event time can be believed, beside the upload time.
 */
public final class Telemetry {
  /** Column that says why a row is not believed: null if it is. */
  public static final String REASON = "telltale_reason";

  /** Column with the upload time in microseconds since 1970; a row without one comes last. */
  public static final String ARRIVED = "telltale_arrived";

  /** Column with a hash of the row. */
  public static final String CONTENT = "telltale_content";

  /** Column with the time when the file of the row was written, in microseconds since 1970. */
  public static final String WRITTEN = "telltale_written";

  /** Reason of a row without an event time. */
  private static final String MISSING = "MISSING";

  /** Reason of a row that was made after it was uploaded. */
  private static final String FUTURE = "FUTURE";

  /** Reason of a row that was made too long before it was uploaded. */
  private static final String TOO_OLD = "TOO_OLD";

  private static final Instant ALWAYS = Instant.parse("0001-01-01T00:00:00Z");

  /** Milliseconds that are taken for seconds are tens of thousands of years ahead. */
  private static final Instant NEVER = Instant.parse("+200000-01-01T00:00:00Z");

  private final SourceTable table;
  private final String eventTime;
  private final Clocks clocks;

  private Telemetry(SourceTable table, String eventTime, Clocks clocks) {
    this.table = table;
    this.eventTime = eventTime;
    this.clocks = clocks;
  }

  /** The log in a table, at the table's version. */
  public static Telemetry of(SourceTable table, ModelConfig.Predictions log) {
    return new Telemetry(table, log.eventTime(), log.clocks());
  }

  /** Any table with a time, whose rows are all believed. */
  public static Telemetry of(SourceTable table, String eventTime) {
    return new Telemetry(table, eventTime, Clocks.defaults());
  }

  /** The table, with all its rows. */
  public SourceTable table() {
    return table;
  }

  /**
   * The believed rows of some windows.
   *
   * @param ranges at least one
   */
  public Dataset<Row> rows(List<TimeRange> ranges) {
    return believed(table.data(eventTime, ranges));
  }

  /**
   * The same rows with {@link #ARRIVED}, {@link #CONTENT} and {@link #WRITTEN}, of which those that
   * are not used cost nothing.
   *
   * @param ranges at least one
   */
  public Dataset<Row> arrivals(List<TimeRange> ranges) {
    Dataset<Row> rows = rows(ranges);
    // Spark has no hash of maps.
    Column[] contents =
        Arrays.stream(rows.schema().fields())
            .filter(field -> !field.dataType().existsRecursively(type -> type instanceof MapType))
            .map(field -> column(field.name()))
            .toArray(Column[]::new);
    Column never = functions.lit(Long.MAX_VALUE);
    Column arrived =
        clocks
            .uploadTime()
            .map(upload -> functions.coalesce(functions.unix_micros(column(upload)), never))
            .orElse(never);
    Column written = functions.unix_micros(functions.col("_metadata.file_modification_time"));
    return rows.withColumn(WRITTEN, written)
        .withColumn(ARRIVED, arrived)
        .withColumn(CONTENT, functions.xxhash64(contents));
  }

  /**
   * Columns of {@link #arrivals} that say which of several rows with one id counts: that with the
   * least values. Rows that are alike in all but the last are the same; which of them counts
   * decides the order in which numbers are added, hence the oldest file.
   */
  public List<String> first() {
    return List.of(ARRIVED, eventTime, CONTENT, WRITTEN);
  }

  /** Those of some rows of the log that are believed. */
  private Dataset<Row> believed(Dataset<Row> rows) {
    return clocks.uploadTime().map(upload -> rows.where(reason(upload).isNull())).orElse(rows);
  }

  /**
   * All rows that were uploaded at some times, with {@link #REASON}; of a log with an upload time.
   *
   * @param ranges at least one
   */
  public Dataset<Row> uploaded(List<TimeRange> ranges) {
    String upload = clocks.uploadTime().orElseThrow();
    return table.data(upload, ranges).withColumn(REASON, reason(upload));
  }

  /**
   * All rows whose event time cannot be, with {@link #REASON}; of a log without upload times. Such
   * a row is before {@link Clocks#EARLIEST}, or later than the table's last commit, which is as
   * late as it can have been uploaded.
   *
   * @param to end of the night's interval, which may be later yet
   */
  public Dataset<Row> impossible(Instant to) {
    Instant committed = Instant.ofEpochMilli(table.snapshot().timestamp());
    Instant latest = (committed.isAfter(to) ? committed : to).plus(clocks.skew());
    List<TimeRange> ranges =
        List.of(new TimeRange(ALWAYS, Clocks.EARLIEST), new TimeRange(latest, NEVER));
    Column old = column(eventTime).lt(functions.lit(Timestamp.from(Clocks.EARLIEST)));
    return table
        .data(eventTime, ranges)
        .withColumn(REASON, functions.when(old, TOO_OLD).otherwise(FUTURE));
  }

  /** What a reason says, in one sentence. */
  public String because(String reason) {
    boolean known = clocks.uploadTime().isPresent();
    return switch (reason) {
      case MISSING -> "There is no event time.";
      case FUTURE ->
          known
              ? "The event time is more than "
                  + hours(clocks.skew())
                  + " later than the upload time (predictions.clock-skew)."
              : "The event time is later than the last commit of the log.";
      case TOO_OLD ->
          known
              ? "The event time is more than "
                  + hours(clocks.allowedLateness())
                  + " earlier than the upload time (predictions.allowed-lateness)."
              : "The event time is before 1980.";
      default -> throw new IllegalArgumentException(reason);
    };
  }

  private static String hours(Duration duration) {
    return duration.toHours() == 1 ? "1 hour" : duration.toHours() + " hours";
  }

  /**
   * Windows with believed rows that came, went or changed after a version.
   *
   * @param known windows that are computed anyway
   * @return empty if the commits since then are no longer in the log
   */
  public Optional<SortedSet<Instant>> touchedSince(
      long since, Granularity granularity, Set<Instant> known) {
    return new ChangeReader(
            table, eventTime, granularity, clocks.uploadTime().map(upload -> this::believed))
        .touchedSince(since, known);
  }

  /**
   * Why the event time of a row is not believed; null if it is, as is that of a row without an
   * upload time.
   */
  private Column reason(String upload) {
    Column event = functions.unix_micros(column(eventTime));
    Column uploaded = functions.unix_micros(column(upload));
    return functions
        .when(event.isNull(), MISSING)
        .when(event.gt(uploaded.plus(micros(clocks.skew()))), FUTURE)
        .when(event.lt(uploaded.minus(micros(clocks.allowedLateness()))), TOO_OLD);
  }

  private static long micros(Duration duration) {
    return TimeUnit.MICROSECONDS.convert(duration);
  }
}
