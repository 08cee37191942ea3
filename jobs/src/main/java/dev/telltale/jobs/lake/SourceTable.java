package dev.telltale.jobs.lake;

import dev.telltale.config.Privacy;
import dev.telltale.error.Errors;
import dev.telltale.error.TelltaleException;
import java.sql.Timestamp;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.delta.actions.FileAction;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampType;
import scala.Option;
import scala.collection.JavaConverters;

/** A Delta table at one version. */
public final class SourceTable {
  private final SparkSession spark;
  private final TableAddress address;
  private final long version;
  private final long versionRead;

  private static final UnaryOperator<Dataset<Row>> AS_THEY_ARE = UnaryOperator.identity();

  /** What is seen of the rows. */
  private final UnaryOperator<Dataset<Row>> view;

  SourceTable(SparkSession spark, TableAddress address, long version) {
    this(spark, address, version, version, AS_THEY_ARE);
  }

  /**
   * A version by whose name the rows of another one are known.
   *
   * @param versionRead the version that the rows are read of
   */
  SourceTable(SparkSession spark, TableAddress address, long version, long versionRead) {
    this(spark, address, version, versionRead, AS_THEY_ARE);
  }

  private SourceTable(
      SparkSession spark,
      TableAddress address,
      long version,
      long versionRead,
      UnaryOperator<Dataset<Row>> view) {
    this.spark = spark;
    this.address = address;
    this.version = version;
    this.versionRead = versionRead;
    this.view = view;
  }

  /**
   * The table with its columns as they may be seen.
   *
   * @param eventTime the table's event time; empty where it has none, as a baseline
   */
  public SourceTable seenUnder(Privacy privacy, Optional<String> eventTime) {
    return privacy.columns().isEmpty()
        ? this
        : new SourceTable(
            spark, address, version, versionRead, rows -> seen(rows, privacy, eventTime));
  }

  /** Some of this table's rows, with their columns as they may be seen. */
  public Dataset<Row> seen(Dataset<Row> rows, Privacy privacy, Optional<String> eventTime) {
    return privacy.columns().isEmpty()
        ? rows
        : new PrivateColumns(privacy, eventTime, location()).of(rows);
  }

  /** Path or catalog name. */
  public String location() {
    return address.toString();
  }

  /** The version. */
  public long version() {
    return version;
  }

  /**
   * The rows.
   *
   * @throws dev.telltale.error.TelltaleException if the version is no longer there (exit 3)
   */
  public Dataset<Row> data() {
    return view.apply(stored());
  }

  private Dataset<Row> stored() {
    try {
      return address.read(spark, versionRead);
    } catch (Exception e) {
      throw unreadable(e);
    }
  }

  /**
   * The rows whose {@code time} is in one of the ranges, from as few files as their statistics
   * allow.
   *
   * @param time timestamp column
   * @param ranges at least one
   */
  public Dataset<Row> data(String time, List<TimeRange> ranges) {
    Column column = column(time);
    Column condition =
        ranges.stream()
            .map(
                range ->
                    column
                        .geq(functions.lit(Timestamp.from(range.from())))
                        .and(column.lt(functions.lit(Timestamp.from(range.to())))))
            .reduce(Column::or)
            .orElseThrow();
    // Spark would rebuild the table's state for every new version, a second for a small table.
    return view.apply(
        DeltaFiles.between(log(), versionRead, time, ranges)
            .map(this::dataOf)
            .orElseGet(this::stored)
            .where(condition));
  }

  /** Bytes of a row, on average over the files that may have rows of the ranges. */
  public double bytesPerRow(String time, List<TimeRange> ranges) {
    List<AddFile> files =
        DeltaFiles.between(log(), versionRead, time, ranges)
            .orElseGet(() -> address.files(spark, versionRead).added(partition -> true));
    long bytes = files.stream().mapToLong(AddFile::size).sum();
    // The log says it only sometimes; Parquet's footers always do.
    return (double) bytes / dataOf(files).count();
  }

  private Dataset<Row> dataOf(List<AddFile> files) {
    return log()
        .createDataFrame(
            snapshot(), JavaConverters.asScalaBuffer(files).toSeq(), false, Option.empty());
  }

  /** The rows of some partitions of a result table. */
  Dataset<Row> data(Predicate<Map<String, String>> partitions) {
    return dataOf(address.files(spark, versionRead).added(partitions));
  }

  /** Whether the rows are those of the table earlier: no commit since has changed data. */
  public boolean hasRowsOf(SourceTable earlier) {
    return Commits.between(log(), earlier.versionRead, versionRead)
        .filter(
            actions ->
                actions.stream()
                    .noneMatch(action -> action instanceof FileAction file && file.dataChange()))
        .isPresent();
  }

  /** The columns. */
  public StructType schema() {
    return view == AS_THEY_ARE ? snapshot().schema() : view.apply(dataOf(List.of())).schema();
  }

  /**
   * The type of a column that has to be there.
   *
   * @param role what the column is for, as a person would say it
   * @throws TelltaleException if the table has no such column (exit 3)
   */
  public DataType require(String column, String role) {
    StructType schema = schema();
    if (!Arrays.asList(schema.fieldNames()).contains(column)) {
      throw Errors.missingColumn(location(), column, role, String.join(", ", schema.fieldNames()));
    }
    return schema.apply(column).dataType();
  }

  /**
   * Checks that a column is there and a timestamp.
   *
   * @throws TelltaleException if it is not (exit 3)
   */
  public void requireTimestamp(String column, String role) {
    DataType type = require(column, role);
    if (!(type instanceof TimestampType)) {
      throw Errors.wrongType(location(), column, role, type.simpleString(), "timestamp");
    }
  }

  /**
   * Checks that a column is there and a number.
   *
   * @throws TelltaleException if it is not (exit 3)
   */
  public void requireNumber(String column, String role) {
    DataType type = require(column, role);
    if (!(type instanceof NumericType)) {
      throw Errors.wrongType(location(), column, role, type.simpleString(), "a number");
    }
  }

  /** Scala throws checked exceptions without saying so. */
  private RuntimeException unreadable(Exception e) {
    RuntimeException failure = e instanceof RuntimeException r ? r : new IllegalStateException(e);
    if (String.valueOf(e.getMessage()).contains("_delta_log")) {
      // Not a file of the rows: the log no longer has the version.
      return Errors.versionGone(location(), version, e);
    }
    return SourceErrors.translate(failure) instanceof TelltaleException user
        ? user
        : Errors.versionGone(location(), version, e);
  }

  /** A column by its name, whatever characters it holds. */
  static Column column(String name) {
    return functions.col("`" + name.replace("`", "``") + "`");
  }

  DeltaLog log() {
    return address.existingLog(spark);
  }

  Snapshot snapshot() {
    DeltaLog log = log();
    try {
      return log.getSnapshotAt(versionRead, Option.empty(), Option.empty());
    } catch (Exception e) {
      throw unreadable(e);
    }
  }
}
