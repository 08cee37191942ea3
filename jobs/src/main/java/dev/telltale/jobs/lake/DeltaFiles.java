package dev.telltale.jobs.lake;

import io.delta.kernel.ScanBuilder;
import io.delta.kernel.Table;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.KernelException;
import io.delta.kernel.expressions.And;
import io.delta.kernel.expressions.Column;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.expressions.Or;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.utils.CloseableIterator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.delta.actions.RemoveFile;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.collection.JavaConverters;

/**
 * The files of a table at one version: listed on the driver, without a Spark job. Immutable.
 *
 * <p>A night reads a few small partitions of a dozen tables. Through Spark each of these reads
 * plans a query, lists files in another one and compiles code for both, a third of a second when
 * warm; here it takes a few milliseconds per file. Delta Kernel reads the log once; what is
 * committed later is added to that listing, so that a later version costs the same however long the
 * log is.
 */
final class DeltaFiles {
  /** The newest listing of each table, for as long as Delta itself remembers the table's log. */
  private static final Map<DeltaLog, DeltaFiles> NEWEST =
      Collections.synchronizedMap(new WeakHashMap<>());

  private final Configuration hadoop;
  private final String directory;
  private final String tableId;
  private final long version;
  private final Map<String, AddFile> files;

  private DeltaFiles(
      Configuration hadoop,
      String directory,
      String tableId,
      long version,
      Map<String, AddFile> files) {
    this.hadoop = hadoop;
    this.directory = directory;
    this.tableId = tableId;
    this.version = version;
    this.files = files;
  }

  /** The files of a table at a version. */
  static DeltaFiles at(DeltaLog log, long version) {
    String tableId = log.unsafeVolatileSnapshot().metadata().id();
    DeltaFiles newest = NEWEST.get(log);
    DeltaFiles found =
        Optional.ofNullable(newest)
            .filter(known -> known.tableId.equals(tableId))
            .flatMap(known -> known.later(log, version))
            .orElseGet(() -> listed(log, tableId, version));
    if (newest == null || !newest.tableId.equals(tableId) || newest.version < version) {
      NEWEST.put(log, found);
    }
    return found;
  }

  private static DeltaFiles listed(DeltaLog log, String tableId, long version) {
    Configuration hadoop = log.newDeltaHadoopConf();
    String directory = log.dataPath().toString();
    Map<String, AddFile> files = new LinkedHashMap<>();
    for (io.delta.kernel.data.Row file : scanned(hadoop, directory, version, Optional.empty())) {
      AddFile added = added(file);
      files.put(added.path(), added);
    }
    return new DeltaFiles(hadoop, directory, tableId, version, files);
  }

  /** These files after the commits up to a version; empty if it is earlier or a commit is gone. */
  private Optional<DeltaFiles> later(DeltaLog log, long wanted) {
    if (wanted <= version) {
      return wanted == version ? Optional.of(this) : Optional.empty();
    }
    return Commits.between(log, version, wanted)
        .map(actions -> new DeltaFiles(hadoop, directory, tableId, wanted, after(actions)));
  }

  private Map<String, AddFile> after(List<Action> actions) {
    Map<String, AddFile> after = new LinkedHashMap<>(files);
    for (Action action : actions) {
      if (action instanceof AddFile add) {
        after.put(add.path(), add);
      } else if (action instanceof RemoveFile remove) {
        after.remove(remove.path());
      }
    }
    return after;
  }

  /**
   * The files of any table that may hold rows of some times.
   *
   * @param time timestamp column
   * @param ranges at least one
   * @return empty if Delta Kernel cannot read the table, which has features that it does not know
   *     or deletion vectors: Spark can
   */
  static Optional<List<AddFile>> between(
      DeltaLog log, long version, String time, List<TimeRange> ranges) {
    Column column = new Column(time);
    io.delta.kernel.expressions.Predicate filter =
        ranges.stream()
            .<io.delta.kernel.expressions.Predicate>map(
                range ->
                    new And(
                        new io.delta.kernel.expressions.Predicate(
                            ">=", column, Literal.ofTimestamp(micros(range.from()))),
                        new io.delta.kernel.expressions.Predicate(
                            "<", column, Literal.ofTimestamp(micros(range.to())))))
            .reduce(Or::new)
            .orElseThrow();
    try {
      List<io.delta.kernel.data.Row> found =
          scanned(
              log.newDeltaHadoopConf(), log.dataPath().toString(), version, Optional.of(filter));
      boolean plain =
          found.stream()
              .allMatch(
                  file -> InternalScanFileUtils.getDeletionVectorDescriptorFromRow(file) == null);
      return plain ? Optional.of(found.stream().map(DeltaFiles::added).toList()) : Optional.empty();
    } catch (KernelException e) {
      return Optional.empty();
    }
  }

  private static long micros(Instant instant) {
    return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1000;
  }

  private static List<io.delta.kernel.data.Row> scanned(
      Configuration hadoop,
      String directory,
      long version,
      Optional<io.delta.kernel.expressions.Predicate> filter) {
    Engine engine = DefaultEngine.create(hadoop);
    List<io.delta.kernel.data.Row> files = new ArrayList<>();
    try {
      ScanBuilder builder =
          Table.forPath(engine, directory)
              .getSnapshotAsOfVersion(engine, version)
              .getScanBuilder(engine);
      builder = filter.isPresent() ? builder.withFilter(engine, filter.get()) : builder;
      try (CloseableIterator<FilteredColumnarBatch> batches =
          builder.build().getScanFiles(engine)) {
        while (batches.hasNext()) {
          try (CloseableIterator<io.delta.kernel.data.Row> rows = batches.next().getRows()) {
            rows.forEachRemaining(files::add);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  /** A file as the action that added it. */
  private static AddFile added(io.delta.kernel.data.Row file) {
    io.delta.kernel.data.Row add = file.getStruct(InternalScanFileUtils.ADD_FILE_ORDINAL);
    return new AddFile(
        add.getString(add.getSchema().indexOf("path")),
        scalaMap(InternalScanFileUtils.getPartitionValues(file)),
        add.getLong(add.getSchema().indexOf("size")),
        add.getLong(add.getSchema().indexOf("modificationTime")),
        true,
        null,
        null,
        null,
        Option.empty(),
        Option.empty(),
        Option.empty());
  }

  private static scala.collection.immutable.Map<String, String> scalaMap(Map<String, String> map) {
    scala.collection.immutable.Map<String, String> result =
        scala.collection.immutable.Map$.MODULE$.empty();
    for (Map.Entry<String, String> entry : map.entrySet()) {
      result = result.updated(entry.getKey(), entry.getValue());
    }
    return result;
  }

  /** Partition values of every file, one entry a file. */
  List<Map<String, String>> partitions() {
    return files.values().stream().map(DeltaFiles::partition).toList();
  }

  private static Map<String, String> partition(AddFile file) {
    return JavaConverters.mapAsJavaMap(file.partitionValues());
  }

  /** The files of some partitions as the actions that added them. */
  List<AddFile> added(Predicate<Map<String, String>> partitions) {
    return files.values().stream().filter(file -> partitions.test(partition(file))).toList();
  }

  /**
   * The rows of some partitions.
   *
   * @param columns the columns wanted; one that the table does not have yet is null
   */
  List<Row> rows(Predicate<Map<String, String>> partitions, StructType columns) {
    FileReader reader = new FileReader(hadoop, directory, columns);
    return added(partitions).stream().flatMap(file -> reader.rows(file).stream()).toList();
  }

  /** Those of some files that have a row of a kind. */
  List<AddFile> withAny(List<AddFile> some, StructType columns, Predicate<Row> kind) {
    FileReader reader = new FileReader(hadoop, directory, columns);
    return some.stream().filter(file -> reader.rows(file).stream().anyMatch(kind)).toList();
  }

  /**
   * A file of the table.
   *
   * @param writtenAt when it was written
   * @param rows reads its rows
   */
  record File(Instant writtenAt, Supplier<List<Row>> rows) {}

  /** The files of the table, the one written last first. */
  List<File> newestFirst(StructType columns) {
    FileReader reader = new FileReader(hadoop, directory, columns);
    return files.values().stream()
        .map(
            file ->
                new File(Instant.ofEpochMilli(file.modificationTime()), () -> reader.rows(file)))
        .sorted(Comparator.comparing(File::writtenAt).reversed())
        .toList();
  }
}
