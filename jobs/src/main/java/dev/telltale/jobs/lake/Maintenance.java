package dev.telltale.jobs.lake;

import dev.telltale.error.Errors;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;

/**
 * The table {@code maintenance}: what was dropped from which table, so that jobs leave it alone.
 */
public final class Maintenance {
  /** Rows that were too old. */
  public static final String RETENTION = "RETENTION";

  /** Small files that became few. */
  public static final String COMPACTION = "COMPACTION";

  /** Files without rows in force. */
  public static final String VACUUM = "VACUUM";

  /** Rows of a subject, and all history. */
  public static final String ERASURE = "ERASURE";

  private static final Instant BEGINNING = Instant.parse("0001-01-01T00:00:00Z");

  private final Lake lake;

  Maintenance(Lake lake) {
    this.lake = lake;
  }

  /** Rows of a table before this time are dropped, or about to be; empty if none ever were. */
  public Optional<Instant> keptFrom(String location) {
    return of(location, RETENTION)
        .map(row -> row.<Timestamp>getAs("kept_from").toInstant())
        .max(Instant::compareTo);
  }

  /** The latest such time of some tables; the beginning of time if none ever were. */
  public Instant latestKeptFrom(String... locations) {
    return java.util.Arrays.stream(locations)
        .flatMap(location -> keptFrom(location).stream())
        .max(Instant::compareTo)
        .orElse(BEGINNING);
  }

  /**
   * Refuses to compute again what is no longer there: the rows that are left, or none, would take
   * the place of results that all rows once made.
   *
   * @param first start of the first window that is asked for
   * @throws dev.telltale.error.TelltaleException if rows of it are dropped (exit 3)
   */
  public void requireKept(String location, Instant first) {
    Optional<Instant> kept = keptFrom(location).filter(first::isBefore);
    if (kept.isPresent()) {
      throw Errors.dropped(location, kept.get().toString(), first.toString());
    }
  }

  /**
   * From where changes of a table can be looked for.
   *
   * @param version commits after it are in the log
   * @param restate starts of days that changed before, of which the log no longer tells
   */
  public record Since(long version, NavigableSet<Instant> restate) {}

  /** The same as asked for, or where the table's history begins since rows of it were erased. */
  public Since since(String location, long version) {
    long first = version;
    NavigableSet<Instant> restate = new TreeSet<>();
    for (Row erasure : of(location, ERASURE).toList()) {
      if (erasure.<Long>getAs("version") > version) {
        first = Math.max(first, erasure.<Long>getAs("version"));
        erasure
            .<Timestamp>getList(erasure.fieldIndex("restate"))
            .forEach(day -> restate.add(day.toInstant()));
      }
    }
    return new Since(first, restate);
  }

  /** The version that stands for one whose rows but those of a subject it has, if there is one. */
  Optional<Long> standIn(String location, long version) {
    return of(location, ERASURE)
        .filter(row -> Objects.equals(version, row.<Long>getAs("stands_for")))
        .map(row -> row.<Long>getAs("version"))
        .max(Long::compareTo);
  }

  /** The beginning of a row of the table. */
  public static TableRow row(
      String runId, String modelId, String location, String action, Instant computedAt) {
    return new TableRow(Tables.MAINTENANCE.schema())
        .set("run_id", runId)
        .set("model_id", modelId)
        .set("table_name", location)
        .set("action", action)
        .set("computed_at", computedAt);
  }

  private Stream<Row> of(String location, String action) {
    if (!lake.exists(Tables.MAINTENANCE)) {
      return Stream.empty();
    }
    // As the lake is now: what is gone is gone for a run that reads old versions, too.
    List<Row> rows = lake.latest().rows(Tables.MAINTENANCE, partition -> true);
    return rows.stream()
        .filter(row -> location.equals(row.getAs("table_name")))
        .filter(row -> action.equals(row.getAs("action")));
  }
}
