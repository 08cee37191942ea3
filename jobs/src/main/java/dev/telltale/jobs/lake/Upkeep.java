package dev.telltale.jobs.lake;

import static dev.telltale.jobs.lake.SourceTable.column;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.telltale.error.Errors;
import io.delta.tables.DeltaTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaOperations;
import org.apache.spark.sql.delta.OptimisticTransaction;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.functions;
import scala.Option;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/** What {@code maintain} does to the files of one table. Nothing of it is a change of data. */
public final class Upkeep {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FILE = "telltale_file";

  /** Delta's own size of a file that is worth no compaction, of the smallest tables by far. */
  private static final long SMALL_BYTES = 128L << 20;

  private final SparkSession spark;
  private final TableAddress address;

  Upkeep(SparkSession spark, TableAddress address) {
    this.spark = spark;
    this.address = address;
  }

  /** Path or catalog name. */
  public String location() {
    return address.toString();
  }

  /** Whether the table exists. */
  public boolean exists() {
    return address.exists(spark);
  }

  /**
   * Files before and after, and the rows that went.
   *
   * @param rows rows removed; 0 where none can be
   * @param filesBefore files with rows in force; of a vacuum all files
   * @param bytesBefore bytes of these files
   */
  public record Change(
      long rows, long filesBefore, long filesAfter, long bytesBefore, long bytesAfter) {
    /** Whether there was nothing to do. */
    public boolean isNone() {
      return rows == 0 && filesBefore == filesAfter && bytesBefore == bytesAfter;
    }
  }

  /**
   * Removes rows that are older, in one commit. Files that hold nothing else are only removed from
   * the table; those that hold younger rows, too, are written again without them.
   *
   * @param time timestamp column; rows without one stay
   * @param keptFrom rows from this time on stay
   * @param dryRun only say what would go
   */
  public Change removeOlder(String time, Instant keptFrom, String runId, boolean dryRun) {
    Column old = column(time).lt(functions.lit(Timestamp.from(keptFrom)));
    OptimisticTransaction transaction = start();
    List<AddFile> whole = new ArrayList<>();
    List<AddFile> mixed = new ArrayList<>();
    for (AddFile file : transaction.snapshot().allFiles().collectAsList()) {
      Optional<Ages> ages = Ages.of(file, time);
      boolean younger = ages.isPresent() && !ages.get().first().isBefore(keptFrom);
      boolean older = ages.isPresent() && ages.get().isAllBefore(keptFrom);
      if (older) {
        whole.add(file);
      } else if (!younger) {
        mixed.add(file);
      }
    }
    RowChoice choice = RowChoice.of(old);
    mixed = having(transaction, mixed, choice);
    return remove(
        new Removal(transaction, whole, mixed, choice, time + " < '" + keptFrom + "'"),
        runId,
        dryRun);
  }

  private OptimisticTransaction start() {
    return address.existingLog(spark).startTransaction(Option.empty(), Option.empty());
  }

  /** Starts of the days of which the table has rows before a time. */
  public NavigableSet<Instant> daysBefore(String time, Instant end) {
    OptimisticTransaction transaction = start();
    List<AddFile> files =
        transaction.snapshot().allFiles().collectAsList().stream()
            .filter(
                file -> Ages.of(file, time).map(ages -> ages.first().isBefore(end)).orElse(true))
            .toList();
    NavigableSet<Instant> days = new TreeSet<>();
    if (!files.isEmpty()) {
      rows(transaction, files)
          .where(column(time).lt(functions.lit(Timestamp.from(end))))
          .select(functions.date_trunc("day", column(time)))
          .distinct()
          .collectAsList()
          .forEach(row -> days.add(row.getTimestamp(0).toInstant()));
    }
    return days;
  }

  /**
   * Starts of the days of some partitions.
   *
   * @param day partition column that holds a date
   */
  public NavigableSet<Instant> days(Predicate<Map<String, String>> partitions, String day) {
    NavigableSet<Instant> days = new TreeSet<>();
    for (AddFile file : address.files(spark, address.latestVersion(spark)).added(partitions)) {
      String date = JavaConverters.mapAsJavaMap(file.partitionValues()).get(day);
      days.add(LocalDate.parse(date).atStartOfDay(ZoneOffset.UTC).toInstant());
    }
    return days;
  }

  /**
   * Removes all rows of some partitions, in one commit.
   *
   * @param partitions which, by the values of the partition columns as text
   * @param words the same as SQL, for the table's history
   * @param dryRun only say what would go
   */
  public Change removePartitions(
      Predicate<Map<String, String>> partitions, String words, String runId, boolean dryRun) {
    OptimisticTransaction transaction = start();
    List<AddFile> whole =
        transaction.snapshot().allFiles().collectAsList().stream()
            .filter(file -> partitions.test(JavaConverters.mapAsJavaMap(file.partitionValues())))
            .toList();
    return remove(
        new Removal(transaction, whole, List.of(), RowChoice.of(functions.lit(true)), words),
        runId,
        dryRun);
  }

  /**
   * Removes or replaces rows wherever they are, in one commit. Every file that has one is written
   * again; others stay as they are.
   *
   * @param choice which rows, and what becomes of them
   * @param words what this is, for the table's history
   * @param dryRun only say what would go
   */
  public Change rewrite(RowChoice choice, String words, String runId, boolean dryRun) {
    OptimisticTransaction transaction = start();
    List<AddFile> files =
        having(
            transaction,
            address.files(spark, transaction.readVersion()).added(partition -> true),
            choice);
    return remove(new Removal(transaction, List.of(), files, choice, words), runId, dryRun);
  }

  /**
   * Rows to remove.
   *
   * @param whole files that hold nothing else
   * @param mixed files that hold other rows, too
   * @param choice which rows of them
   * @param words the same for the table's history
   */
  private record Removal(
      OptimisticTransaction transaction,
      List<AddFile> whole,
      List<AddFile> mixed,
      RowChoice choice,
      String words) {
    Dataset<Row> rows(List<AddFile> files) {
      return Upkeep.rows(transaction, files);
    }

    List<AddFile> files() {
      List<AddFile> files = new ArrayList<>(whole);
      files.addAll(mixed);
      return files;
    }
  }

  private Change remove(Removal removal, String runId, boolean dryRun) {
    OptimisticTransaction transaction = removal.transaction();
    String appendOnly =
        transaction.metadata().configuration().getOrElse("delta.appendOnly", () -> "false");
    if (!removal.files().isEmpty() && Boolean.parseBoolean(appendOnly)) {
      throw Errors.appendOnly(location());
    }
    long filesBefore = transaction.snapshot().numOfFiles();
    long bytesBefore = transaction.snapshot().sizeInBytes();
    List<AddFile> files = removal.files();
    if (files.isEmpty()) {
      return new Change(0, filesBefore, filesBefore, bytesBefore, bytesBefore);
    }
    Dataset<Row> mixed = removal.rows(removal.mixed());
    long rows =
        count(removal) + (removal.mixed().isEmpty() ? 0 : removal.choice().chosen(mixed).count());
    long bytes = removal.whole().stream().mapToLong(AddFile::size).sum();
    if (dryRun) {
      return new Change(
          rows,
          filesBefore,
          filesBefore - removal.whole().size(),
          bytesBefore,
          bytesBefore - bytes);
    }
    transaction.trackFilesRead(seq(files));
    List<Action> actions = new ArrayList<>();
    if (!removal.mixed().isEmpty()) {
      actions.addAll(
          JavaConverters.seqAsJavaList(
              transaction.writeFiles(removal.choice().instead(mixed).coalesce(files.size()))));
    }
    long now = System.currentTimeMillis();
    files.forEach(file -> actions.add(file.removeWithTimestamp(now, true)));
    transaction.commit(
        seq(actions),
        new DeltaOperations.Write(
            SaveMode.Overwrite,
            Option.empty(),
            Option.apply(removal.words()),
            Option.apply("{\"run_id\":\"" + runId + "\"," + Commits.MAINTAINED + "}")));
    Snapshot after = address.existingLog(spark).update(false, Option.empty(), Option.empty());
    return new Change(rows, filesBefore, after.numOfFiles(), bytesBefore, after.sizeInBytes());
  }

  private static long count(Removal removal) {
    List<AddFile> untold =
        removal.whole().stream().filter(file -> file.numLogicalRecords().isEmpty()).toList();
    long told =
        removal.whole().stream()
            .mapToLong(file -> file.numLogicalRecords().getOrElse(() -> 0L))
            .sum();
    return untold.isEmpty() ? told : told + removal.rows(untold).count();
  }

  /** Those of the files that have such rows. */
  private static List<AddFile> having(
      OptimisticTransaction transaction, List<AddFile> files, RowChoice choice) {
    if (files.isEmpty()) {
      return List.of();
    }
    Set<String> names =
        choice
            .chosen(rows(transaction, files).withColumn(FILE, functions.input_file_name()))
            .select(FILE)
            .distinct()
            .collectAsList()
            .stream()
            .map(row -> new Path(URI.create(row.getString(0))).toString())
            .collect(Collectors.toSet());
    return files.stream()
        .filter(file -> names.contains(file.absolutePath(transaction.deltaLog()).toString()))
        .toList();
  }

  private static Dataset<Row> rows(OptimisticTransaction transaction, List<AddFile> files) {
    return transaction
        .deltaLog()
        .createDataFrame(transaction.snapshot(), seq(files), false, Option.empty());
  }

  /** When the rows of a file are of, by its statistics. */
  private record Ages(Instant first, Instant last, boolean timeless) {
    boolean isAllBefore(Instant time) {
      // Delta cuts statistics to milliseconds: the true maximum is less than one above.
      return !timeless && last.plusNanos(999_000).isBefore(time);
    }

    static Optional<Ages> of(AddFile file, String time) {
      if (file.stats() == null || file.stats().isEmpty() || file.deletionVector() != null) {
        return Optional.empty();
      }
      try {
        JsonNode stats = JSON.readTree(file.stats());
        JsonNode low = stats.path("minValues").path(time);
        JsonNode high = stats.path("maxValues").path(time);
        return low.isTextual() && high.isTextual()
            ? Optional.of(
                new Ages(
                    OffsetDateTime.parse(low.asText()).toInstant(),
                    OffsetDateTime.parse(high.asText()).toInstant(),
                    stats.path("nullCount").path(time).asLong(1) > 0))
            : Optional.empty();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /**
   * Makes one file of the small files of each partition.
   *
   * @param partitions which partitions, as in {@link #removePartitions}
   * @param dryRun only count them; how large they would be is not known
   */
  public Change compact(Predicate<Map<String, String>> partitions, boolean dryRun) {
    DeltaFiles files = address.files(spark, address.latestVersion(spark));
    List<AddFile> all = files.added(partition -> true);
    Map<Map<String, String>, Long> small = new HashMap<>();
    for (AddFile file : files.added(partitions)) {
      if (file.size() < SMALL_BYTES) {
        small.merge(JavaConverters.mapAsJavaMap(file.partitionValues()), 1L, Long::sum);
      }
    }
    small.values().removeIf(count -> count == 1);
    long bytes = bytes(all);
    if (small.isEmpty() || dryRun) {
      long fewer = small.values().stream().mapToLong(count -> count - 1).sum();
      return new Change(0, all.size(), all.size() - fewer, bytes, bytes);
    }
    table().optimize().where(condition(small)).executeCompaction();
    List<AddFile> after =
        address.files(spark, address.latestVersion(spark)).added(partition -> true);
    return new Change(0, all.size(), after.size(), bytes, bytes(after));
  }

  private static long bytes(List<AddFile> files) {
    return files.stream().mapToLong(AddFile::size).sum();
  }

  /** Partitions as SQL; all columns as literals, so that writers of others never conflict. */
  private static String condition(Map<Map<String, String>, Long> partitions) {
    return partitions.keySet().stream()
        .map(
            partition ->
                partition.entrySet().stream()
                    .map(
                        entry ->
                            entry.getValue() == null
                                ? entry.getKey() + " IS NULL"
                                : entry.getKey()
                                    + " = '"
                                    + entry.getValue().replace("'", "\\'")
                                    + "'")
                    .collect(Collectors.joining(" AND ", "(", ")")))
        .sorted()
        .collect(Collectors.joining(" OR "));
  }

  /** Old versions of the table. */
  public History history() {
    return new History(spark, address);
  }

  private DeltaTable table() {
    return address.inCatalog()
        ? DeltaTable.forName(spark, location())
        : DeltaTable.forPath(spark, location());
  }

  private static <T> Seq<T> seq(List<T> list) {
    return JavaConverters.asScalaBuffer(list).toSeq();
  }
}
