package dev.telltale.jobs;

import dev.telltale.config.Defaults;
import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.night.NightRunner;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/** A small model with a prediction log of any shape, for tests of the nightly jobs. */
public final class TestNight {
  /** The first day with predictions. */
  public static final Instant DAY = Instant.parse("2001-03-01T00:00:00Z");

  /** The columns, as SQL over {@code id}; {@code day} is the day since {@link #DAY}. */
  public static final String ROWS =
      """
      id AS prediction_id,
      timestamp '2001-03-01 00:00:00' + make_interval(0, 0, 0, %d, 0, id %% 1440) AS event_ts,
      'v1' AS model_version,
      randn(%d) AS x,
      CAST(id %% 7 AS INT) AS code,
      element_at(array('a', 'b', 'c'), CAST(id %% 3 + 1 AS INT)) AS category,
      id %% 2 = 0 AS flag,
      IF(id %% 10 = 0, NULL, CAST(id %% 100 AS DOUBLE)) AS sometimes,
      CAST(id %% 50 AS DECIMAL(10, 2)) AS price,
      array(id) AS parts,
      'yes' AS prediction,
      0.5D AS score
      """;

  private final SparkSession spark;
  private final Lake lake;

  /** A fresh lake at {@code location} with a baseline of 5,000 rows. */
  public TestNight(SparkSession spark, String location) {
    this.spark = spark;
    this.lake = EmptyLake.at(spark, location);
    rows(-30, 5000, 1).write().format("delta").save(location + "/baseline");
  }

  /** The lake. */
  public Lake lake() {
    return lake;
  }

  /** Rows of one day. */
  public Dataset<Row> rows(int day, long count, int seed) {
    return spark.range(0, count, 1, 1).selectExpr(ROWS.formatted(day, seed).split(",\\n"));
  }

  /** Appends to the prediction log. */
  public void append(Dataset<Row> rows) {
    rows.write().format("delta").mode(SaveMode.Append).save(lake.location() + "/predictions");
  }

  /** The model, sliced by category and by category and flag. */
  public static ModelConfig model(Granularity... granularities) {
    return model(Optional.empty(), granularities);
  }

  /** The same with inclusion weights in a column of the log. */
  public static ModelConfig weighted(String weight) {
    return model(Optional.of(weight));
  }

  private static ModelConfig model(Optional<String> weight, Granularity... granularities) {
    return new ModelConfig(
        "test-model",
        new ModelConfig.Predictions(
            "predictions",
            "prediction_id",
            "event_ts",
            Optional.of("model_version"),
            "prediction",
            Optional.of("score"),
            weight),
        new ModelConfig.Baseline("baseline", Optional.empty()),
        new ModelConfig.Columns(List.of(), List.of(), List.of("code")),
        List.of(List.of("category"), List.of("category", "flag")),
        Defaults.MAX_SLICE_VALUES,
        granularities.length == 0 ? Defaults.GRANULARITIES : List.of(granularities),
        ModelConfig.Drift.defaults(),
        ModelConfig.Alerts.defaults(),
        List.of(),
        ModelConfig.Quality.defaults());
  }

  /** Start of a day. */
  public static Instant day(int day) {
    return DAY.plusSeconds(86_400L * day);
  }

  /** What a night is asked to do for the days {@code [from, to)}. */
  public NightSpec spec(ModelConfig model, int from, int to, String runId) {
    return new NightSpec(
        lake.location(), model, "hash", day(from), day(to), runId, Optional.empty(), false);
  }

  /** Runs jobs for the days {@code [from, to)}. */
  public List<NightRunner.Outcome> run(
      ModelConfig model, int from, int to, String runId, NightlyJob... jobs) {
    return NightRunner.run(spark, spec(model, from, to, runId), List.of(jobs), Progress.SILENT);
  }

  /** A view of the lake as it is now. */
  public Lake now() {
    return lake.pinned(Map.of());
  }
}
