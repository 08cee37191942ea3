package dev.telltale.jobs.lake;

import dev.telltale.error.Errors;
import io.delta.kernel.exceptions.KernelException;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.TableIdentifier;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.connector.catalog.CatalogNotFoundException;
import org.apache.spark.sql.delta.DeltaLog;
import scala.Option;

/** Where one Delta table is: a path, or a name in the catalog. */
final class TableAddress {
  private final String name;
  private final boolean inCatalog;

  private TableAddress(String name, boolean inCatalog) {
    this.name = name;
    this.inCatalog = inCatalog;
  }

  static TableAddress path(String path) {
    return new TableAddress(path, false);
  }

  static TableAddress catalog(String name) {
    return new TableAddress(name, true);
  }

  boolean inCatalog() {
    return inCatalog;
  }

  String sqlName() {
    return inCatalog ? name : "delta.`" + name.replace("`", "``") + "`";
  }

  boolean exists(SparkSession spark) {
    if (!inCatalog) {
      return log(spark).tableExists();
    }
    try {
      return spark.catalog().tableExists(name);
    } catch (Exception e) {
      // Scala throws checked exceptions without saying so: an unknown catalog or schema.
      if (e instanceof AnalysisException || e instanceof CatalogNotFoundException) {
        return false;
      }
      throw e;
    }
  }

  /** Latest version; also finds commits of other processes. */
  long latestVersion(SparkSession spark) {
    DeltaLog log = existingLog(spark);
    return log.update(false, Option.empty(), Option.empty()).version();
  }

  Dataset<Row> read(SparkSession spark, long version) {
    return inCatalog
        ? spark.read().option("versionAsOf", version).table(name)
        : spark.read().format("delta").option("versionAsOf", version).load(name);
  }

  /**
   * The files at a version.
   *
   * @throws dev.telltale.error.TelltaleException if the version is no longer there (exit 3)
   */
  DeltaFiles files(SparkSession spark, long version) {
    DeltaLog log = existingLog(spark);
    try {
      return DeltaFiles.at(log, version);
    } catch (KernelException e) {
      throw Errors.versionGone(name, version, e);
    }
  }

  DeltaLog existingLog(SparkSession spark) {
    if (inCatalog && !exists(spark)) {
      throw Errors.missingTable(name);
    }
    DeltaLog log = log(spark);
    if (!log.tableExists()) {
      throw Errors.missingTable(name);
    }
    return log;
  }

  private DeltaLog log(SparkSession spark) {
    if (!inCatalog) {
      return DeltaLog.forTable(spark, name);
    }
    return DeltaLog.forTable(spark, identifier(spark));
  }

  private TableIdentifier identifier(SparkSession spark) {
    try {
      return spark.sessionState().sqlParser().parseTableIdentifier(name);
    } catch (ParseException e) {
      throw Errors.missingTable(name);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TableAddress that
        && name.equals(that.name)
        && inCatalog == that.inCatalog;
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public String toString() {
    return name;
  }
}
