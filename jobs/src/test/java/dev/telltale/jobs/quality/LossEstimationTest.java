package dev.telltale.jobs.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.config.Feedback;
import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.SparkTest;
import dev.telltale.jobs.join.JoinJob;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A regression that errs where wind is strong, and more wind than it was trained in. */
class LossEstimationTest extends SparkTest {
  private static final int ROWS = 800;
  private static final int DAYS = 20;

  /**
   * As SQL over {@code id}: errors are normal with a deviation of 1 without wind and 5 in storm.
   * The more the wind leans, the less of it there is.
   */
  private static final String FORECASTS =
      """
      concat('f', %1$d, '-', id) AS prediction_id,
      timestamp '2001-03-01 00:00:00' + make_interval(0, 0, 0, %1$d, 0, id %% 1440) AS event_ts,
      element_at(array('north', 'south'), CAST(id %% 2 + 1 AS INT)) AS region,
      pow(pmod(xxhash64(id, %1$d, 'w'), 1000) / 1000D, %2$s) AS wind,
      pmod(xxhash64(id, %1$d, 'n'), 100) / 10D AS load,
      1 + id %% 3 AS weight,
      50D + pmod(xxhash64(id, %1$d, 'n'), 100) / 10D AS said,
      50D + pmod(xxhash64(id, %1$d, 'n'), 100) / 10D + randn(%3$d)
        * (1 + 4 * pow(pmod(xxhash64(id, %1$d, 'w'), 1000) / 1000D, %2$s)) AS demand
      """;

  private static final String CALM = "3D";
  private static final String WINDY = "0.8D";

  @TempDir private Path directory;

  private Dataset<Row> rows(int day, String lean, long count) {
    return spark
        .range(0, count, 1, 1)
        .selectExpr(FORECASTS.formatted(day, lean, day + 100).split(",\\n"));
  }

  private LabelledNight night() {
    return new LabelledNight(spark, directory.toString(), rows(-30, CALM, 6000));
  }

  private static ModelConfig model(Duration waitFor, Granularity... granularities) {
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
                    waitFor,
                    Optional.empty())),
            granularities);
    return new ModelConfig(
        model.model(),
        new ModelConfig.Predictions(
            "predictions",
            "prediction_id",
            "event_ts",
            Optional.empty(),
            "said",
            Optional.empty(),
            Optional.of("weight")),
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

  private void predict(LabelledNight night, int day, String lean) {
    night.append("predictions", rows(day, lean, ROWS).drop("demand"));
  }

  /** The labels of a day, known {@code wait} days later, errors so many times as large. */
  private void label(LabelledNight night, int day, String lean, int wait, int times) {
    night.append(
        "labels",
        rows(day, lean, ROWS)
            .selectExpr(
                "prediction_id",
                "said + %d * (demand - said) AS demand".formatted(times),
                "event_ts + make_interval(0, 0, 0, %d) AS label_ts".formatted(wait)));
  }

  @Test
  void errorsAreToldFromFeaturesThatHaveMoved() {
    LabelledNight night = night();
    ModelConfig model = model(Duration.ofDays(DAYS), Granularity.DAY, Granularity.WEEK);
    for (int day = 0; day < DAYS; day++) {
      predict(night, day, WINDY);
    }
    // Without any label there is no table of labels.
    label(night, -1, WINDY, 1, 1);
    night.run(model, 0, DAYS, "windy");
    double training = trainingMae(night);
    assertThat(ledger(night, "TRUE").select("learned_from").distinct().head().getString(0))
        .isEqualTo("training");
    assertThat(ledger(night, "realized IS NOT NULL").count()).isZero();

    for (int day = 0; day < DAYS; day++) {
      label(night, day, WINDY, DAYS, 1);
    }
    predict(night, DAYS, CALM);
    night.run(model, DAYS, 2 * DAYS + 1, "calm", new JoinJob(), new QualityJob());
    for (String metric : List.of("mae", "rmse")) {
      for (String slice : List.of("slice_key IS NULL", "slice_value = 'south'")) {
        List<Row> days =
            ledger(night, "granularity = '1 day' AND realized IS NOT NULL")
                .where("metric = '" + metric + "'")
                .where(slice)
                .collectAsList();
        if (Boolean.getBoolean("telltale.print")) {
          System.out.println(metric + " where " + slice + ": " + summary(days));
        }
        assertThat(days).hasSize(DAYS);
        assertThat(days.stream().filter(row -> row.<Boolean>getAs("covered")).count())
            .as(metric + " where " + slice)
            .isGreaterThanOrEqualTo(DAYS * 85L / 100);
      }
    }
    for (Row row :
        ledger(night, "granularity = '1 day' AND metric = 'mae' AND slice_key IS NULL")
            .where("realized IS NOT NULL")
            .collectAsList()) {
      assertThat(row.<Double>getAs("realized")).isGreaterThan(1.3 * training);
      assertThat(row.<Double>getAs("estimate")).isGreaterThan(1.3 * training);
      assertThat(row.<Long>getAs("n")).isEqualTo(ROWS);
    }
    List<Row> weeks =
        ledger(night, "granularity = '1 week' AND metric = 'mae' AND slice_key IS NULL")
            .where("realized IS NOT NULL")
            .collectAsList();
    assertThat(weeks.stream().map(week -> week.<Long>getAs("n")))
        .containsExactlyInAnyOrder(4L * ROWS, 7L * ROWS, 7L * ROWS);
    for (Row week : weeks) {
      assertThat(week.<Boolean>getAs("covered")).as(week.toString()).isTrue();
    }
  }

  private static String summary(List<Row> rows) {
    double bias = 0;
    double error = 0;
    double realized = 0;
    long covered = 0;
    for (Row row : rows) {
      bias += row.<Double>getAs("difference") / rows.size();
      error += row.<Double>getAs("std_error") / rows.size();
      realized += row.<Double>getAs("realized") / rows.size();
      covered += row.<Boolean>getAs("covered") ? 1 : 0;
    }
    return "%d of %d covered, mean difference %.4f, std error %.4f, realized %.4f"
        .formatted(covered, rows.size(), bias, error, realized);
  }

  @Test
  void aNightThatIsRunAgainGivesTheSameAndABadRecordIsWithheld() {
    LabelledNight night = night();
    int wait = 3;
    ModelConfig model = model(Duration.ofDays(wait), Granularity.DAY, Granularity.WEEK);
    for (int day = 0; day < wait; day++) {
      predict(night, day, CALM);
      label(night, day, CALM, wait, 3);
    }
    night.run(model, 0, wait, "first");
    for (int day = wait; day < 2 * wait; day++) {
      predict(night, day, WINDY);
    }
    night.run(model, wait, 2 * wait, "second");
    List<Row> rows =
        ledger(night, "granularity = '1 day' AND metric = 'mae' AND slice_key IS NULL")
            .orderBy("window_start")
            .collectAsList();
    assertThat(rows).hasSize(2 * wait);
    // Errors have become three times as large, which no feature tells.
    for (Row row : rows.subList(0, wait)) {
      assertThat(row.<Double>getAs("realized"))
          .isCloseTo(3 * row.<Double>getAs("estimate"), within(row.<Double>getAs("estimate")));
      assertThat(row.<Boolean>getAs("covered")).isFalse();
      assertThat(row.<Boolean>getAs("withheld")).isFalse();
    }
    for (Row row : rows.subList(wait, 2 * wait)) {
      assertThat(row.<String>getAs("learned_from"))
          .isEqualTo("labels of 2001-03-01T00:00:00Z to 2001-03-04T00:00:00Z");
      assertThat(row.<Boolean>getAs("withheld")).isTrue();
      // It has learned how large errors are now, and tells those of more wind.
      assertThat(row.<Double>getAs("estimate")).isBetween(6.0, 9.0);
    }
    List<Row> shown =
        night
            .table("quality_metrics")
            .where("kind = 'ESTIMATED' AND slice_key IS NULL AND model_version IS NULL")
            .where("granularity = '1 day'")
            .collectAsList();
    // Of mae and of rmse.
    assertThat(shown).hasSize(2 * wait);
    for (Row row : shown) {
      assertThat(row.<String>getAs("status")).isEqualTo("WITHHELD");
      assertThat(row.isNullAt(row.fieldIndex("value"))).isTrue();
      assertThat(row.<String>getAs("because")).contains("worse than chance allows");
    }

    Map<String, List<String>> before = contents(night);
    night.run(model, wait, 2 * wait, "again");
    assertThat(contents(night)).isEqualTo(before);
    night.append("predictions", rows(2 * wait, CALM, ROWS).drop("demand"));
    label(night, wait, WINDY, wait, 1);
    night.runAsOf(model, wait, 2 * wait, "second");
    assertThat(contents(night)).isEqualTo(before);
  }

  private static Map<String, List<String>> contents(LabelledNight night) {
    Map<String, List<String>> contents = new TreeMap<>();
    for (String table : List.of("quality_metrics", "quality_estimates", "quality_states")) {
      List<String> rows =
          new ArrayList<>(
              night.table(table).drop("run_id", "computed_at").toJSON().collectAsList());
      Collections.sort(rows);
      contents.put(table, rows);
    }
    return contents;
  }

  private static double trainingMae(LabelledNight night) {
    return night
        .table("quality_metrics")
        .where("source = 'training' AND metric = 'mae' AND slice_key IS NULL")
        .head()
        .<Double>getAs("value");
  }

  private static Dataset<Row> ledger(LabelledNight night, String where) {
    return night.table("quality_estimates").where("model_version IS NULL").where(where);
  }
}
