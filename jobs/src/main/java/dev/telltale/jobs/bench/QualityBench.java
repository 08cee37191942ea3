package dev.telltale.jobs.bench;

import dev.telltale.config.Defaults;
import dev.telltale.config.Feedback;
import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.NightlyJob;
import dev.telltale.jobs.Progress;
import dev.telltale.jobs.config.ModelFile;
import dev.telltale.jobs.join.JoinJob;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.night.NightRunner;
import dev.telltale.jobs.profile.ProfileJob;
import dev.telltale.jobs.quality.QualityJob;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * What a night's {@code join} and {@code quality} cost beside the bare join of the same two tables:
 * one day of predictions of a binary model, all with a label, in a number of slices.
 */
public final class QualityBench {
  private static final Instant DAY = Instant.parse("2001-03-01T00:00:00Z");
  private static final int SECONDS_A_DAY = 86_400;
  private static final long BASELINE_ROWS = 100_000;
  private static final int ROWS_PER_FILE = 1_000_000;
  private static final String PREDICTIONS = "predictions";
  private static final String LABELS = "labels";
  private static final String BASELINE = "baseline";

  private final Path directory;
  private final long rows;
  private final int slices;
  private final int rounds;
  private final Progress progress;

  /**
   * A bench in an empty directory.
   *
   * @param rows predictions, and as many labels
   * @param slices values of the column that is sliced by
   * @param rounds rounds that count; one more warms up
   */
  public QualityBench(Path directory, long rows, int slices, int rounds, Progress progress) {
    this.directory = directory;
    this.rows = rows;
    this.slices = slices;
    this.rounds = rounds;
    this.progress = progress;
  }

  /** Writes the tables, runs the rounds; the first contender is the bare join. */
  public List<Measured> run(SparkSession spark) {
    progress.started("writing " + rows + " predictions and labels", 0, 1);
    String lake = directory.resolve("lake").toString();
    Lake.at(spark, lake).init();
    Instant before = DAY.minus(Duration.ofDays(1));
    write(predictions(spark, before, BASELINE_ROWS, 1), lake, BASELINE);
    // Slices keep the values of the profiled baseline, which the first profile of any day counts.
    write(predictions(spark, before, 1, 2), lake, PREDICTIONS);
    write(predictions(spark, DAY, rows, 3), lake, PREDICTIONS);
    write(labels(spark), lake, LABELS);
    NightRunner.run(
        spark, spec(lake, before, "profile"), List.of(new ProfileJob()), Progress.SILENT);
    return Rounds.run(
        List.of(
            new Contender("bare join", () -> join(spark, lake)),
            new Contender("telltale join", () -> night(spark, lake, List.of(new JoinJob()))),
            new Contender(
                "telltale join + quality",
                () -> night(spark, lake, List.of(new JoinJob(), new QualityJob())))),
        rounds,
        progress);
  }

  private static String join(SparkSession spark, String lake) {
    Dataset<Row> predictions = spark.read().format("delta").load(lake + "/" + PREDICTIONS);
    Dataset<Row> labels = spark.read().format("delta").load(lake + "/" + LABELS);
    predictions
        .join(labels.withColumnRenamed("prediction_id", "id"), functions.expr("prediction_id = id"))
        .write()
        .format("noop")
        .mode("overwrite")
        .save();
    return "";
  }

  private static String night(SparkSession spark, String lake, List<NightlyJob> jobs) {
    NightRunner.run(spark, spec(lake, DAY, "night"), jobs, Progress.SILENT);
    return Lake.at(spark, lake)
        .read(Tables.QUALITY_METRICS)
        .where("kind = 'REALIZED' AND metric = 'accuracy'")
        .where("slice_key IS NULL AND model_version IS NULL")
        .where("granularity = '1 day'")
        .select(functions.col("value").cast("string"))
        .collectAsList()
        .toString();
  }

  private static NightSpec spec(String lake, Instant from, String run) {
    ModelConfig model = model();
    return new NightSpec(
        lake,
        model,
        ModelFile.hash(model),
        from,
        Granularity.DAY.next(from),
        run,
        Optional.empty(),
        false);
  }

  private static void write(Dataset<Row> rows, String lake, String table) {
    rows.write().format("delta").mode(SaveMode.Append).save(lake + "/" + table);
  }

  private static Dataset<Row> ids(SparkSession spark, long count) {
    return spark.range(0, count, 1, (int) (1 + (count - 1) / ROWS_PER_FILE)).toDF();
  }

  private Dataset<Row> predictions(SparkSession spark, Instant day, long count, int seed) {
    Column score = functions.rand(seed);
    return ids(spark, count)
        .select(
            functions.expr("concat('prediction-', id)").as("prediction_id"),
            functions
                .timestamp_seconds(
                    functions
                        .rand(seed + 10)
                        .multiply(SECONDS_A_DAY)
                        .cast("bigint")
                        .plus(day.getEpochSecond()))
                .as("event_ts"),
            functions.lit("v1").as("model_version"),
            score.as("score"),
            score.gt(0.5).as("prediction"),
            functions
                .concat(
                    functions.lit("segment-"),
                    functions.rand(seed + 20).multiply(slices).cast("int"))
                .as("segment"));
  }

  /** In another order than the predictions, as labels come when they are known. */
  private Dataset<Row> labels(SparkSession spark) {
    return ids(spark, rows)
        .select(
            functions.expr("concat('prediction-', " + (rows - 1) + " - id)").as("prediction_id"),
            functions.rand(4).lt(functions.lit(0.4)).as("label"),
            functions
                .timestamp_seconds(
                    functions
                        .rand(5)
                        .multiply(2 * SECONDS_A_DAY)
                        .cast("bigint")
                        .plus(DAY.getEpochSecond() + SECONDS_A_DAY))
                .as("label_ts"));
  }

  private static ModelConfig model() {
    return new ModelConfig(
        "bench",
        new ModelConfig.Predictions(
            PREDICTIONS,
            "prediction_id",
            "event_ts",
            Optional.of("model_version"),
            "prediction",
            Optional.of("score"),
            Optional.empty()),
        new ModelConfig.Baseline(BASELINE, Optional.of(0L)),
        new ModelConfig.Columns(List.of(), List.of(), List.of()),
        List.of(List.of("segment")),
        Defaults.MAX_SLICE_VALUES,
        List.of(Granularity.DAY),
        ModelConfig.Drift.defaults(),
        ModelConfig.Alerts.defaults(),
        List.of(
            new Feedback(
                LABELS,
                Feedback.Kind.OUTCOME,
                LABELS,
                "prediction_id",
                "label_ts",
                Optional.of("label"),
                Optional.empty(),
                Duration.ofDays(3),
                Optional.empty())),
        ModelConfig.Quality.defaults());
  }
}
