package dev.telltale.jobs.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.config.Privacy;
import dev.telltale.config.Sampling;
import dev.telltale.jobs.SparkTest;
import dev.telltale.jobs.drift.DriftJob;
import dev.telltale.jobs.join.JoinJob;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.profile.ProfileJob;
import dev.telltale.jobs.sample.SampleJob;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** For whom the model is wrong: slices that were declared, and slices that nobody thought of. */
class SegmentsTest extends SparkTest {
  /** One in ten, which the sample keeps whole and which are all wrong in category b. */
  private static final String WHOLE = "prediction_id LIKE '%7'";

  private static final int ROWS = 3000;
  private static final int DAYS = 7;

  @TempDir private Path directory;

  @Test
  void mistakesOfOneCategoryAreFoundBothWays() {
    LabelledNight night = new LabelledNight(spark, directory.toString());
    ModelConfig model =
        LabelledNight.model(List.of(LabelledNight.outcome()), Granularity.DAY, Granularity.WEEK);
    for (int day = 0; day < DAYS; day++) {
      night.predict(day, ROWS);
      // Every third label of category b is turned around.
      night.append(
          "labels",
          night
              .rows(day, ROWS)
              .selectExpr(
                  "prediction_id",
                  "IF(category = 'b' AND pmod(xxhash64(prediction_id, 'n'), 3) = 0, NOT label,"
                      + " label) AS label",
                  "event_ts + interval 1 day AS label_ts"));
    }
    // The week of day 0 ends on day 4, and its wait on day 6.
    night.run(model, 0, DAYS, "run");

    Dataset<Row> segments =
        night
            .table("quality_segments")
            .where("granularity = '1 day' AND metric = 'error_rate'")
            .where("window_start = '" + LabelledNight.day(1) + "'");
    assertThat(segments.where("slice_value IS NULL").head().<String>getAs("status"))
        .isEqualTo("DIFFERENT");
    Row wrong = segments.where("slice_value = 'b'").head();
    assertThat(wrong.<String>getAs("status")).isEqualTo("DIFFERENT");
    assertThat(wrong.<Double>getAs("difference")).isGreaterThan(0.1);
    double expected =
        night
            .table("labelled")
            .where("window_date = '2001-03-02' AND slices['category'] = 'b'")
            .selectExpr("avg(CAST(prediction_value <> label_value AS DOUBLE))")
            .head()
            .getDouble(0);
    assertThat(wrong.<Double>getAs("value")).isEqualTo(expected);
    assertThat(wrong.<Double>getAs("pooled")).isLessThan(expected);
    assertThat(
            night
                .table("quality_segments")
                .where("fairness IS NOT NULL AND slice_value = 'a'")
                .select("metric")
                .distinct()
                .count())
        .isEqualTo(4);
    // Of windows whose labels are awaited nothing is said.
    assertThat(
            night
                .table("quality_segments")
                .where("window_start >= '" + LabelledNight.day(DAYS - 2) + "'")
                .count())
        .isZero();

    List<Row> weak = night.table("weak_slices").where("status = 'WEAK'").collectAsList();
    assertThat(weak).isNotEmpty();
    assertThat(weak.get(0).<String>getAs("slice")).startsWith("category is b");
    assertThat(weak.get(0).<String>getAs("because"))
        .startsWith("Where category is b")
        .contains("predictions are wrong");
    assertThat(weak.get(0).<java.sql.Timestamp>getAs("period_end").toInstant())
        .isEqualTo(LabelledNight.day(4));
  }

  /** Unweighted, category b of the sample is wrong half as often again as it is. */
  @Test
  void weakSlicesOfASampleAreThoseOfAllRows() {
    LabelledNight night = new LabelledNight(spark, directory.toString());
    ModelConfig model =
        LabelledNight.sampled(
            LabelledNight.model(List.of(LabelledNight.outcome()), Granularity.DAY),
            "sample",
            new Sampling(
                "predictions",
                Optional.empty(),
                new Sampling.Amount(Sampling.AmountKind.RATE, 0.25),
                List.of(),
                Sampling.Allocation.PROPORTIONAL,
                Optional.empty(),
                Optional.empty(),
                List.of(WHOLE),
                Optional.empty()));
    String wrong = "IF(category = 'b' AND " + WHOLE + ", NOT prediction, label)";
    for (int day = 0; day < DAYS; day++) {
      night.predict(day, ROWS);
      night.append(
          "labels",
          night
              .rows(day, ROWS)
              .selectExpr(
                  "prediction_id", wrong + " AS label", "event_ts + interval 1 day AS label_ts"));
    }
    night.run(
        model, 0, DAYS, "run", new SampleJob(), new ProfileJob(), new JoinJob(), new QualityJob());

    Row weak =
        night.table("weak_slices").where("status = 'WEAK' AND slice = 'category is b'").head();
    double truth = errorRate(night, wrong, "category = 'b'");
    double elsewhere = errorRate(night, wrong, "category <> 'b'");
    double stdError = Math.sqrt(truth * (1 - truth) / weak.<Long>getAs("n"));
    assertThat(weak.<Double>getAs("mean_loss")).isCloseTo(truth, within(4 * stdError));
    assertThat(weak.<Double>getAs("mean_loss_elsewhere"))
        .isCloseTo(elsewhere, within(4 * stdError));
  }

  /** Category c is about two users; nothing is stored of it, by any job. */
  @Test
  void nothingIsSaidOfASliceAboutFewUsers() {
    LabelledNight night = new LabelledNight(spark, directory.toString());
    ModelConfig model =
        LabelledNight.withPrivacy(
            LabelledNight.model(
                List.of(LabelledNight.outcome()), Granularity.DAY, Granularity.WEEK),
            new Privacy(
                List.of(),
                List.of("user"),
                List.of(),
                new TreeMap<>(),
                new TreeMap<>(),
                List.of(
                    new Privacy.Key(
                        LocalDate.parse("2001-01-01"), "KEY", Optional.of("k".repeat(32)))),
                Optional.of(new Privacy.Units("user", 5))));
    String users =
        "IF(category = 'c', pmod(xxhash64(prediction_id), 2), pmod(xxhash64(prediction_id), 40))";
    for (int day = 0; day < 4; day++) {
      night.append(
          "predictions", night.rows(day, 600).drop("label").selectExpr("*", users + " AS user"));
      night.append("labels", night.labels(day, 600));
    }
    night.run(
        model, 0, 4, "run", new ProfileJob(), new DriftJob(), new JoinJob(), new QualityJob());

    for (Tables table : Tables.values()) {
      Dataset<Row> rows = night.table(table.tableName());
      if (List.of(rows.columns()).contains("slice_value")) {
        assertThat(rows.where("slice_value = 'c' AND granularity <> 'baseline'").count())
            .as(table.tableName())
            .isZero();
      }
    }
    for (String table : List.of("profile_metrics", "drift_metrics", "quality_metrics")) {
      Dataset<Row> rows = night.table(table).where("granularity = '1 day'");
      assertThat(rows.where("slice_value = 'b'").count()).as(table).isPositive();
      assertThat(rows.where("slice_key IS NULL").count()).as(table).isPositive();
    }
    assertThat(night.table("quality_metrics").where("slice_value = 'b' AND metric = 'accuracy'"))
        .satisfies(rows -> assertThat(rows.select("value").distinct().count()).isGreaterThan(3));
  }

  private static double errorRate(LabelledNight night, String label, String slice) {
    double rows = 0;
    double wrong = 0;
    for (int day = 0; day < 4; day++) {
      Dataset<Row> all = night.rows(day, ROWS).where(slice);
      rows += all.count();
      wrong += all.where("prediction <> (" + label + ")").count();
    }
    return wrong / rows;
  }
}
