package dev.telltale.jobs.lake;

import dev.telltale.error.Errors;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.actions.AddFile;

/**
 * The table that a sample is kept in: the columns of the telemetry and some of its own, one
 * partition a day. It is created when it is first written, and gets the columns that the telemetry
 * gets; a result table is not like that, hence not {@link LakeWriter}.
 */
public final class SampleTable {
  /** Day of the row, UTC: the partition. */
  public static final String DAY = "telltale_date";

  private final SparkSession spark;
  private final TableAddress address;

  SampleTable(SparkSession spark, TableAddress address) {
    this.spark = spark;
    this.address = address;
  }

  /** Path or catalog name. */
  public String location() {
    return address.toString();
  }

  /**
   * Replaces some days, in one commit.
   *
   * @param rows of these days only, with {@link #DAY}
   */
  public void replace(SortedSet<LocalDate> days, Dataset<Row> rows, String runId) {
    String literals =
        days.stream().map(day -> "DATE'" + day + "'").collect(Collectors.joining(", "));
    DataFrameWriter<Row> writer =
        rows.write()
            .format("delta")
            .mode(SaveMode.Overwrite)
            .option("mergeSchema", "true")
            .option("userMetadata", "{\"run_id\":\"" + runId + "\"}")
            .partitionBy(DAY);
    if (address.exists(spark)) {
      writer = writer.option("replaceWhere", DAY + " IN (" + literals + ")");
    }
    if (address.inCatalog()) {
      writer.saveAsTable(location());
    } else {
      writer.save(location());
    }
  }

  /** The rows that the newest version has of some days. */
  public Dataset<Row> data(SortedSet<LocalDate> days) {
    return new SourceTable(spark, address, address.latestVersion(spark))
        .data(partition -> days.contains(LocalDate.parse(partition.get(DAY))));
  }

  /** Bytes that the newest version has of each of some days. */
  public SortedMap<LocalDate, Long> bytes(SortedSet<LocalDate> days) {
    DeltaFiles files = address.files(spark, address.latestVersion(spark));
    SortedMap<LocalDate, Long> bytes = new TreeMap<>();
    for (LocalDate day : days) {
      bytes.put(
          day,
          files.added(partition -> day.toString().equals(partition.get(DAY))).stream()
              .mapToLong(AddFile::size)
              .sum());
    }
    return bytes;
  }

  /**
   * Writes a file beside the table, whole or not at all.
   *
   * @param suffix what its name has after the table's
   * @return where it is
   */
  public String writeBeside(String suffix, String text) {
    Path table = address.existingLog(spark).dataPath();
    Path file = new Path(table.getParent(), table.getName() + suffix);
    Path partial = new Path(table.getParent(), "." + file.getName() + ".partial");
    try {
      FileSystem files = file.getFileSystem(spark.sessionState().newHadoopConf());
      try (OutputStream out = files.create(partial, true)) {
        out.write(text.getBytes(StandardCharsets.UTF_8));
      }
      files.delete(file, false);
      if (!files.rename(partial, file)) {
        throw new IOException(partial + " cannot be renamed");
      }
    } catch (IOException e) {
      throw Errors.forbidden(file + ": " + e.getMessage(), e);
    }
    return file.toString();
  }
}
