package dev.telltale.jobs.bench;

import dev.telltale.jobs.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Measures the profile of a synthetic wide table beside the bare scan, Spark and Deequ. */
public final class BenchJob {
  private static final long BASELINE_ROWS = 200_000;
  private static final int BASELINE_SEED = 1;
  private static final int SEED = 1_000_003;

  private final BenchSpec spec;
  private final Progress progress;

  /** A bench that says how far it is. */
  public BenchJob(BenchSpec spec, Progress progress) {
    this.spec = spec;
    this.progress = progress;
  }

  /**
   * What was measured.
   *
   * @param spec what was asked
   * @param bytes size of the table's files
   * @param cores tasks at once
   * @param heapBytes largest heap of this JVM
   * @param measured the contenders; the first is the bare scan
   */
  public record Result(
      BenchSpec spec, long bytes, int cores, long heapBytes, List<Measured> measured) {}

  /** Writes the tables, runs the rounds. */
  public Result run(SparkSession spark) {
    return TemporaryDirectory.orElse(spec.data(), directory -> run(spark, directory));
  }

  private Result run(SparkSession spark, Path directory) {
    progress.started("writing " + spec.rows() + " rows", 0, 1);
    String table = directory.resolve("wide").toString();
    String reference = directory.resolve("baseline").toString();
    int segments = Math.max(1, spec.slices());
    WideTable.write(spark, table, spec.rows(), spec.columns(), segments, SEED);
    WideTable.write(
        spark,
        reference,
        Math.min(spec.rows(), BASELINE_ROWS),
        spec.columns(),
        segments,
        BASELINE_SEED);
    Dataset<Row> baseline = spark.read().parquet(reference);
    Dataset<Row> data = spark.read().parquet(table);
    ProfileBench bench = new ProfileBench(spark, baseline, data, spec.columns(), segments);
    List<Contender> contenders = new ArrayList<>(List.of(bench.scan(), bench.telltale()));
    if (spec.slices() > 0) {
      contenders.add(bench.telltaleSliced());
    }
    if (!spec.without().contains("spark")) {
      contenders.add(bench.spark());
    }
    if (!spec.without().contains("deequ")) {
      contenders.add(bench.deequ());
    }
    List<Measured> measured = Rounds.run(contenders, spec.rounds(), progress);
    return new Result(
        spec,
        size(Path.of(table)),
        spark.sparkContext().defaultParallelism(),
        Runtime.getRuntime().maxMemory(),
        measured);
  }

  private static long size(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.mapToLong(file -> file.toFile().isFile() ? file.toFile().length() : 0).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
