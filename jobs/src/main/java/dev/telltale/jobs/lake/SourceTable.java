package dev.telltale.jobs.lake;

import dev.telltale.error.Errors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.types.StructType;
import scala.Option;

/** A Delta table at one version. */
public final class SourceTable {
  private final SparkSession spark;
  private final TableAddress address;
  private final long version;

  SourceTable(SparkSession spark, TableAddress address, long version) {
    this.spark = spark;
    this.address = address;
    this.version = version;
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
    try {
      return address.read(spark, version);
    } catch (RuntimeException e) {
      throw Errors.versionGone(location(), version, e);
    }
  }

  /** The columns. */
  public StructType schema() {
    return data().schema();
  }

  DeltaLog log() {
    return address.existingLog(spark);
  }

  Snapshot snapshot() {
    return log().getSnapshotAt(version, Option.empty(), Option.empty());
  }
}
