package dev.telltale.jobs.lake;

import dev.telltale.error.Errors;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** Where the lake is: a directory, whose tables are paths below it, or a schema of the catalog. */
final class Location {
  private static final Pattern SCHEMA = Pattern.compile("\\w+\\.\\w+");
  private static final Pattern CATALOG_TABLE = Pattern.compile("\\w+(\\.\\w+){1,2}");

  private final String given;
  private final boolean inCatalog;

  private Location(String given, boolean inCatalog) {
    this.given = given;
    this.inCatalog = inCatalog;
  }

  static Location of(SparkSession spark, String given) {
    if (given.isBlank()) {
      throw Errors.usage(
          "The lake has no location.", "--lake is empty.", "Give a directory, or CATALOG.SCHEMA.");
    }
    if (SCHEMA.matcher(given).matches()) {
      String schema = given.startsWith("spark_catalog.") ? given.substring(14) : given;
      if (spark.catalog().databaseExists(schema)) {
        return new Location(given, true);
      }
    }
    return new Location(qualify(spark, given), false);
  }

  TableAddress table(String name) {
    return inCatalog ? TableAddress.catalog(given + "." + name) : TableAddress.path(child(name));
  }

  /** The address of a table that a model file names. */
  TableAddress resolve(SparkSession spark, String table) {
    if (table.contains("/")) {
      boolean absolute = table.startsWith("/") || table.matches("\\w[\\w+.-]*:/.*");
      return TableAddress.path(absolute || inCatalog ? qualify(spark, table) : child(table));
    }
    if (inCatalog) {
      return TableAddress.catalog(table.contains(".") ? table : given + "." + table);
    }
    TableAddress path = TableAddress.path(child(table));
    boolean named = CATALOG_TABLE.matcher(table).matches() && !path.exists(spark);
    return named ? TableAddress.catalog(table) : path;
  }

  private String child(String name) {
    return new Path(given, name).toString();
  }

  /** Absolute, so that a table has one name whatever the working directory. */
  private static String qualify(SparkSession spark, String path) {
    Path given = new Path(path);
    if (given.toUri().getScheme() != null) {
      return given.toString();
    }
    try {
      Path full = given.getFileSystem(spark.sessionState().newHadoopConf()).makeQualified(given);
      return "file".equals(full.toUri().getScheme()) ? full.toUri().getPath() : full.toString();
    } catch (java.io.IOException e) {
      throw Errors.input(
          "The path " + path + " cannot be used.",
          "Its file system does not answer: " + e.getMessage(),
          "Check the path and the Hadoop configuration.",
          e);
    }
  }

  @Override
  public String toString() {
    return given;
  }
}
