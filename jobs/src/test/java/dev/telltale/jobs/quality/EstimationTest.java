package dev.telltale.jobs.quality;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.SparkTest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Quality before labels: estimates, what came of them, and when they are no longer shown. */
class EstimationTest extends SparkTest {
  private static final int ROWS = 3000;
  private static final int NIGHTS = 8;

  /** From here on labels no longer follow the scores, and no score tells. */
  private static final int BREAK = 4;

  @TempDir private Path directory;

  @Test
  void estimatesAreHeldAgainstTheTruthAndWithheldWhereTheyFailed() {
    LabelledNight night = new LabelledNight(spark, directory.toString());
    ModelConfig model = LabelledNight.model(List.of(LabelledNight.outcome()), Granularity.DAY);
    for (int day = 0; day < NIGHTS; day++) {
      night.predict(day, ROWS);
      // Known exactly two days later; from the break on, half of them are turned around.
      night.append(
          "labels",
          night
              .rows(day, ROWS)
              .selectExpr(
                  "prediction_id",
                  day < BREAK
                      ? "label"
                      : "IF(pmod(xxhash64(prediction_id, 'n'), 2) = 0, label, NOT label) AS label",
                  "timestamp '2001-03-03' + make_interval(0, 0, 0, " + day + ") AS label_ts"));
      night.run(model, day, day + 1, "night-" + day);
    }
    // Of the windows whose labels are awaited there are estimates, of the others there are none.
    assertThat(
            shown(night)
                .where("metric = 'accuracy'")
                .select("window_start")
                .distinct()
                .collectAsList())
        .hasSize(2);
    Dataset<Row> ledger =
        night
            .table("quality_estimates")
            .where("metric = 'accuracy' AND slice_key IS NULL AND model_version IS NULL")
            .orderBy("window_start");
    List<Row> rows = ledger.collectAsList();
    assertThat(rows).hasSize(NIGHTS);
    // An interval of 95 % may fail once in four; how often it does is ConfidenceEstimatesTest's.
    assertThat(rows.subList(0, BREAK).stream().filter(row -> row.<Boolean>getAs("covered")))
        .hasSizeGreaterThanOrEqualTo(BREAK - 1);
    for (Row row : rows.subList(BREAK, NIGHTS - 2)) {
      assertThat(row.<Boolean>getAs("covered")).as(row.toString()).isFalse();
      assertThat(row.<Double>getAs("difference")).isGreaterThan(0.1);
    }
    assertThat(rows.get(NIGHTS - 1).isNullAt(rows.get(0).fieldIndex("realized"))).isTrue();
    assertThat(rows.get(0).<String>getAs("learned_from")).isEqualTo("training");
    assertThat(rows.get(NIGHTS - 1).<String>getAs("learned_from"))
        .isEqualTo("labels of 2001-03-01T00:00:00Z to 2001-03-07T00:00:00Z");
    assertThat(rows.get(3).<Boolean>getAs("withheld")).isFalse();

    // What matured in a night is known to it whether it is run for the first time or again.
    Map<String, List<String>> first = contents(night);
    night.run(model, NIGHTS - 1, NIGHTS, "again");
    Map<String, List<String>> again = contents(night);
    first.forEach((table, before) -> assertThat(again.get(table)).as(table).isEqualTo(before));

    // Corrections change the night, and as of its first run they have not come yet.
    night.append(
        "labels",
        night
            .rows(NIGHTS - 1, ROWS / 2)
            .selectExpr(
                "prediction_id", "NOT label AS label", "timestamp '2001-03-20' AS label_ts"));
    night.run(model, NIGHTS - 1, NIGHTS, "corrected");
    assertThat(contents(night).get("quality_metrics")).isNotEqualTo(first.get("quality_metrics"));
    night.runAsOf(model, NIGHTS - 1, NIGHTS, "night-" + (NIGHTS - 1));
    Map<String, List<String>> asOf = contents(night);
    first.forEach((table, before) -> assertThat(asOf.get(table)).as(table).isEqualTo(before));
  }

  private static Map<String, List<String>> contents(LabelledNight night) {
    Map<String, List<String>> contents = new TreeMap<>();
    for (String table :
        List.of(
            "quality_states",
            "quality_metrics",
            "quality_estimates",
            "quality_segments",
            "quality_comparisons",
            "quality_curves",
            "regression_set",
            "label_maturity",
            "weak_slices")) {
      List<String> rows =
          new ArrayList<>(
              night.table(table).drop("run_id", "computed_at").toJSON().collectAsList());
      Collections.sort(rows);
      contents.put(table, rows);
    }
    return contents;
  }

  @Test
  void whatIsWithheldHasNoValueAndSaysWhy() {
    LabelledNight night = new LabelledNight(spark, directory.toString());
    ModelConfig model = LabelledNight.model(List.of(LabelledNight.outcome()), Granularity.DAY);
    // Unlike in training, and on every fourth day unlike on the days before.
    for (int day = 0; day < NIGHTS; day++) {
      night.predict(day, ROWS);
      night.append(
          "labels",
          night
              .rows(day, ROWS)
              .selectExpr(
                  "prediction_id",
                  day % 4 < 3 ? "NOT label AS label" : "label",
                  "timestamp '2001-03-03' + make_interval(0, 0, 0, " + day + ") AS label_ts"));
      night.run(model, day, day + 1, "night-" + day);
    }
    List<Row> withheld = shown(night).where("status = 'WITHHELD'").collectAsList();
    assertThat(withheld).isNotEmpty();
    for (Row row : withheld) {
      assertThat(row.isNullAt(row.fieldIndex("value"))).isTrue();
      assertThat(row.<String>getAs("because")).contains("worse than chance allows");
    }
  }

  private static Dataset<Row> shown(LabelledNight night) {
    return night
        .table("quality_metrics")
        .where("kind = 'ESTIMATED' AND slice_key IS NULL AND model_version IS NULL");
  }
}
