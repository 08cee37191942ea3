package dev.telltale.jobs.suggest;

import io.delta.tables.DeltaTable;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.SparkSession;

/**
 * Where the rows are.
 *
 * @param table what a model file calls it
 * @param version version of a Delta table; empty of any other
 */
record Source(String table, Optional<Long> version) {
  private static final Pattern VERSIONED = Pattern.compile("(.+)@(\\d{1,18})");

  static Source of(SparkSession spark, String data) {
    Matcher versioned = VERSIONED.matcher(data);
    String path = versioned.matches() ? versioned.group(1) : data;
    if (path.matches(".*[*?\\[{].*") || !DeltaTable.isDeltaTable(spark, path)) {
      return new Source(stem(path), Optional.empty());
    }
    boolean hasScheme = path.matches("[a-zA-Z][a-zA-Z0-9+.-]+:.*");
    return new Source(
        hasScheme ? path : Path.of(path).toAbsolutePath().normalize().toString(),
        Optional.of(
            versioned.matches()
                ? Long.parseLong(versioned.group(2))
                : DeltaTable.forPath(spark, path).history(1).select("version").head().getLong(0)));
  }

  /** The last part of a path that says something, without endings. */
  static String stem(String path) {
    String[] parts = path.split("/", -1);
    for (int i = parts.length - 1; i >= 0; i--) {
      String name = parts[i].replaceFirst("\\..*", "").replaceAll("[^A-Za-z0-9_-]+", "");
      if (!name.isEmpty()) {
        return name;
      }
    }
    return "predictions";
  }
}
