package dev.telltale.jobs.lake;

import static dev.telltale.jobs.lake.SourceTable.column;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.telltale.config.Granularity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.delta.actions.RemoveFile;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.MapType;
import scala.Option;
import scala.collection.JavaConverters;

/**
 * Finds from a table's commits which windows late or corrected input has touched.
 *
 * <p>Commits that only rearrange files (OPTIMIZE) touch nothing. Added files are judged by their
 * statistics where these tell the window, and otherwise by reading the event time alone. Where
 * files were rewritten, old and new rows are compared per window by count and hash, so that the
 * rows that a rewrite only copied do not count as touched.
 */
public final class ChangeReader {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String WINDOW_HOUR = "telltale_hour";

  private final SourceTable table;
  private final String eventTime;
  private final Granularity granularity;
  private final Optional<UnaryOperator<Dataset<Row>>> filter;

  /**
   * Reads the changes of a table whose rows belong to the window of {@code eventTime}.
   *
   * @param filter the rows that belong to any; empty = all, which statistics alone may tell of
   */
  ChangeReader(
      SourceTable table,
      String eventTime,
      Granularity granularity,
      Optional<UnaryOperator<Dataset<Row>>> filter) {
    this.table = table;
    this.eventTime = eventTime;
    this.granularity = granularity;
    this.filter = filter;
  }

  /**
   * Windows touched after version {@code since}, up to the table's version.
   *
   * @param known windows that are computed anyway; whether they were touched is not looked up
   * @return empty if the commits since then are no longer in the log
   */
  public Optional<SortedSet<Instant>> touchedSince(long since, Set<Instant> known) {
    return Commits.between(table.log(), since, table.version())
        .map(
            actions -> {
              SortedSet<Instant> touched = touched(actions, since, known);
              touched.removeAll(known);
              return touched;
            });
  }

  /**
   * What was added to, taken from or altered in a table after a version, as the rows before and
   * after; rows that a rewrite only copied are left out.
   *
   * @param columns these columns only; a change elsewhere is none
   * @return empty if the commits since then are no longer in the log
   */
  public static Optional<Dataset<Row>> changedRows(
      SourceTable table, long since, List<String> columns) {
    Column[] wanted = columns.stream().map(SourceTable::column).toArray(Column[]::new);
    return Commits.between(table.log(), since, table.version())
        .map(
            actions -> {
              Changes changes = Changes.of(actions);
              Dataset<Row> added =
                  rows(table, table.snapshot(), List.copyOf(changes.added().values()))
                      .select(wanted);
              if (changes.removed().isEmpty()) {
                return added;
              }
              Snapshot before = table.log().getSnapshotAt(since, Option.empty(), Option.empty());
              Dataset<Row> removed =
                  rows(table, before, old(before, changes.removed())).select(wanted);
              return added.exceptAll(removed).union(removed.exceptAll(added));
            });
  }

  private SortedSet<Instant> touched(List<Action> actions, long since, Set<Instant> known) {
    Changes changes = Changes.of(actions);
    return changes.removed().isEmpty()
        ? added(changes.added().values(), known)
        : rewritten(changes.added(), changes.removed(), since);
  }

  /** Files that came and files that went. */
  private record Changes(Map<String, AddFile> added, Set<String> removed) {
    static Changes of(List<Action> actions) {
      Files changed = new Files();
      Files all = new Files();
      boolean compactedThenChanged = false;
      for (Action action : actions) {
        if (action instanceof AddFile add) {
          String key = key(add.path(), add.deletionVector());
          all.add(key, add);
          if (add.dataChange()) {
            changed.add(key, add);
          }
        } else if (action instanceof RemoveFile remove) {
          String key = key(remove.path(), remove.deletionVector());
          if (remove.dataChange()) {
            compactedThenChanged |= all.added.containsKey(key) && !changed.added.containsKey(key);
            changed.remove(key);
          }
          all.remove(key);
        }
      }
      // What was rewritten may be a file that the earlier version does not know; then all are read.
      Files relevant = compactedThenChanged ? all : changed;
      return new Changes(relevant.added, relevant.removed);
    }
  }

  /** Files that came and went, without those that came and went again. */
  private static final class Files {
    private final Map<String, AddFile> added = new LinkedHashMap<>();
    private final Set<String> removed = new HashSet<>();

    void add(String key, AddFile file) {
      added.put(key, file);
    }

    void remove(String key) {
      if (added.remove(key) == null) {
        removed.add(key);
      }
    }
  }

  private static String key(
      String path, org.apache.spark.sql.delta.actions.DeletionVectorDescriptor vector) {
    return vector == null ? path : path + "#" + vector.uniqueId();
  }

  private SortedSet<Instant> added(Collection<AddFile> files, Set<Instant> known) {
    SortedSet<Instant> touched = new TreeSet<>();
    List<AddFile> unclear = new ArrayList<>();
    for (AddFile file : files) {
      Optional<List<Instant>> range = range(file);
      if (range.isEmpty()) {
        unclear.add(file);
        continue;
      }
      Instant first = range.get().get(0);
      Instant last = range.get().get(1);
      if (first.equals(last) && filter.isEmpty()) {
        touched.add(first);
      } else if (!covered(first, last, known)) {
        unclear.add(file);
      }
    }
    if (!unclear.isEmpty()) {
      touched.addAll(fingerprints(table.snapshot(), unclear, false).keySet());
    }
    return touched;
  }

  private boolean covered(Instant first, Instant last, Set<Instant> known) {
    for (Instant window = first; !window.isAfter(last); window = granularity.next(window)) {
      if (!known.contains(window)) {
        return false;
      }
    }
    return true;
  }

  /** First and last window of a file by its statistics, if it has any. */
  private Optional<List<Instant>> range(AddFile file) {
    if (file.stats() == null || file.stats().isEmpty()) {
      return Optional.empty();
    }
    try {
      JsonNode stats = JSON.readTree(file.stats());
      JsonNode low = stats.path("minValues").path(eventTime);
      JsonNode high = stats.path("maxValues").path(eventTime);
      if (!low.isTextual() || !high.isTextual()) {
        return Optional.empty();
      }
      // Delta cuts statistics to milliseconds: the true maximum is less than one above.
      return Optional.of(
          List.of(
              granularity.floor(OffsetDateTime.parse(low.asText()).toInstant()),
              granularity.floor(
                  OffsetDateTime.parse(high.asText()).toInstant().plusNanos(999_000))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private SortedSet<Instant> rewritten(
      Map<String, AddFile> added, Set<String> removed, long since) {
    Snapshot before = table.log().getSnapshotAt(since, Option.empty(), Option.empty());
    Map<Instant, List<Row>> oldRows = fingerprints(before, old(before, removed), true);
    Map<Instant, List<Row>> newRows =
        fingerprints(table.snapshot(), List.copyOf(added.values()), true);
    SortedSet<Instant> touched = new TreeSet<>();
    for (Map<Instant, List<Row>> side : List.of(oldRows, newRows)) {
      for (Instant window : side.keySet()) {
        if (!java.util.Objects.equals(oldRows.get(window), newRows.get(window))) {
          touched.add(window);
        }
      }
    }
    return touched;
  }

  private static List<AddFile> old(Snapshot before, Set<String> removed) {
    return before.allFiles().collectAsList().stream()
        .filter(file -> removed.contains(key(file.path(), file.deletionVector())))
        .toList();
  }

  private static Dataset<Row> rows(SourceTable table, Snapshot snapshot, List<AddFile> files) {
    return table
        .log()
        .createDataFrame(
            snapshot, JavaConverters.asScalaBuffer(files).toSeq(), false, Option.empty());
  }

  /** Per window and hour the number of rows and, if asked for, the sum of their hashes. */
  private Map<Instant, List<Row>> fingerprints(
      Snapshot snapshot, List<AddFile> files, boolean hashed) {
    Dataset<Row> all = rows(table, snapshot, files);
    Dataset<Row> rows = filter.map(of -> of.apply(all)).orElse(all);
    // Spark has no hash of maps, and no job summarises them.
    Column[] columns =
        Arrays.stream(rows.schema().fields())
            .filter(field -> !field.dataType().existsRecursively(type -> type instanceof MapType))
            .map(field -> column(field.name()))
            .toArray(Column[]::new);
    Column hash = hashed ? functions.xxhash64(columns).cast("decimal(38,0)") : functions.lit(0);
    Map<Instant, List<Row>> parts = new HashMap<>();
    for (Row row :
        rows.where(column(eventTime).isNotNull())
            .groupBy(functions.date_trunc("hour", column(eventTime)).as(WINDOW_HOUR))
            .agg(functions.count(functions.lit(1)), functions.sum(hash))
            .orderBy(WINDOW_HOUR)
            .collectAsList()) {
      Instant window = granularity.floor(row.<Timestamp>getAs(0).toInstant());
      parts.computeIfAbsent(window, absent -> new ArrayList<>()).add(row);
    }
    return parts;
  }
}
