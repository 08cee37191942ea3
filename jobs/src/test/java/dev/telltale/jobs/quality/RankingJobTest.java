package dev.telltale.jobs.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.config.Defaults;
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

/** A model that ranks: a row is an item of a query, its truth how relevant the item is. */
class RankingJobTest extends SparkTest {
  private static final int QUERIES = 300;

  /**
   * As SQL over {@code id}: queries of 2 to 9 items, a score with ties, relevances of which a good
   * model puts the greater first. The items of a query come over two hours, in any order.
   */
  private static final String ROWS =
      """
      concat('i', %1$d, '-', id) AS item_id,
      concat('q', %1$d, '-', query) AS query_id,
      timestamp '2001-03-01 00:00:00' + make_interval(0, 0, 0, %1$d, query %% 22, pmod(xxhash64(id, 't'), 120)) AS event_ts,
      IF(query %% 3 = 0, 'v2', 'v1') AS model_version,
      element_at(array('phone', 'desk'), CAST(pmod(xxhash64(query, 'd'), 2) + 1 AS INT)) AS device,
      place,
      round(relevance * %2$s + pmod(xxhash64(id, %1$d, 's'), 100) / 20, 0) AS score,
      relevance
      """;

  @TempDir Path directory;

  private Dataset<Row> rows(int day, double skill, int queries) {
    return spark
        .range(0, queries, 1, 1)
        .selectExpr(
            "id AS query",
            "explode(sequence(1, 2 + CAST(pmod(xxhash64(id, " + day + "), 8) AS INT))) AS place")
        .selectExpr("*", "query * 100 + place AS id")
        .selectExpr(
            "*",
            "IF(pmod(xxhash64(query, 'none'), 10) = 0, 0,"
                + " greatest(0, CAST(pmod(xxhash64(id, "
                + day
                + ", 'r'), 7) AS INT) - 3)) AS relevance")
        .selectExpr(ROWS.formatted(day, Double.toString(skill)).split(",\\n"));
  }

  private static Dataset<Row> labels(Dataset<Row> rows) {
    return rows.selectExpr("item_id", "relevance", "event_ts + interval 1 day AS label_ts");
  }

  private static ModelConfig model(Optional<String> score, String prediction) {
    ModelConfig model =
        LabelledNight.model(
            List.of(
                new Feedback(
                    "outcome",
                    Feedback.Kind.OUTCOME,
                    "labels",
                    "item_id",
                    "label_ts",
                    Optional.of("relevance"),
                    Optional.empty(),
                    Duration.ofDays(1),
                    Optional.empty())),
            Granularity.DAY,
            Granularity.WEEK);
    ModelConfig.Quality quality = ModelConfig.Quality.defaults();
    return new ModelConfig(
        model.model(),
        new ModelConfig.Predictions(
            "predictions",
            "item_id",
            "event_ts",
            Optional.of("model_version"),
            prediction,
            score,
            Optional.empty(),
            Optional.of("query_id"),
            List.of()),
        model.baseline(),
        model.columns(),
        List.of(List.of("device")),
        model.maxSliceValues(),
        model.granularities(),
        model.drift(),
        model.alerts(),
        model.feedback(),
        new ModelConfig.Quality(
            Optional.empty(),
            Optional.empty(),
            quality.beta(),
            Optional.empty(),
            List.of(3, 1),
            List.of(),
            quality.tolerance(),
            quality.toleranceRatio(),
            quality.alpha(),
            50,
            Defaults.RESTATE_WITHIN,
            Defaults.LABELLING_BUDGET));
  }

  @Test
  void metricsAreMeansOverQueries() {
    LabelledNight night = new LabelledNight(spark, directory.toString(), rows(-30, 2, 2 * QUERIES));
    ModelConfig model = model(Optional.of("score"), "score");
    Dataset<Row> good = rows(0, 2, QUERIES);
    Dataset<Row> bad = rows(1, -2, QUERIES);
    for (Dataset<Row> day : List.of(good, bad)) {
      night.append("predictions", day.drop("relevance"));
      night.append("labels", labels(day));
    }
    night.run(model, 0, 3, "run");

    for (String where : List.of("true", "device = 'desk'", "model_version = 'v2'")) {
      Map<String, Row> stored = metrics(night, 0, where);
      Map<String, Double> expected = expected(good.where(where));
      expected.forEach(
          (name, value) ->
              assertThat(stored.get(name).<Double>getAs("value"))
                  .as(name + " where " + where)
                  .isCloseTo(value, within(1e-12)));
      assertThat(expected).hasSize(8);
    }
    Row ndcg = metrics(night, 0, "true").get("ndcg_at_3");
    assertThat(ndcg.<Long>getAs("n")).isLessThan(QUERIES);
    assertThat(ndcg.<Double>getAs("ci_low")).isLessThan(ndcg.<Double>getAs("value"));
    assertThat(ndcg.<Double>getAs("std_error")).isBetween(0.001, 0.1);
    Row coverage = metrics(night, 0, "true").get("label_coverage");
    assertThat(coverage.<Double>getAs("value")).isEqualTo(1);
    assertThat(coverage.<Long>getAs("n")).isEqualTo(QUERIES);

    // The second day puts the worse first: worse than in training.
    List<Row> findings =
        night
            .table("findings")
            .where("kind = 'QUALITY' AND drift_type = 'TRAINING' AND slice_key IS NULL")
            .where("granularity = '1 day'")
            .orderBy("metric")
            .collectAsList();
    assertThat(findings)
        .extracting(row -> row.<String>getAs("metric"))
        .containsExactly("mrr", "ndcg_at_3");
    assertThat(findings.get(1).<String>getAs("severity")).isEqualTo("CRITICAL");
    assertThat(
            night
                .table("quality_comparisons")
                .where("compared_with = 'PREVIOUS_VERSION' AND metric = 'ndcg_at_3'")
                .where("model_version = 'v2' AND reference_version = 'v1'")
                .count())
        .isPositive();
    // No query id is profiled as if it were a feature.
    assertThat(night.table("profile_metrics").where("column_name = 'query_id'").count()).isZero();
  }

  /** The same rows in another order and in other files give the same rows of results. */
  @Test
  void theOrderOfRowsDoesNotMatter() {
    Dataset<Row> rows = rows(0, 0, QUERIES);
    LabelledNight one = new LabelledNight(spark, directory.resolve("1").toString(), rows);
    one.append("predictions", rows);
    one.append("labels", labels(rows));
    LabelledNight two = new LabelledNight(spark, directory.resolve("2").toString(), rows);
    for (int part = 2; part >= 0; part--) {
      Dataset<Row> some = rows.where("pmod(xxhash64(item_id), 3) = " + part);
      two.append("predictions", some.orderBy("score", "item_id"));
      two.append("labels", labels(some).orderBy("relevance"));
    }
    ModelConfig model = model(Optional.of("score"), "score");
    one.run(model, 0, 1, "run");
    two.run(model, 0, 1, "run");
    for (String table : List.of("quality_states", "quality_metrics", "quality_comparisons")) {
      assertThat(contents(two, table)).as(table).isNotEmpty().isEqualTo(contents(one, table));
    }
  }

  /** What the log and the labels cannot mean is counted; what is awaited is not wrong. */
  @Test
  void badItemsAreCounted() {
    LabelledNight night = new LabelledNight(spark, directory.toString(), rows(-30, 2, QUERIES));
    ModelConfig model = model(Optional.of("score"), "score");
    Dataset<Row> rows = rows(0, 2, QUERIES);
    night.append(
        "predictions",
        rows.drop("relevance")
            .selectExpr(
                "item_id",
                "IF(query_id = 'q0-7', NULL, query_id) AS query_id",
                "event_ts",
                "model_version",
                "device",
                "place",
                // One item of each of two queries.
                "CASE WHEN query_id = 'q0-8' AND place = 2 THEN double('NaN')"
                    + " WHEN query_id = 'q0-9' AND place = 1 THEN NULL ELSE score END AS score"));
    Dataset<Row> labels =
        rows.selectExpr(
            "item_id",
            "query_id",
            "place",
            "CASE WHEN query_id = 'q0-10' AND place = 1 THEN '-1'"
                + " WHEN query_id = 'q0-11' AND place = 1 THEN 'much'"
                + " ELSE CAST(relevance AS STRING) END AS relevance",
            "event_ts + interval 1 day AS label_ts");
    // Of one query nothing is known, of another not the item with the highest score.
    String first =
        rows.where("query_id = 'q0-13'")
            .orderBy(rows.col("score").desc(), rows.col("item_id"))
            .head()
            .getAs("item_id");
    night.append(
        "labels",
        labels
            .where("query_id <> 'q0-12' AND item_id <> '" + first + "'")
            .drop("query_id", "place"));
    night.run(model, 0, 1, "run");
    Map<String, Row> metrics = metrics(night, 0, "true");
    long withoutQuery = rows.where("query_id = 'q0-7'").count();
    assertThat(metrics.get("unusable_rows").<Double>getAs("value")).isEqualTo(4.0 + withoutQuery);
    assertThat(metrics.get("label_coverage").<Long>getAs("n"))
        .isEqualTo(QUERIES - 1 + withoutQuery);
    assertThat(metrics.get("precision_at_3").<Long>getAs("n")).isEqualTo(QUERIES - 1 - 4 - 2);
    assertThat(metrics.get("label_coverage").<Double>getAs("value"))
        .isCloseTo(1 - 2.0 / (QUERIES - 1 + withoutQuery), within(1e-12));
    assertThat(metrics.get("precision_at_3").<String>getAs("because"))
        .contains("queries with a relevance or weight that cannot be");
  }

  @Test
  void withoutAScoreThePredictionIsThePlace() {
    Dataset<Row> rows = rows(0, 0, QUERIES);
    LabelledNight night = new LabelledNight(spark, directory.toString(), rows);
    night.append("predictions", rows.drop("relevance", "score"));
    night.append("labels", labels(rows));
    night.run(model(Optional.empty(), "place"), 0, 1, "run");
    Map<String, Double> expected = expected(rows.drop("score").selectExpr("*", "-place AS score"));
    Map<String, Row> stored = metrics(night, 0, "true");
    expected.forEach(
        (name, value) ->
            assertThat(stored.get(name).<Double>getAs("value"))
                .as(name)
                .isCloseTo(value, within(1e-12)));
  }

  @Test
  void whatARankingNeedsIsSaid() {
    Dataset<Row> rows = rows(0, 0, 20);
    LabelledNight night = new LabelledNight(spark, directory.toString(), rows);
    night.append("predictions", rows.withColumnRenamed("query_id", "query").drop("relevance"));
    night.append("labels", labels(rows));
    assertThatThrownBy(
            () -> night.run(model(Optional.of("score"), "score"), 0, 1, "run", new JoinJob()))
        .isInstanceOf(TelltaleException.class)
        .hasMessageContaining("has no column query_id, the query of an item");
  }

  /**
   * By SQL: the first places by score, then id; a query is where its first item is, which here is
   * where all of them are.
   */
  private Map<String, Double> expected(Dataset<Row> rows) {
    rows.createOrReplaceTempView("ranked_items");
    Map<String, Double> expected = new TreeMap<>();
    Row row =
        spark
            .sql(
                """
                WITH placed AS (
                  SELECT query_id, relevance,
                    row_number() OVER (PARTITION BY query_id ORDER BY score DESC, item_id) AS place,
                    row_number() OVER (PARTITION BY query_id ORDER BY relevance DESC) AS best
                  FROM ranked_items),
                queries AS (
                  SELECT query_id,
                    count_if(place <= 1 AND relevance > 0) / 1 AS precision_at_1,
                    count_if(place <= 3 AND relevance > 0) / 3 AS precision_at_3,
                    count_if(place <= 1 AND relevance > 0) / count_if(relevance > 0) AS recall_at_1,
                    count_if(place <= 3 AND relevance > 0) / count_if(relevance > 0) AS recall_at_3,
                    sum(IF(place <= 1, relevance / log2(place + 1), 0))
                      / sum(IF(best <= 1, relevance / log2(best + 1), 0)) AS ndcg_at_1,
                    sum(IF(place <= 3, relevance / log2(place + 1), 0))
                      / sum(IF(best <= 3, relevance / log2(best + 1), 0)) AS ndcg_at_3,
                    1 / min(IF(relevance > 0, place, NULL)) AS mrr
                  FROM placed GROUP BY query_id)
                SELECT avg(precision_at_1) AS precision_at_1, avg(precision_at_3) AS precision_at_3,
                  avg(recall_at_1) AS recall_at_1, avg(recall_at_3) AS recall_at_3,
                  avg(ndcg_at_1) AS ndcg_at_1, avg(ndcg_at_3) AS ndcg_at_3, avg(mrr) AS mrr,
                  CAST(count_if(mrr IS NULL) AS DOUBLE) AS queries_without_relevant
                FROM queries
                """)
            .head();
    for (String name : row.schema().fieldNames()) {
      expected.put(name, row.<Double>getAs(name));
    }
    return expected;
  }

  private static Map<String, Row> metrics(LabelledNight night, int day, String where) {
    String slice =
        where.startsWith("device")
            ? "slice_key = 'device' AND slice_value = 'desk' AND model_version IS NULL"
            : "slice_key IS NULL AND " + (where.equals("true") ? "model_version IS NULL" : where);
    Map<String, Row> metrics = new TreeMap<>();
    for (Row row :
        night
            .table("quality_metrics")
            .where(slice)
            .where("granularity = '1 day' AND source = 'outcome'")
            .where("window_start = '" + LabelledNight.day(day) + "'")
            .collectAsList()) {
      metrics.put(row.getAs("metric"), row);
    }
    return metrics;
  }

  private static List<String> contents(LabelledNight night, String table) {
    return night
        .table(table)
        .drop("run_id", "computed_at", "baseline_id")
        .toJSON()
        .collectAsList()
        .stream()
        .sorted()
        .toList();
  }
}
