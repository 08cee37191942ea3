package dev.telltale.jobs.report;

import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.EmptyLake;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.TestNight;
import dev.telltale.jobs.lake.Lake;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/** A report that the real job drew from a real lake. */
record TestReport(Lake lake, Path html, Path json) {
  private static TestReport synthetic;

  /** The report of the {@link SyntheticLake}, drawn once for all tests of the JVM. */
  static TestReport synthetic(SparkSession spark) {
    if (synthetic == null) {
      Lake lake = EmptyLake.at(spark, temporary().resolve("lake").toString());
      new SyntheticLake(lake).write();
      synthetic = draw(spark, lake, SyntheticLake.MODEL, SyntheticLake.END, 60);
    }
    return synthetic;
  }

  /** Draws the windows before {@code to}. */
  static TestReport draw(SparkSession spark, Lake lake, String model, Instant to, int windows) {
    ReportJob job = new ReportJob(temporary(), windows);
    job.run(spark, lake, spec(model, to, false));
    return new TestReport(lake, job.html(), job.json());
  }

  static NightSpec spec(String model, Instant to, boolean dryRun) {
    ModelConfig some = TestNight.model(Granularity.DAY, Granularity.WEEK);
    ModelConfig config =
        new ModelConfig(
            model,
            some.predictions(),
            some.baseline(),
            some.columns(),
            some.slices(),
            some.maxSliceValues(),
            some.granularities(),
            some.drift(),
            some.alerts(),
            List.of(SyntheticAnswers.FEEDBACK),
            ModelConfig.Quality.defaults());
    return new NightSpec(
        "lake", config, "hash", Granularity.DAY.previous(to), to, "run", Optional.empty(), dryRun);
  }

  /** A fresh directory that is gone when the JVM is. */
  static Path temporary() {
    try {
      Path directory = Files.createTempDirectory("telltale-report");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path directory) {
    org.apache.commons.io.FileUtils.deleteQuietly(directory.toFile());
  }
}
