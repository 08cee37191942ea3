package dev.telltale.jobs.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.config.Feedback;
import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.error.TelltaleException;
import dev.telltale.jobs.SparkTest;
import dev.telltale.jobs.join.JoinJob;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model that forecasts a quantity and quantiles of it. */
class ForecastJobTest extends SparkTest {
  private static final int ROWS = 600;

  /**
   * As SQL over {@code id}: truth is normal with the deviation 4, of which a model may say less.
   */
  private static final String FORECASTS =
      """
      concat('f', %1$d, '-', id) AS prediction_id,
      timestamp '2001-03-01 00:00:00' + make_interval(0, 0, 0, %1$d, 0, id %% 1440) AS event_ts,
      element_at(array('north', 'south'), CAST(id %% 2 + 1 AS INT)) AS region,
      1 + id %% 4 AS weight,
      50.0D + id %% 7 AS p50,
      50.0D + id %% 7 - %2$s * 1.2816D AS p10,
      50.0D + id %% 7 + %2$s * 1.2816D AS p90,
      50.0D + id %% 7 + 4 * randn(%1$d) AS demand
      """;

  @TempDir Path directory;

  private Dataset<Row> rows(int day, double deviation) {
    return spark
        .range(0, ROWS, 1, 1)
        .selectExpr(FORECASTS.formatted(day, Double.toString(deviation)).split(",\\n"));
  }

  private static ModelConfig model(List<ModelConfig.Quantile> quantiles, Optional<String> weight) {
    ModelConfig model =
        LabelledNight.model(
            List.of(
                new Feedback(
                    "outcome",
                    Feedback.Kind.OUTCOME,
                    "labels",
                    "prediction_id",
                    "label_ts",
                    Optional.of("demand"),
                    Optional.empty(),
                    Duration.ofDays(1),
                    Optional.empty())),
            Granularity.DAY);
    return new ModelConfig(
        model.model(),
        new ModelConfig.Predictions(
            "predictions",
            "prediction_id",
            "event_ts",
            Optional.empty(),
            "p50",
            Optional.empty(),
            weight,
            Optional.empty(),
            quantiles),
        model.baseline(),
        model.columns(),
        List.of(List.of("region")),
        model.maxSliceValues(),
        model.granularities(),
        model.drift(),
        model.alerts(),
        model.feedback(),
        model.quality());
  }

  private static List<ModelConfig.Quantile> quantiles() {
    return List.of(
        new ModelConfig.Quantile("p10", 0.1),
        new ModelConfig.Quantile("p50", 0.5),
        new ModelConfig.Quantile("p90", 0.9));
  }

  private void append(LabelledNight night, Dataset<Row> rows) {
    night.append("predictions", rows.drop("demand"));
    night.append(
        "labels",
        rows.selectExpr("prediction_id", "demand", "event_ts + interval 1 day AS label_ts"));
  }

  @Test
  void quantilesAreHeldToTheTruth() {
    LabelledNight night = new LabelledNight(spark, directory.toString(), rows(-30, 4));
    ModelConfig model = model(quantiles(), Optional.of("weight"));
    Dataset<Row> honest = rows(0, 4);
    append(night, honest);
    // The second day the model is far too sure of itself.
    append(night, rows(1, 0.5));
    // The team declares the quantiles only after a night: the training evaluation gets them, too.
    night.run(model(List.of(), Optional.of("weight")), 0, 1, "before");
    night.run(model, 0, 3, "run");

    for (String where : List.of("true", "region = 'south'")) {
      Map<String, Row> stored = metrics(night, 0, where);
      Map<String, Double> expected = expected(honest.where(where));
      assertThat(expected).hasSize(7);
      expected.forEach(
          (name, value) ->
              assertThat(stored.get(name).<Double>getAs("value"))
                  .as(name + " where " + where)
                  .isCloseTo(value, within(1e-10)));
    }
    Row coverage = metrics(night, 0, "true").get("interval_coverage:0.1-0.9");
    assertThat(coverage.<Double>getAs("ci_low")).isLessThan(0.8);
    assertThat(coverage.<Double>getAs("ci_high")).isGreaterThan(0.8);
    assertThat(coverage.<Long>getAs("n")).isEqualTo(ROWS);
    Map<String, Row> second = metrics(night, 1, "true");
    assertThat(second.get("interval_coverage:0.1-0.9").<Double>getAs("ci_high")).isLessThan(0.3);

    List<Row> findings =
        night
            .table("findings")
            .where("kind = 'QUALITY' AND drift_type = 'TRAINING' AND slice_key IS NULL")
            .collectAsList();
    assertThat(findings).hasSize(1);
    assertThat(findings.get(0).<String>getAs("metric")).isEqualTo("quantile_loss");
    Row row = night.table("labelled").where("prediction_id = 'f0-0'").head();
    assertThat(row.getJavaMap(row.fieldIndex("quantiles")).keySet())
        .isEqualTo(java.util.Set.of(0.1, 0.5, 0.9));
  }

  @Test
  void aForecastThatLacksAQuantileIsInTheOtherMetrics() {
    LabelledNight night = new LabelledNight(spark, directory.toString(), rows(-30, 4).drop("p10"));
    append(
        night,
        rows(0, 4)
            .withColumn(
                "p10", org.apache.spark.sql.functions.expr("IF(p50 = 50, double('NaN'), p10)")));
    night.run(model(quantiles(), Optional.empty()), 0, 2, "run");
    Map<String, Row> metrics = metrics(night, 0, "true");
    long lacking = rows(0, 4).where("p50 = 50").count();
    assertThat(metrics.get("mae").<Long>getAs("n")).isEqualTo(ROWS);
    assertThat(metrics.get("quantile_loss").<Long>getAs("n")).isEqualTo(ROWS - lacking);
    assertThat(metrics.get("unusable_scores").<Double>getAs("value")).isEqualTo((double) lacking);
    assertThat(metrics.get("mae").<String>getAs("because"))
        .isEqualTo(
            "Left out: 0 rows with a label, prediction or weight that a regression cannot have,"
                + " and 86 that lack a quantile.");
    // The baseline lacks one: it says what it can.
    List<String> training =
        night
            .table("quality_metrics")
            .where("source = 'training' AND slice_key IS NULL")
            .select("metric")
            .collectAsList()
            .stream()
            .map(row -> row.getString(0))
            .toList();
    assertThat(training).contains("mae", "rmse").doesNotContain("quantile_loss", "unusable_scores");
  }

  @Test
  void aQuantileThatTheLogDoesNotHaveIsSaid() {
    LabelledNight night = new LabelledNight(spark, directory.toString(), rows(-30, 4));
    append(night, rows(0, 4).withColumnRenamed("p90", "p95"));
    assertThatThrownBy(
            () -> night.run(model(quantiles(), Optional.empty()), 0, 1, "run", new JoinJob()))
        .isInstanceOf(TelltaleException.class)
        .hasMessageContaining("has no column p90, the quantile of level 0.9");
  }

  /** By SQL, weighted. */
  private Map<String, Double> expected(Dataset<Row> rows) {
    rows.createOrReplaceTempView("forecasts");
    Row row =
        spark
            .sql(
                """
                WITH losses AS (
                  SELECT weight, p90 - p10 AS width, demand BETWEEN p10 AND p90 AS inside,
                    abs(demand - p50) AS distance,
                    greatest(0.1D * (demand - p10), -0.9D * (demand - p10)) AS l1,
                    greatest(0.5D * (demand - p50), -0.5D * (demand - p50)) AS l5,
                    greatest(0.9D * (demand - p90), -0.1D * (demand - p90)) AS l9
                  FROM forecasts)
                SELECT sum(weight * distance) / sum(weight) AS mae,
                  sum(weight * l1) / sum(weight) AS `quantile_loss:0.1`,
                  sum(weight * l5) / sum(weight) AS `quantile_loss:0.5`,
                  sum(weight * l9) / sum(weight) AS `quantile_loss:0.9`,
                  sum(weight * (l1 + l5 + l9) / 3) / sum(weight) AS quantile_loss,
                  sum(IF(inside, weight, 0)) / sum(weight) AS `interval_coverage:0.1-0.9`,
                  sum(weight * width) / sum(weight) AS mean_interval_width
                FROM losses
                """)
            .head();
    Map<String, Double> expected = new TreeMap<>();
    for (String name : row.schema().fieldNames()) {
      expected.put(name, ((Number) row.getAs(name)).doubleValue());
    }
    return expected;
  }

  private static Map<String, Row> metrics(LabelledNight night, int day, String where) {
    String slice =
        where.equals("true")
            ? "slice_key IS NULL"
            : "slice_key = 'region' AND slice_value = 'south'";
    Map<String, Row> metrics = new TreeMap<>();
    for (Row row :
        night
            .table("quality_metrics")
            .where(slice)
            .where("model_version IS NULL AND source = 'outcome'")
            .where("window_start = '" + LabelledNight.day(day) + "'")
            .collectAsList()) {
      metrics.put(row.getAs("metric"), row);
    }
    return metrics;
  }
}
