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
import dev.telltale.jobs.profile.ProfileJob;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QualityJobTest extends SparkTest {
  private static final int ROWS = 500;

  @TempDir Path directory;

  @Test
  void aWindowIsImmatureUntilItsWaitIsOver() {
    LabelledNight night = new LabelledNight(spark, directory.toString());
    ModelConfig model = LabelledNight.model(List.of(LabelledNight.outcome()), Granularity.DAY);
    night.append("labels", night.labels(0, 0));
    for (int day = 0; day < 3; day++) {
      night.predict(day, ROWS);
    }
    night.run(model, 0, 1, "first");
    assertThat(metric(night, 0, "label_coverage").<Double>getAs("value")).isZero();
    assertThat(metric(night, 0, "label_coverage").<String>getAs("status"))
        .isEqualTo("INSUFFICIENT_DATA");
    night.append("labels", night.labels(0, ROWS));
    night.run(model, 1, 2, "second");
    assertThat(metric(night, 0, "accuracy").<String>getAs("status")).isEqualTo("IMMATURE");
    assertThat(metric(night, 0, "accuracy").<String>getAs("because"))
        .isEqualTo("Labels are awaited until 2001-03-04T00:00:00Z.");
    // Nothing new comes of day 0; that its wait is over is enough.
    night.run(model, 2, 3, "third");
    Row accuracy = metric(night, 0, "accuracy");
    assertThat(accuracy.<String>getAs("status")).isEqualTo("OK");
    assertThat(accuracy.<Boolean>getAs("mature")).isTrue();
    assertThat(accuracy.<Double>getAs("label_coverage")).isEqualTo(1);
    assertThat(accuracy.<Long>getAs("n")).isEqualTo(ROWS);
    // By hand: prediction and label of every row, as SQL.
    double expected = night.rows(0, ROWS).where("prediction = label").count() / (double) ROWS;
    assertThat(accuracy.<Double>getAs("value")).isCloseTo(expected, within(1e-15));
    Dataset<Row> curves =
        night
            .table("quality_curves")
            .where("model_version IS NULL AND window_start = '" + LabelledNight.day(0) + "'");
    for (String said : List.of("true", "false")) {
      for (String is : List.of("true", "false")) {
        assertThat(
                curves
                    .where("curve = 'CONFUSION'")
                    .where("label = '" + is + "' AND prediction = '" + said + "'")
                    .head()
                    .<Long>getAs("n"))
            .isEqualTo(
                night.rows(0, ROWS).where("prediction = " + said + " AND label = " + is).count());
      }
    }
    // Scores of 0.2 excluded to 0.3 included, as SQL.
    Row bin = curves.where("curve = 'RELIABILITY' AND score > 0.2 AND score <= 0.3").head();
    Row byHand =
        night
            .rows(0, ROWS)
            .where("score > 0.2 AND score <= 0.3")
            .selectExpr("avg(score)", "avg(CAST(label AS INT))", "count(*)")
            .head();
    assertThat(bin.<Double>getAs("score")).isCloseTo(byHand.getDouble(0), within(1e-12));
    assertThat(bin.<Double>getAs("value")).isCloseTo(byHand.getDouble(1), within(1e-12));
    assertThat(bin.<Long>getAs("n")).isEqualTo(byHand.getLong(2));
    assertThat(bin.<Double>getAs("ci_low")).isLessThan(byHand.getDouble(1));
    assertThat(
            night
                .table("quality_comparisons")
                .where("compared_with = 'PREVIOUS_VERSION' AND model_version = 'v2'")
                .where("reference_version = 'v1'")
                .count())
        .isPositive();
  }

  @Test
  void aSliceMayBeOfAColumnThatIsCalledAsOneOfOurs() {
    LabelledNight night = new LabelledNight(spark, directory.toString());
    ModelConfig plain = LabelledNight.model(List.of(LabelledNight.outcome()), Granularity.DAY);
    ModelConfig model = LabelledNight.copy(plain, List.of(List.of("prediction")), plain.quality());
    night.predict(0, ROWS);
    night.append("labels", night.labels(0, ROWS));
    night.run(model, 0, 1, "run");
    // Of those that were said to be yes, the accurate ones are what precision is of all.
    Row ofYes =
        night
            .table("quality_metrics")
            .where("slice_key = 'prediction' AND slice_value = 'true' AND model_version IS NULL")
            .where("metric = 'accuracy' AND kind = 'REALIZED'")
            .head();
    assertThat(ofYes.<Double>getAs("value"))
        .isEqualTo(metric(night, 0, "precision").<Double>getAs("value"));
  }

  @Test
  void worseThanInTrainingIsAFinding() {
    LabelledNight night = new LabelledNight(spark, directory.toString());
    ModelConfig model = LabelledNight.model(List.of(LabelledNight.outcome()), Granularity.DAY);
    night.predict(0, ROWS);
    night.predict(2, ROWS);
    night.append(
        "labels",
        night
            .rows(0, ROWS)
            .selectExpr(
                "prediction_id",
                "IF(pmod(xxhash64(prediction_id, 'n'), 2) = 0, label, NOT label) AS label",
                "event_ts + interval 1 day AS label_ts"));
    night.run(model, 0, 3, "run");
    List<Row> findings =
        night
            .table("findings")
            .where("kind = 'QUALITY' AND slice_key IS NULL AND metric = 'accuracy'")
            .where("model_version IS NULL")
            .collectAsList();
    assertThat(findings).hasSize(1);
    assertThat(findings.get(0).<String>getAs("severity")).isEqualTo("CRITICAL");
    assertThat(findings.get(0).<String>getAs("because"))
        .contains("in training")
        .contains("at least the 0.02 that matters");
  }

  @Test
  void whatCannotBeALabelOrAScoreIsCountedAndNothingIsLost() {
    LabelledNight night = new LabelledNight(spark, directory.toString());
    ModelConfig model = LabelledNight.model(List.of(LabelledNight.outcome()), Granularity.DAY);
    night.append(
        "predictions",
        night
            .rows(0, ROWS)
            .drop("label")
            .selectExpr(
                "prediction_id",
                "event_ts",
                "model_version",
                "category",
                "IF(score < 0.1, score - 1, score) AS score",
                "prediction")
            .unionByName(night.rows(0, 20).drop("label")));
    night.append(
        "labels",
        night
            .labels(0, ROWS)
            .selectExpr(
                "prediction_id",
                "IF(label AND prediction_id < 'p0-2', 'perhaps', CAST(label AS STRING)) AS label",
                "label_ts"));
    night.run(model, 0, 1, "run");
    Row accuracy = metric(night, 0, "accuracy");
    assertThat(accuracy.<Double>getAs("label_coverage")).isEqualTo(1);
    assertThat(accuracy.<Long>getAs("n")).isLessThan(ROWS);
    assertThat(accuracy.<String>getAs("because")).contains("rows with a label");
    assertThat(
            accuracy.<Long>getAs("n")
                + metric(night, 0, "unusable_rows").<Double>getAs("value").longValue())
        .isEqualTo(ROWS);
    assertThat(metric(night, 0, "unusable_scores").<Double>getAs("value")).isPositive();
    // Twenty ids came twice; each prediction is there once.
    assertThat(night.table("labelled").count()).isEqualTo(ROWS);
  }

  @Test
  void otherFeedbackGivesWhatItCanAndNoAccuracy() {
    LabelledNight night = new LabelledNight(spark, directory.toString());
    Feedback complaints =
        new Feedback(
            "tickets",
            Feedback.Kind.COMPLAINT,
            "tickets",
            "prediction_id",
            "opened",
            Optional.empty(),
            Optional.empty(),
            Duration.ZERO,
            Optional.empty());
    Feedback stars =
        new Feedback(
            "stars",
            Feedback.Kind.RATING,
            "stars",
            "prediction_id",
            "given",
            Optional.of("stars"),
            Optional.empty(),
            Duration.ZERO,
            Optional.of(2.0));
    Feedback people =
        new Feedback(
            "people",
            Feedback.Kind.ANNOTATION,
            "people",
            "prediction_id",
            "at",
            Optional.of("label"),
            Optional.of("who"),
            Duration.ZERO,
            Optional.empty());
    night.predict(0, ROWS);
    night.append("tickets", night.rows(0, 10).selectExpr("prediction_id", "event_ts AS opened"));
    night.append(
        "stars",
        night
            .rows(0, 50)
            .selectExpr("prediction_id", "IF(category = 'a', 1, 5) AS stars", "event_ts AS given"));
    night.append(
        "people",
        night
            .rows(0, 200)
            .selectExpr(
                "prediction_id",
                "explode(array(struct('x' AS who, label AS label), struct('y' AS who, label AS"
                    + " label), struct('z' AS who, NOT label AS label))) AS said",
                "event_ts AS at")
            .selectExpr("prediction_id", "said.who", "said.label", "at"));
    night.run(
        LabelledNight.model(List.of(complaints, stars, people), Granularity.DAY), 0, 1, "run");
    assertThat(metric(night, 0, "complaints_per_thousand").<Double>getAs("value"))
        .isCloseTo(20, within(1e-9));
    assertThat(metric(night, 0, "error_rate_lower_bound").<Double>getAs("value"))
        .isCloseTo(0.02, within(1e-12));
    assertThat(metric(night, 0, "response_rate").<Double>getAs("value"))
        .isCloseTo(0.1, within(1e-12));
    assertThat(metric(night, 0, "negative_share").<Double>getAs("value"))
        .isCloseTo(17 / 50.0, within(1e-12));
    assertThat(metric(night, 0, "mean_rating").<Double>getAs("value"))
        .isCloseTo((17 + 33 * 5) / 50.0, within(1e-12));
    assertThat(metric(night, 0, "accuracy").<String>getAs("source")).isEqualTo("people");
    assertThat(metric(night, 0, "accuracy").<Long>getAs("n")).isEqualTo(200);
    assertThat(metric(night, 0, "accuracy").<Double>getAs("value"))
        .isCloseTo(night.rows(0, 200).where("prediction = label").count() / 200.0, within(1e-12));
  }

  @Test
  void whatIsMissingIsSaid() {
    LabelledNight night = new LabelledNight(spark, directory.toString());
    ModelConfig model = LabelledNight.model(List.of(LabelledNight.outcome()), Granularity.DAY);
    night.predict(0, 20);
    night.append("labels", night.labels(0, 20).withColumnRenamed("label", "truth"));
    assertThatThrownBy(() -> night.run(model, 0, 1, "run", new JoinJob()))
        .isInstanceOf(TelltaleException.class)
        .hasMessageContaining("has no column label, the feedback source outcome");
    assertThatThrownBy(() -> night.run(model, 0, 1, "run", new QualityJob()))
        .isInstanceOf(TelltaleException.class)
        .hasMessageContaining("There are no labelled rows of labelled-model");
    assertThat(night.table("labelled").count()).isZero();
    night.run(model, 0, 1, "profile", new ProfileJob());
  }

  private static Row metric(LabelledNight night, int day, String metric) {
    return night
        .table("quality_metrics")
        .where("kind = 'REALIZED' AND metric = '" + metric + "'")
        .where("slice_key IS NULL AND model_version IS NULL")
        .where("granularity = '1 day' AND window_start = '" + LabelledNight.day(day) + "'")
        .head();
  }
}
