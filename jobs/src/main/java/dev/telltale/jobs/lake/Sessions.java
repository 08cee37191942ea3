package dev.telltale.jobs.lake;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** Opens the Spark session; sets only what the deployment left open. */
public final class Sessions {
  private static final Map<String, String> ALWAYS =
      Map.of(
          "spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension",
          "spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog",
          // The plain scan of a wide table stays columnar, see BatchSource.
          "spark.sql.codegen.maxFields", "5000",
          // A night has more different pieces of generated code than the default of 100 keeps.
          "spark.sql.codegen.cache.maxEntries", "2000",
          // Rows of a few days are written as they come, not sorted by day first.
          "spark.sql.maxConcurrentOutputFileWriters", "4",
          // Of the usual 128 MB, a dozen files that are open at once would want more than a small
          // heap has.
          "spark.hadoop.parquet.block.size", "33554432",
          // Twelve bytes a time, as Hive wanted, are the dearest column to write and have no
          // statistics.
          "spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS",
          // Of each of 10,000 tables Delta would keep the log and a plan of a megabyte for an hour;
          // a
          // night opens some sixty.
          "spark.databricks.delta.delta.log.cacheSize", "100",
          // A checksum file a commit is a fifth of a small commit, and nobody here reads it.
          "spark.databricks.delta.writeChecksumFile.enabled", "false");

  /** On one machine the tables' logs are small and 50 or 200 tiny tasks cost more than they do. */
  private static final Map<String, String> LOCAL =
      Map.of(
          "spark.databricks.delta.snapshotPartitions", "2",
          "spark.sql.shuffle.partitions", "4",
          "spark.ui.enabled", "false",
          // What a page that is not there would show: the plans of the last 1,000 queries.
          "spark.sql.ui.retainedExecutions", "10",
          "spark.ui.retainedStages", "50",
          "spark.ui.showConsoleProgress", "false");

  private Sessions() {}

  /** The session; the master comes from {@code spark-submit} or the property spark.master. */
  public static SparkSession open(String appName) {
    SparkConf conf = new SparkConf();
    Map<String, String> settings = new LinkedHashMap<>(ALWAYS);
    if (conf.get("spark.master", "").startsWith("local")) {
      settings.putAll(LOCAL);
    }
    settings.forEach(conf::setIfMissing);
    // Windows are days of UTC; any other zone would cut them elsewhere.
    conf.set("spark.sql.session.timeZone", "UTC");
    return SparkSession.builder().appName(appName).config(conf).getOrCreate();
  }
}
