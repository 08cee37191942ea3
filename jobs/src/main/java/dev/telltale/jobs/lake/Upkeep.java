package dev.telltale.jobs.lake;

import static dev.telltale.jobs.lake.SourceTable.column;

import dev.telltale.error.Errors;
import io.delta.tables.DeltaTable;
import java.net.URI;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
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
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/** What {@code maintain} does to the files of one table. Nothing of it is a change of data. */
public final class Upkeep {
  private static final String FILE = "telltale_file";

  /** Delta's own size of a file that is worth no compaction, of the smallest tables by far. */
  private static final long SMALL_BYTES = 128L << 20;

  /** Up to here reading files on the driver takes less than a Spark job. */
  private static final int FEW_FILES = 100;

  private static final long FEW_BYTES = 4L << 20;

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

  /** Latest version of the table. */
  public long version() {
    return address.latestVersion(spark);
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
    List<AddFile> all = transaction.snapshot().allFiles().collectAsList();
    List<AddFile> whole = new ArrayList<>();
    List<AddFile> mixed = new ArrayList<>();
    for (AddFile file : all) {
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
    String words = time + " < '" + keptFrom + "'";
    return remove(
        new Removal(transaction, all, whole, having(transaction, mixed, choice), choice, words),
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
    List<AddFile> all = transaction.snapshot().allFiles().collectAsList();
    List<AddFile> whole =
        all.stream()
            .filter(file -> partitions.test(JavaConverters.mapAsJavaMap(file.partitionValues())))
            .toList();
    RowChoice choice = RowChoice.of(functions.lit(true));
    return remove(new Removal(transaction, all, whole, Map.of(), choice, words), runId, dryRun);
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
    DeltaFiles known = address.files(spark, transaction.readVersion());
    List<AddFile> all = known.added(partition -> true);
    Map<AddFile, Long> having = having(transaction, maybe(known, choice), choice);
    return remove(new Removal(transaction, all, List.of(), having, choice, words), runId, dryRun);
  }

  /** Files that may have such rows, as far as that can be told without Spark. */
  private static List<AddFile> maybe(DeltaFiles known, RowChoice choice) {
    List<AddFile> files = known.added(choice::mayBeIn);
    Optional<StructType> columns = choice.toldBy();
    return columns.isEmpty() || files.size() > FEW_FILES || bytes(files) > FEW_BYTES
        ? files
        : known.withAny(files, columns.get(), choice::mayBe);
  }

  /**
   * Rows to remove.
   *
   * @param all files of the table
   * @param whole files that hold nothing else
   * @param having files that hold other rows, too, with the number of those to remove
   * @param choice which rows of them
   * @param words the same for the table's history
   */
  private record Removal(
      OptimisticTransaction transaction,
      List<AddFile> all,
      List<AddFile> whole,
      Map<AddFile, Long> having,
      RowChoice choice,
      String words) {
    Dataset<Row> rows(List<AddFile> files) {
      return Upkeep.rows(transaction, files);
    }

    List<AddFile> mixed() {
      return List.copyOf(having.keySet());
    }

    List<AddFile> files() {
      List<AddFile> files = new ArrayList<>(whole);
      files.addAll(mixed());
      return files;
    }
  }

  private Change remove(Removal removal, String runId, boolean dryRun) {
    List<AddFile> files = removal.files();
    long filesBefore = removal.all().size();
    long bytesBefore = bytes(removal.all());
    if (files.isEmpty()) {
      return new Change(0, filesBefore, filesBefore, bytesBefore, bytesBefore);
    }
    OptimisticTransaction transaction = removal.transaction();
    String appendOnly =
        transaction.metadata().configuration().getOrElse("delta.appendOnly", () -> "false");
    if (Boolean.parseBoolean(appendOnly)) {
      throw Errors.appendOnly(location());
    }
    long rows =
        count(removal) + removal.having().values().stream().mapToLong(Long::longValue).sum();
    if (dryRun) {
      return new Change(
          rows,
          filesBefore,
          filesBefore - removal.whole().size(),
          bytesBefore,
          bytesBefore - bytes(removal.whole()));
    }
    transaction.trackFilesRead(seq(files));
    List<Action> actions = new ArrayList<>();
    if (!removal.having().isEmpty()) {
      Dataset<Row> mixed = removal.rows(removal.mixed());
      actions.addAll(
          JavaConverters.seqAsJavaList(
              transaction.writeFiles(removal.choice().instead(mixed).coalesce(files.size()))));
    }
    List<AddFile> written =
        actions.stream().filter(AddFile.class::isInstance).map(AddFile.class::cast).toList();
    long now = System.currentTimeMillis();
    files.forEach(file -> actions.add(file.removeWithTimestamp(now, true)));
    transaction.commit(
        seq(actions),
        new DeltaOperations.Write(
            SaveMode.Overwrite,
            Option.empty(),
            Option.apply(removal.words()),
            Option.apply("{\"run_id\":\"" + runId + "\"," + Commits.MAINTAINED + "}")));
    return new Change(
        rows,
        filesBefore,
        filesBefore - files.size() + written.size(),
        bytesBefore,
        bytesBefore - bytes(files) + bytes(written));
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

  /** Those of the files that have such rows, with their number: one job for both. */
  private static Map<AddFile, Long> having(
      OptimisticTransaction transaction, List<AddFile> files, RowChoice choice) {
    if (files.isEmpty()) {
      return Map.of();
    }
    Map<String, Long> rows = new HashMap<>();
    choice
        .chosen(rows(transaction, files).withColumn(FILE, functions.input_file_name()))
        .groupBy(FILE)
        .count()
        .collectAsList()
        .forEach(
            row -> rows.put(new Path(URI.create(row.getString(0))).toString(), row.getLong(1)));
    Map<AddFile, Long> having = new LinkedHashMap<>();
    for (AddFile file : files) {
      Long some = rows.get(file.absolutePath(transaction.deltaLog()).toString());
      if (some != null) {
        having.put(file, some);
      }
    }
    return having;
  }

  private static Dataset<Row> rows(OptimisticTransaction transaction, List<AddFile> files) {
    return transaction
        .deltaLog()
        .createDataFrame(transaction.snapshot(), seq(files), false, Option.empty());
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
