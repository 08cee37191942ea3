package dev.telltale.jobs.quality;

import dev.telltale.config.Feedback;
import dev.telltale.config.Granularity;
import dev.telltale.config.Kpi;
import dev.telltale.config.ModelConfig;
import dev.telltale.config.Privacy;
import dev.telltale.config.Sampling;
import dev.telltale.jobs.EmptyLake;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.NightlyJob;
import dev.telltale.jobs.Progress;
import dev.telltale.jobs.join.JoinJob;
import dev.telltale.jobs.night.NightRunner;
import dev.telltale.jobs.profile.ProfileJob;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/** A small binary model with predictions and labels of any shape, for tests of join and quality. */
final class LabelledNight {
  static final String MODEL = "labelled-model";
  private static final Instant DAY = Instant.parse("2001-03-01T00:00:00Z");

  /** As SQL over {@code id}; the score is right more often than not. */
  private static final String ROWS =
      """
      concat('p', %1$d, '-', id) AS prediction_id,
      timestamp '2001-03-01 00:00:00' + make_interval(0, 0, 0, %1$d, 0, id %% 1440) AS event_ts,
      IF(id %% 4 = 0, 'v2', 'v1') AS model_version,
      element_at(array('a', 'b', 'c'), CAST(id %% 3 + 1 AS INT)) AS category,
      round(pmod(xxhash64(id, %1$d, 's'), 1000) / 1000, 3) AS score,
      pmod(xxhash64(id, %1$d, 's'), 1000) >= 500 AS prediction,
      pmod(xxhash64(id, %1$d, 's'), 1000) + pmod(xxhash64(id, %1$d, 'l'), 700) >= 850 AS label
      """;

  private final SparkSession spark;
  private final String location;

  LabelledNight(SparkSession spark, String location) {
    this(spark, location, rows(spark, -30, 3000));
  }

  /** A lake for a model of another kind. */
  LabelledNight(SparkSession spark, String location, Dataset<Row> baseline) {
    this.spark = spark;
    this.location = location;
    EmptyLake.at(spark, location);
    baseline.coalesce(1).write().format("delta").save(location + "/baseline");
  }

  Dataset<Row> rows(int day, long count) {
    return rows(spark, day, count);
  }

  private static Dataset<Row> rows(SparkSession spark, int day, long count) {
    return spark.range(0, count, 1, 1).selectExpr(ROWS.formatted(day).split(",\\n"));
  }

  /** Predictions of a day. */
  void predict(int day, long count) {
    append("predictions", rows(day, count).drop("label"));
  }

  /**
   * The labels of a day's predictions, each known one or two days later: some come wrong first and
   * are corrected an hour later, some come twice.
   */
  Dataset<Row> labels(int day, long count) {
    Dataset<Row> right =
        rows(day, count)
            .selectExpr(
                "prediction_id",
                "label",
                "event_ts + make_interval(0, 0, 0, 1, 0, pmod(xxhash64(prediction_id), 1440))"
                    + " AS label_ts");
    return right
        .unionByName(
            right
                .where("pmod(xxhash64(prediction_id, 'wrong'), 5) = 0")
                .selectExpr(
                    "prediction_id",
                    "NOT label AS label",
                    "label_ts - interval 1 hour AS label_ts"))
        .unionByName(right.where("pmod(xxhash64(prediction_id, 'twice'), 7) = 0"));
  }

  void append(String table, Dataset<Row> rows) {
    rows.coalesce(1).write().format("delta").mode(SaveMode.Append).save(location + "/" + table);
  }

  static ModelConfig model(List<Feedback> feedback, Granularity... granularities) {
    return new ModelConfig(
        MODEL,
        new ModelConfig.Predictions(
            "predictions",
            "prediction_id",
            "event_ts",
            Optional.of("model_version"),
            "prediction",
            Optional.of("score"),
            Optional.empty()),
        new ModelConfig.Baseline("baseline", Optional.empty()),
        new ModelConfig.Columns(List.of(), List.of(), List.of()),
        List.of(List.of("category")),
        100,
        List.of(granularities),
        ModelConfig.Drift.defaults(),
        ModelConfig.Alerts.defaults(),
        feedback,
        ModelConfig.Quality.defaults());
  }

  /** The same model with other slices and another judgement. */
  static ModelConfig copy(
      ModelConfig model, List<List<String>> slices, ModelConfig.Quality quality) {
    return new ModelConfig(
        model.model(),
        model.predictions(),
        model.baseline(),
        model.columns(),
        slices,
        model.maxSliceValues(),
        model.granularities(),
        model.drift(),
        model.alerts(),
        model.feedback(),
        quality);
  }

  /** The same model, which reads a sample of its predictions. */
  static ModelConfig sampled(ModelConfig model, String table, Sampling sampling) {
    return with(
        model,
        model.predictions().stored(table, Optional.of(Sampling.WEIGHT)),
        model.kpis(),
        Optional.of(sampling),
        model.privacy());
  }

  /** The same model with columns to protect. */
  static ModelConfig withPrivacy(ModelConfig model, Privacy privacy) {
    return with(model, model.predictions(), model.kpis(), model.sampling(), privacy);
  }

  /** The same model with KPIs. */
  static ModelConfig withKpis(ModelConfig model, Kpi... kpis) {
    return with(model, model.predictions(), List.of(kpis), model.sampling(), model.privacy());
  }

  private static ModelConfig with(
      ModelConfig model,
      ModelConfig.Predictions predictions,
      List<Kpi> kpis,
      Optional<Sampling> sampling,
      Privacy privacy) {
    return new ModelConfig(
        model.model(),
        predictions,
        model.baseline(),
        model.columns(),
        model.slices(),
        model.maxSliceValues(),
        model.granularities(),
        model.drift(),
        model.alerts(),
        model.feedback(),
        model.quality(),
        kpis,
        sampling,
        privacy,
        model.retention(),
        model.checks(),
        Optional.empty());
  }

  static Feedback outcome() {
    return new Feedback(
        "outcome",
        Feedback.Kind.OUTCOME,
        "labels",
        "prediction_id",
        "label_ts",
        Optional.of("label"),
        Optional.empty(),
        Duration.ofDays(2),
        Optional.empty());
  }

  static Instant day(int day) {
    return DAY.plusSeconds(86_400L * day);
  }

  /** Profile, join and quality for the days {@code [from, to)}. */
  List<NightRunner.Outcome> run(ModelConfig model, int from, int to, String runId) {
    return run(model, from, to, runId, new ProfileJob(), new JoinJob(), new QualityJob());
  }

  /** Join and quality for the days {@code [from, to)}, of what an earlier run read. */
  void runAsOf(ModelConfig model, int from, int to, String earlier) {
    NightRunner.run(
        spark,
        new NightSpec(
            location,
            model,
            "hash",
            day(from),
            day(to),
            "as-of-" + earlier,
            Optional.of(earlier),
            false),
        List.of(new JoinJob(), new QualityJob()),
        Progress.SILENT);
  }

  List<NightRunner.Outcome> run(
      ModelConfig model, int from, int to, String runId, NightlyJob... jobs) {
    return NightRunner.run(
        spark,
        new NightSpec(location, model, "hash", day(from), day(to), runId, Optional.empty(), false),
        List.of(jobs),
        Progress.SILENT);
  }

  Dataset<Row> table(String name) {
    return spark.read().format("delta").load(location + "/" + name);
  }
}
