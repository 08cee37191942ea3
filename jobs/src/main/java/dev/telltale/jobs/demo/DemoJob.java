package dev.telltale.jobs.demo;

import dev.telltale.error.Errors;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.Progress;
import dev.telltale.jobs.config.ConfigReader;
import dev.telltale.jobs.config.ModelFile;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.night.NightRunner;
import dev.telltale.jobs.night.NightlyJobs;
import dev.telltale.jobs.report.ReportJob;
import io.delta.tables.DeltaTable;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * Replays nights of real flights: what arrives is appended, then the jobs of the night run as
 * {@code run} would run them. Running the demo again on its lake gives the same rows.
 */
public final class DemoJob {
  private static final String MODEL_FILE = "models/flights-delay.yaml";

  /** Steps besides the nights: tables, features and model, report. */
  private static final int OTHER_STEPS = 3;

  private final DemoSpec spec;
  private final Progress progress;

  /** A demo that says how far it is. */
  public DemoJob(DemoSpec spec, Progress progress) {
    this.spec = spec;
    this.progress = progress;
  }

  /**
   * What the demo did.
   *
   * @param lake directory of the lake, absolute
   * @param config directory of the configuration that was written
   * @param from start of the first night
   * @param to end of the last night, exclusive
   * @param nights nights replayed
   * @param found what the nights found, sentence by sentence
   * @param report HTML file that was written
   * @param queries SQL to look further, by what it shows
   */
  public record Result(
      String lake,
      String config,
      Instant from,
      Instant to,
      int nights,
      List<String> found,
      java.nio.file.Path report,
      Map<String, String> queries) {}

  /**
   * Runs the demo.
   *
   * @throws dev.telltale.error.TelltaleException if the lake is not one of the demo's
   */
  public Result run(SparkSession spark) {
    int steps = spec.nights() + OTHER_STEPS;
    progress.started("creating the lake", 0, steps);
    Lake lake = Lake.at(spark, spec.lake());
    String directory = lake.location();
    LocalDate first = FlightStage.FIRST_NIGHT;
    FlightStage stage = new FlightStage(spark, directory, first.plusDays(spec.nights() - 1L));
    requireOwnLake(spark, directory);
    lake.init();
    ModelFile model = writeConfig(spark, directory + "/conf");

    progress.started("training the model on January and February", 1, steps);
    if (!stage.isMade()) {
      stage.make();
    }
    FlightTables tables = new FlightTables(spark, directory, stage);
    tables.writeBaseline();

    for (int night = 0; night < spec.nights(); night++) {
      LocalDate day = first.plusDays(night);
      progress.started("night of " + day, night + 2, steps);
      tables.arrive(day);
      NightRunner.run(spark, night(directory, model, day), NightlyJobs.all(), Progress.SILENT);
    }

    progress.started("writing the report", steps - 1, steps);
    LocalDate end = first.plusDays(spec.nights());
    ReportJob report = new ReportJob(spec.report().toAbsolutePath(), spec.nights());
    NightRunner.run(
        spark, night(directory, model, end.minusDays(1)), List.of(report), Progress.SILENT);
    return new Result(
        directory,
        directory + "/conf",
        midnight(first),
        midnight(end),
        spec.nights(),
        new DemoFindings(spark, lake, model.config().model()).sentences(),
        report.html(),
        DemoQueries.of(lake));
  }

  private static NightSpec night(String lake, ModelFile model, LocalDate day) {
    return new NightSpec(
        lake,
        model.config(),
        model.hash(),
        midnight(day),
        midnight(day.plusDays(1)),
        "demo-" + day + "-" + UUID.randomUUID(),
        Optional.empty(),
        false);
  }

  private static Instant midnight(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  /** Other people's tables of these names must not get flights appended. */
  private static void requireOwnLake(SparkSession spark, String lake) {
    if (!lake.contains("/")) {
      throw Errors.demoLake(lake, "It is a schema of the catalog, and the demo keeps files.");
    }
    if (!FlightStage.hasAny(spark, lake)) {
      for (String table : FlightTables.NAMES) {
        if (DeltaTable.isDeltaTable(spark, lake + "/" + table)) {
          throw Errors.demoLake(lake, "It has a table " + table + " that is not the demo's.");
        }
      }
    }
  }

  /** So that people go on with {@code telltale run --config}; what they changed there stays. */
  private static ModelFile writeConfig(SparkSession spark, String config) {
    DemoFiles.unpack(spark, "/" + MODEL_FILE, new Path(config, MODEL_FILE));
    return ConfigReader.of(config, System.getenv()).model(Optional.of(FlightStage.MODEL_ID));
  }
}
