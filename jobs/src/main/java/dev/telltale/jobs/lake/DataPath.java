package dev.telltale.jobs.lake;

import dev.telltale.error.Errors;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;

/**
 * Any data set that an ad hoc command is pointed at: a Delta table, with {@code @VERSION} at an
 * older version, or Parquet, CSV or JSON files as one file, a directory or a glob.
 */
public final class DataPath {
  private static final Pattern VERSIONED = Pattern.compile("(.+)@(\\d{1,18})");

  /** Format by file name extension; a compression's extension may follow. */
  private static final Map<String, String> FORMATS =
      Map.of(
          "parquet", "parquet",
          "csv", "csv",
          "tsv", "csv",
          "json", "json",
          "jsonl", "json",
          "ndjson", "json");

  private static final List<String> COMPRESSIONS = List.of("gz", "bz2", "snappy", "zst", "lz4");

  private final SparkSession spark;
  private final String given;
  private final Configuration hadoop;

  private DataPath(SparkSession spark, String given) {
    this.spark = spark;
    this.given = given;
    this.hadoop = spark.sessionState().newHadoopConf();
  }

  /**
   * The rows at {@code path}.
   *
   * @throws dev.telltale.error.TelltaleException if nothing is there that can be read (exit 3)
   */
  public static Dataset<Row> read(SparkSession spark, String path) {
    return new DataPath(spark, path).read();
  }

  private Dataset<Row> read() {
    try {
      Matcher versioned = VERSIONED.matcher(given);
      if (versioned.matches() && !exists(new Path(given))) {
        return delta(versioned.group(1), Long.parseLong(versioned.group(2)));
      }
      if (isDelta(given)) {
        return spark.read().format("delta").load(given);
      }
      List<FileStatus> files = files();
      String format = format(files);
      return switch (format) {
        case "csv" ->
            spark
                .read()
                .option("header", true)
                .option("inferSchema", true)
                .option("sep", extension(files.get(0)).equals("tsv") ? "\t" : ",")
                .csv(given);
        case "json" -> spark.read().option("multiLine", isArray(files.get(0))).json(given);
        default -> spark.read().parquet(given);
      };
    } catch (FileNotFoundException e) {
      throw Errors.noData(given, "Nothing is there.");
    } catch (IOException e) {
      throw Errors.noData(given, String.valueOf(e.getMessage()));
    } catch (Exception e) {
      // Spark throws this checked exception without saying so.
      if (e instanceof AnalysisException) {
        throw Errors.noData(given, e.getMessage().lines().findFirst().orElse(""));
      }
      throw e;
    }
  }

  private Dataset<Row> delta(String path, long version) throws IOException {
    if (!isDelta(path)) {
      throw Errors.noData(
          given, "Versions are a matter of Delta tables, and " + path + " is none.");
    }
    return new SourceTable(spark, TableAddress.path(path), version).data();
  }

  private boolean exists(Path path) throws IOException {
    return fileSystem(path).exists(path);
  }

  private boolean isDelta(String path) throws IOException {
    Path log = new Path(path, "_delta_log");
    boolean glob = path.matches(".*[*?\\[{].*");
    return !glob && exists(log) && DeltaLog.forTable(spark, path).tableExists();
  }

  private FileSystem fileSystem(Path path) throws IOException {
    return path.getFileSystem(hadoop);
  }

  /** The data files below the path, hidden ones left out. */
  private List<FileStatus> files() throws IOException {
    Path path = new Path(given);
    FileStatus[] matches = fileSystem(path).globStatus(path);
    List<FileStatus> files = new ArrayList<>();
    for (FileStatus match : matches == null ? new FileStatus[0] : matches) {
      if (match.isFile()) {
        files.add(match);
        continue;
      }
      RemoteIterator<LocatedFileStatus> below =
          fileSystem(match.getPath()).listFiles(match.getPath(), true);
      while (below.hasNext()) {
        LocatedFileStatus file = below.next();
        String name = file.getPath().getName();
        if (!name.startsWith("_") && !name.startsWith(".")) {
          files.add(file);
        }
      }
    }
    if (files.isEmpty()) {
      throw Errors.noData(given, "No file is there.");
    }
    return files;
  }

  private String format(List<FileStatus> files) {
    SortedSet<String> formats = new TreeSet<>();
    for (FileStatus file : files) {
      String extension = extension(file);
      if (!FORMATS.containsKey(extension)) {
        throw Errors.noData(
            given,
            "The format of "
                + file.getPath().getName()
                + " cannot be told from its name; known"
                + " are .parquet, .csv, .tsv, .json, .jsonl and .ndjson, also compressed.");
      }
      formats.add(FORMATS.get(extension));
    }
    if (formats.size() > 1) {
      throw Errors.noData(
          given, "Files of several formats are there: " + String.join(", ", formats) + ".");
    }
    return formats.first();
  }

  private static String extension(FileStatus file) {
    List<String> parts =
        new ArrayList<>(
            Arrays.asList(file.getPath().getName().toLowerCase(Locale.ROOT).split("\\.")));
    if (parts.size() > 2 && COMPRESSIONS.contains(parts.get(parts.size() - 1))) {
      parts.remove(parts.size() - 1);
    }
    return parts.get(parts.size() - 1);
  }

  /** Whether a JSON file is one array, not one object a line. */
  private boolean isArray(FileStatus file) throws IOException {
    CompressionCodec codec = new CompressionCodecFactory(hadoop).getCodec(file.getPath());
    InputStream raw = fileSystem(file.getPath()).open(file.getPath());
    try (InputStream in = codec == null ? raw : codec.createInputStream(raw)) {
      int first = in.read();
      while (first >= 0 && Character.isWhitespace(first)) {
        first = in.read();
      }
      return first == '[';
    }
  }
}
