package dev.telltale.jobs.bench;

import dev.telltale.config.Defaults;
import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.Progress;
import dev.telltale.jobs.config.ModelFile;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.night.NightRunner;
import dev.telltale.jobs.night.NightlyJobs;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Does a night cost more the older the lake is? Replays nights on one lake, and in turn with its
 * next nights the first night of a fresh lake with the same rows.
 */
public final class NightsBench {
  private static final Instant FIRST = Instant.parse("2001-01-01T00:00:00Z");
  private static final int SECONDS_A_DAY = 86_400;

  private static final int SEEDS_A_NIGHT = 10;

  private final Path directory;
  private final int nights;
  private final long rows;
  private final int rounds;
  private final Progress progress;

  /**
   * A bench in an empty directory.
   *
   * @param nights age of the old lake when measuring begins
   * @param rows rows a night
   * @param rounds nights measured on each lake
   */
  public NightsBench(Path directory, int nights, long rows, int rounds, Progress progress) {
    this.directory = directory;
    this.nights = nights;
    this.rows = rows;
    this.rounds = rounds;
    this.progress = progress;
  }

  /**
   * A night.
   *
   * @param seconds wall time of each job, in their order
   * @param rowsRead rows that profile read from the prediction log
   */
  public record Night(Map<String, Double> seconds, long rowsRead) {
    /** Wall time of all jobs. */
    public double totalSeconds() {
      return seconds.values().stream().mapToDouble(Double::doubleValue).sum();
    }
  }

  /**
   * What was measured, round by round.
   *
   * @param first the first night of a fresh lake
   * @param late a night of the old lake
   */
  public record Result(List<Night> first, List<Night> late) {}

  /** Replays and measures. */
  public Result run(SparkSession spark) {
    int steps = nights + 2 * (rounds + 1);
    String old = lake(spark, "old");
    for (int night = 0; night < nights; night++) {
      progress.started("night " + (night + 1), night, steps);
      night(spark, old, night);
    }
    List<Night> first = new ArrayList<>();
    List<Night> late = new ArrayList<>();
    for (int round = 0; round <= rounds; round++) {
      String fresh = lake(spark, "fresh-" + round);
      // The night before the first one profiles the baseline, which is done once.
      night(spark, fresh, -1);
      progress.started("first night of a fresh lake", nights + 2 * round, steps);
      Night one = night(spark, fresh, 0);
      progress.started("night " + (nights + round + 1), nights + 2 * round + 1, steps);
      Night other = night(spark, old, nights + round);
      if (round > 0) {
        first.add(one);
        late.add(other);
      }
    }
    return new Result(first, late);
  }

  private String lake(SparkSession spark, String name) {
    String lake = directory.resolve(name).toString();
    Lake.at(spark, lake).init();
    write(spark, lake + "/baseline", -60, 10 * rows, SaveMode.ErrorIfExists);
    return lake;
  }

  private static void write(SparkSession spark, String path, int night, long count, SaveMode mode) {
    long start = FIRST.getEpochSecond() + (long) night * SECONDS_A_DAY;
    int seed = 1000 + SEEDS_A_NIGHT * night;
    Column score = functions.rand(seed + 1);
    spark
        .range(0, count, 1, 1)
        .select(
            functions
                .concat(functions.lit("p" + night + "-"), functions.col("id"))
                .as("prediction_id"),
            functions
                .timestamp_seconds(
                    functions.rand(seed).multiply(SECONDS_A_DAY).cast("bigint").plus(start))
                .as("event_ts"),
            functions.lit("v1").as("model_version"),
            score.as("score"),
            score.gt(0.5).as("prediction"),
            functions.randn(seed + 2).as("amount"),
            functions.rand(seed + 3).multiply(100).cast("int").as("age"),
            functions
                .when(functions.rand(seed + 4).gt(0.1), functions.exp(functions.randn(seed + 5)))
                .as("income"),
            functions
                .concat(functions.lit("region-"), functions.rand(seed + 6).multiply(4).cast("int"))
                .as("region"),
            functions
                .concat(functions.lit("shop-"), functions.rand(seed + 7).multiply(200).cast("int"))
                .as("shop"))
        .write()
        .format("delta")
        .mode(mode)
        .save(path);
  }

  private Night night(SparkSession spark, String lake, int night) {
    write(spark, lake + "/predictions", night, rows, SaveMode.Append);
    Instant from = FIRST.plus(Duration.ofDays(night));
    ModelConfig model = model();
    NightSpec spec =
        new NightSpec(
            lake,
            model,
            ModelFile.hash(model),
            from,
            Granularity.DAY.next(from),
            "bench-" + night,
            Optional.empty(),
            false);
    List<NightRunner.Outcome> outcomes =
        NightRunner.run(spark, spec, NightlyJobs.all(), Progress.SILENT);
    Map<String, Double> seconds = new LinkedHashMap<>();
    outcomes.forEach(outcome -> seconds.put(outcome.job(), outcome.seconds()));
    return new Night(seconds, outcomes.get(0).result().rowsRead());
  }

  private static ModelConfig model() {
    return new ModelConfig(
        "bench",
        new ModelConfig.Predictions(
            "predictions",
            "prediction_id",
            "event_ts",
            Optional.of("model_version"),
            "prediction",
            Optional.of("score"),
            Optional.empty()),
        new ModelConfig.Baseline("baseline", Optional.of(0L)),
        new ModelConfig.Columns(List.of(), List.of(), List.of()),
        List.of(List.of("region")),
        Defaults.MAX_SLICE_VALUES,
        List.of(Granularity.DAY, Granularity.WEEK),
        ModelConfig.Drift.defaults(),
        ModelConfig.Alerts.defaults(),
        List.of(),
        ModelConfig.Quality.defaults());
  }
}
