package dev.telltale.jobs.quality;

import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.config.Granularity;
import dev.telltale.config.Kpi;
import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.LakeContents;
import dev.telltale.jobs.SparkTest;
import dev.telltale.jobs.alerts.AlertsJob;
import dev.telltale.jobs.lake.Tables;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** KPIs beside the quality of a model whose mistakes and events are planted. */
class KpiTest extends SparkTest {
  private static final int ROWS = 900;

  @TempDir private Path directory;

  private LabelledNight night;

  /** Accuracy rises by 0.2 on day 8; the two weeks that are compared end with day 14. */
  @Test
  void aKpiThatDoesNotFollowTheModelIsFound() {
    int days = 17;
    night = new LabelledNight(spark, directory.toString());
    night.append("predictions", rows(days, day -> night.rows(day, ROWS).drop("label")));
    night.append("labels", rows(days, day -> labels(day, day < 8 ? "30" : "10")));
    night.append("flat", rows(days, day -> events(day, "500")));
    night.append("falling", rows(days, day -> events(day, day < 8 ? "500" : "400")));
    night.append("rising", rows(days, day -> events(day, day < 8 ? "500" : "600")));
    night.append(
        "partly", rows(days, day -> events(day, day < 8 ? "500" : "IF(category = 'c', 620, 450)")));
    night.append("refunds", rows(days, day -> events(day, "500")));
    // Neither of these is of a prediction: it comes too late, or before.
    night.append(
        "flat",
        rows(
            days,
            day ->
                night
                    .rows(day, ROWS)
                    .selectExpr(
                        "prediction_id AS id",
                        "event_ts + IF(category = 'a', interval 48 hours, interval -1 second) AS at",
                        "2.0D AS worth")));
    ModelConfig model =
        withKpis(
            LabelledNight.model(
                List.of(LabelledNight.outcome()), Granularity.DAY, Granularity.WEEK),
            kpi("flat", true, Kpi.Goal.INCREASE),
            kpi("falling", true, Kpi.Goal.INCREASE),
            kpi("rising", true, Kpi.Goal.INCREASE),
            kpi("partly", true, Kpi.Goal.INCREASE),
            kpi("refunds", false, Kpi.Goal.DECREASE));
    night.run(model, 0, 12, "first");
    night.run(model, 12, days, "second");
    night.run(model, 12, days, "alerts", new AlertsJob());

    Map<String, String> reasons =
        night
            .table("findings")
            .where("kind = 'KPI' AND status = 'FIRING' AND model_version IS NULL")
            .where("window_start = '" + LabelledNight.day(14) + "'")
            .collectAsList()
            .stream()
            .collect(
                java.util.stream.Collectors.toMap(
                    row -> row.getAs("metric"),
                    row -> row.<String>getAs("because").split(":", -1)[0]));
    assertThat(reasons)
        .isEqualTo(
            Map.of(
                "flat", "Saturation",
                "refunds", "Saturation",
                "partly", "Segment saturation",
                "falling", "Proxy over-optimisation"));
    Row falling =
        night
            .table("findings")
            .where("metric = 'falling' AND window_start = '" + LabelledNight.day(14) + "'")
            .head();
    assertThat(falling.<String>getAs("severity")).isEqualTo("CRITICAL");
    assertThat(falling.<Double>getAs("value")).isBetween(-0.12, -0.08);
    assertThat(falling.<String>getAs("because"))
        .contains("in the last 7 windows and")
        .contains("would matter.");
    assertThat(
            night
                .table("alerts")
                .where("kind = 'KPI' AND metric = 'falling' AND status = 'OPEN'")
                .where("window_start = '" + LabelledNight.day(days - 1) + "'")
                .count())
        .isEqualTo(1);

    Row measured = measured("flat", "model_version IS NULL AND slice_value = 'b'", 3);
    Row expected =
        night
            .rows(3, ROWS)
            .where("category = 'b'")
            .selectExpr(
                "avg(IF(pmod(xxhash64(prediction_id, 'k'), 1000) < 500, 1.0D, 0.0D))", "count(*)")
            .head();
    assertThat(measured.<Double>getAs("value")).isEqualTo(expected.getDouble(0));
    assertThat(measured.<Long>getAs("n")).isEqualTo(expected.getLong(1));
    assertThat(measured.<String>getAs("status")).isEqualTo("OK");
    assertThat(measured("flat", "model_version = 'v2' AND slice_key IS NULL", 3).<Long>getAs("n"))
        .isEqualTo(ROWS / 4);
    Row count = measured("refunds", "true", 3);
    assertThat(count.<String>getAs("measure")).isEqualTo("COUNT");
    assertThat(count.<Double>getAs("value"))
        .isEqualTo(
            (double) night.table("refunds").where("to_date(at) = date '2001-03-04'").count());
    assertThat(
            measured("flat", "model_version IS NULL AND slice_key IS NULL", 15)
                .<String>getAs("status"))
        .isEqualTo("IMMATURE");

    // Once more, and everything at once: the same to the last bit.
    Map<Tables, List<String>> contents = LakeContents.of(spark, directory.toString());
    assertThat(contents.get(Tables.KPI_RELATIONS)).isNotEmpty();
    night.run(model, 0, days, "again");
    Map<Tables, List<String>> again = LakeContents.of(spark, directory.toString());
    for (Tables table : List.of(Tables.KPI_METRICS, Tables.KPI_RELATIONS)) {
      assertThat(again.get(table)).isEqualTo(contents.get(table));
    }
    assertThat(again.get(Tables.FINDINGS).stream().filter(row -> row.contains("\"KPI\"")).toList())
        .isEqualTo(
            contents.get(Tables.FINDINGS).stream().filter(row -> row.contains("\"KPI\"")).toList());
  }

  /** Accuracy goes up and down; events follow two days later. The second version is better. */
  @Test
  void theLagOfAKpiIsFoundAndVersionsAreCompared() {
    int days = 26;
    night = new LabelledNight(spark, directory.toString());
    night.append("predictions", rows(days, day -> night.rows(day, ROWS).drop("label")));
    night.append("labels", rows(days, day -> labels(day, "IF(id % 4 = 0, 0, 8) + " + errors(day))));
    night.append("late", rows(days, day -> events(day, 700 - 10 * errors(day - 2) + "")));
    night.append("steady", rows(days, day -> events(day, "800")));
    ModelConfig model =
        withKpis(
            LabelledNight.model(List.of(LabelledNight.outcome()), Granularity.DAY),
            kpi("late", true, Kpi.Goal.INCREASE),
            kpi("steady", true, Kpi.Goal.INCREASE));
    night.run(model, 0, days, "run");

    List<Row> strongest =
        night
            .table("kpi_relations")
            .where("strongest AND metric = 'accuracy'")
            .where("window_start = '" + LabelledNight.day(days - 3) + "'")
            .collectAsList();
    assertThat(strongest).hasSize(1);
    assertThat(strongest.get(0).<String>getAs("kpi")).isEqualTo("late");
    assertThat(strongest.get(0).<Integer>getAs("lag")).isEqualTo(2);
    assertThat(strongest.get(0).<Double>getAs("correlation")).isGreaterThan(0.8);
    assertThat(strongest.get(0).<String>getAs("because"))
        .startsWith("late follows accuracy by 2 days: over 21 pairs");

    List<Row> findings =
        night
            .table("findings")
            .where("kind = 'KPI' AND metric = 'steady' AND drift_type = 'PREVIOUS_VERSION'")
            .where("window_start = '" + LabelledNight.day(days - 3) + "'")
            .collectAsList();
    assertThat(findings).hasSize(1);
    assertThat(findings.get(0).<String>getAs("model_version")).isEqualTo("v2");
    assertThat(findings.get(0).<String>getAs("because"))
        .startsWith("Saturation: ")
        .contains("for version v2 in the last 7 windows")
        .contains("for version v1");
  }

  /** Mistakes of a day in per cent. */
  private static int errors(int day) {
    return Math.floorMod(day * 7919 + day * day * 104729, 41);
  }

  private Dataset<Row> rows(int days, IntFunction<Dataset<Row>> ofDay) {
    return IntStream.range(0, days).mapToObj(ofDay).reduce(Dataset::unionByName).orElseThrow();
  }

  /** So many per cent of the answers are wrong. */
  private Dataset<Row> labels(int day, String wrong) {
    return night
        .rows(day, ROWS)
        .withColumn("id", expr("CAST(element_at(split(prediction_id, '-'), 2) AS INT)"))
        .selectExpr(
            "prediction_id",
            "IF(pmod(xxhash64(prediction_id, 'n'), 100) < "
                + wrong
                + ", NOT prediction, prediction) AS label",
            "event_ts + interval 1 day AS label_ts");
  }

  /** An event, in two halves, of so many in a thousand predictions. */
  private Dataset<Row> events(int day, String share) {
    Dataset<Row> half =
        night
            .rows(day, ROWS)
            .where("pmod(xxhash64(prediction_id, 'k'), 1000) < " + share)
            .selectExpr("prediction_id AS id", "event_ts + interval 1 hour AS at", "0.5D AS worth");
    return half.unionByName(half);
  }

  private Row measured(String kpi, String where, int day) {
    List<Row> rows =
        night
            .table("kpi_metrics")
            .where("kpi = '" + kpi + "' AND " + where)
            .where("window_start = '" + LabelledNight.day(day) + "'")
            .collectAsList();
    assertThat(rows).hasSize(1);
    return rows.get(0);
  }

  private static Kpi kpi(String name, boolean ofPredictions, Kpi.Goal goal) {
    return new Kpi(
        name,
        name,
        "at",
        ofPredictions ? Optional.of("worth") : Optional.empty(),
        ofPredictions ? Optional.of("id") : Optional.empty(),
        goal);
  }

  private static ModelConfig withKpis(ModelConfig model, Kpi... kpis) {
    return new ModelConfig(
        model.model(),
        model.predictions(),
        model.baseline(),
        model.columns(),
        model.slices(),
        model.maxSliceValues(),
        model.granularities(),
        model.drift(),
        model.alerts(),
        model.feedback(),
        model.quality(),
        List.of(kpis),
        Optional.empty(),
        List.of());
  }
}
