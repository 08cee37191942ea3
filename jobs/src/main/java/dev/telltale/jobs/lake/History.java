package dev.telltale.jobs.lake;

import io.delta.tables.DeltaTable;
import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.DeltaOperations;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.AddFile;
import scala.Option;
import scala.collection.JavaConverters;

/** Old versions of a table: files that no row is in any more, and the log that names them. */
public final class History {
  private static final String VACUUM_CHECK =
      "spark.databricks.delta.retentionDurationCheck.enabled";

  private static final String LISTING_TASKS =
      "spark.sql.sources.parallelPartitionDiscovery.parallelism";

  /** A file of the log: the version that it is of, and what it is. */
  private static final Pattern LOG_FILE = Pattern.compile("(\\d{20})\\..*");

  /** Begins an action that is about the table and no file of it. */
  private static final Pattern OF_NO_FILE =
      Pattern.compile("^\\{\"(?:commitInfo|protocol|metaData)\":");

  private final SparkSession spark;
  private final TableAddress address;

  History(SparkSession spark, TableAddress address) {
    this.spark = spark;
    this.address = address;
  }

  /**
   * Deletes files that hold no rows in force and have not for some time, by the clock.
   *
   * @param dryRun only say which would go
   */
  public Upkeep.Change vacuum(Duration history, boolean dryRun) {
    DeltaLog log = address.existingLog(spark);
    Size before = stored();
    if (before.files() == inForce(log).size()) {
      return new Upkeep.Change(0, before.files(), before.files(), before.bytes(), before.bytes());
    }
    double hours = history.toMinutes() / 60.0;
    return unchecked(
        spark,
        () -> {
          // It says what it did on standard output, which is for answers.
          if (dryRun) {
            return scala.Console.withOut(System.err, () -> wouldVacuum(log, hours, before));
          }
          DeltaTable table =
              address.inCatalog()
                  ? DeltaTable.forName(spark, address.toString())
                  : DeltaTable.forPath(spark, address.toString());
          scala.Console.withOut(System.err, () -> table.vacuum(hours));
          Size after = stored();
          return new Upkeep.Change(0, before.files(), after.files(), before.bytes(), after.bytes());
        });
  }

  /**
   * Does something while Delta does not refuse short histories: the model file says how far back
   * time travel goes, and docs/maintain.md what that costs.
   */
  public static <T> T unchecked(SparkSession spark, Supplier<T> work) {
    String check = spark.conf().get(VACUUM_CHECK, "true");
    String tasks = spark.conf().get(LISTING_TASKS);
    spark.conf().set(VACUUM_CHECK, "false");
    // Ten thousand tasks list a small table as a large one: nearly all of what a vacuum takes.
    spark.conf().set(LISTING_TASKS, 4L * spark.sparkContext().defaultParallelism());
    try {
      return work.get();
    } finally {
      spark.conf().set(VACUUM_CHECK, check);
      spark.conf().set(LISTING_TASKS, tasks);
    }
  }

  private Upkeep.Change wouldVacuum(DeltaLog log, double hours, Size before) {
    List<Row> stale =
        org.apache.spark.sql.delta.commands.VacuumCommand.gc(
                spark,
                log,
                true,
                Option.apply(hours),
                Option.empty(),
                Option.empty(),
                scala.collection.immutable.Map$.MODULE$.empty(),
                new org.apache.spark.util.SystemClock())
            .collectAsList();
    long files = 0;
    long bytes = 0;
    try {
      FileSystem system = fileSystem(log);
      for (Row row : stale) {
        org.apache.hadoop.fs.FileStatus status = system.getFileStatus(new Path(row.getString(0)));
        files += status.isFile() ? 1 : 0;
        bytes += status.isFile() ? status.getLen() : 0;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Upkeep.Change(
        0, before.files(), before.files() - files, before.bytes(), before.bytes() - bytes);
  }

  private record Size(long files, long bytes) {}

  private List<AddFile> inForce(DeltaLog log) {
    Snapshot latest = log.update(false, Option.empty(), Option.empty());
    // Of a table with features that Delta Kernel may not know, only Spark tells.
    return latest.protocol().minReaderVersion() > StaleFiles.PLAIN_READER
        ? latest.allFiles().collectAsList()
        : address.files(spark, latest.version()).added(partition -> true);
  }

  /** Every data file below the table, in force or not. */
  private Size stored() {
    DeltaLog log = address.existingLog(spark);
    long files = 0;
    long bytes = 0;
    try {
      RemoteIterator<LocatedFileStatus> found = fileSystem(log).listFiles(log.dataPath(), true);
      String prefix = log.logPath().toString();
      while (found.hasNext()) {
        LocatedFileStatus file = found.next();
        String name = file.getPath().getName();
        boolean data = !name.startsWith(".") && !file.getPath().toString().startsWith(prefix);
        files += data ? 1 : 0;
        bytes += data ? file.getLen() : 0;
      }
    } catch (FileNotFoundException e) {
      return new Size(0, 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Size(files, bytes);
  }

  private static FileSystem fileSystem(DeltaLog log) throws IOException {
    return log.dataPath().getFileSystem(log.newDeltaHadoopConf());
  }

  /**
   * Whether there is none: no commit in the log names a file, and every file that is there has rows
   * in force. So it is of a table that nobody ever wrote to, or not since all history went.
   */
  public boolean isNone() {
    DeltaLog log = address.existingLog(spark);
    boolean checkpoint = false;
    try {
      FileSystem files = fileSystem(log);
      for (FileStatus file : files.listStatus(log.logPath())) {
        String name = file.getPath().getName();
        if (LOG_FILE.matcher(name).matches()) {
          checkpoint |= name.endsWith(".parquet");
          if (!name.endsWith(".parquet") && namesFiles(files, file.getPath())) {
            return false;
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return stored().files() == (checkpoint ? inForce(log).size() : 0);
  }

  private static boolean namesFiles(FileSystem files, Path commit) throws IOException {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(files.open(commit), StandardCharsets.UTF_8))) {
      return lines.lines().anyMatch(line -> !line.isBlank() && !OF_NO_FILE.matcher(line).find());
    }
  }

  /**
   * Marks where the history is to begin: a commit that changes nothing, so that no file of the log
   * from here on says what was before.
   *
   * @return its version
   */
  public long begin() {
    return address
        .existingLog(spark)
        .startTransaction(Option.empty(), Option.empty())
        .commit(
            JavaConverters.asScalaBuffer(List.<Action>of()).toSeq(),
            DeltaOperations.EmptyCommit$.MODULE$);
  }

  /**
   * Forgets everything before a version: every file that no row of the latest version is in, and
   * every file of the log that is older, whatever the table's own retention. The versions before
   * cannot be read again. Doing it twice does no harm.
   */
  public void forgetBefore(long version) {
    long asked = System.currentTimeMillis();
    DeltaLog log = address.existingLog(spark);
    Snapshot latest = log.update(false, Option.empty(), Option.empty());
    if (!StaleFiles.delete(log, latest, inForce(log), asked)) {
      vacuum(Duration.ZERO, false);
    }
    try {
      FileSystem files = fileSystem(log);
      List<Path> old = new ArrayList<>();
      boolean complete = false;
      for (FileStatus file : files.listStatus(log.logPath())) {
        Matcher name = LOG_FILE.matcher(file.getPath().getName());
        if (name.matches() && Long.parseLong(name.group(1)) < version) {
          old.add(file.getPath());
        }
        complete |=
            name.matches()
                && Long.parseLong(name.group(1)) == version
                && file.getPath().getName().endsWith(".checkpoint.parquet");
      }
      if (!complete) {
        log.checkpoint(
            latest.version() == version
                ? latest
                : log.getSnapshotAt(version, Option.empty(), Option.empty()),
            Option.empty());
      }
      // The oldest first: what is left if this stops in the middle is a log without a gap.
      old.sort(java.util.Comparator.comparing(Path::getName));
      for (Path file : old) {
        files.delete(file, false);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    DeltaLog.invalidateCache(spark, log.dataPath());
  }
}
