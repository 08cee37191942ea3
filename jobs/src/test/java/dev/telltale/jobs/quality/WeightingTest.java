package dev.telltale.jobs.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.config.Feedback;
import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.SparkTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Feedback that says more of some predictions than of others. */
class WeightingTest extends SparkTest {
  private static final int ROWS = 6000;
  private static final String WHOLE = "slice_key IS NULL AND model_version IS NULL";
  private static final ModelConfig MODEL =
      LabelledNight.model(List.of(LabelledNight.outcome()), Granularity.DAY);

  /** Category a is wrong in nearly half of its rows, the others in a tenth. */
  private static final String TRUTH =
      "IF(pmod(xxhash64(prediction_id, 'e'), 100) < IF(category = 'a', 45, 10),"
          + " NOT prediction, prediction)";

  private static final String LOT = "pmod(xxhash64(prediction_id, 'lot'), 100)";

  @TempDir Path directory;

  private LabelledNight night(String name) {
    return new LabelledNight(spark, directory.resolve(name).toString());
  }

  private static Dataset<Row> truth(LabelledNight night, int day) {
    return night
        .rows(day, ROWS)
        .drop("label")
        .selectExpr("*", TRUTH + " AS label", "event_ts + interval 2 hours AS label_ts");
  }

  private static void label(LabelledNight night, int day, String which) {
    night.append(
        "labels", truth(night, day).where(which).select("prediction_id", "label", "label_ts"));
  }

  private static double trueAccuracy(LabelledNight night, int day) {
    return truth(night, day).where("label = prediction").count() / (double) ROWS;
  }

  private static Row metric(LabelledNight night, int day, String kind, String metric) {
    return night
        .table("quality_metrics")
        .where(WHOLE)
        .where("kind = '" + kind + "' AND metric = '" + metric + "'")
        .where("granularity = '1 day' AND window_start = '" + LabelledNight.day(day) + "'")
        .head();
  }

  private static double value(LabelledNight night, int day, String kind, String metric) {
    return metric(night, day, kind, metric).<Double>getAs("value");
  }

  @Test
  void weightingRemovesTheBiasOfLabelsThatArriveEarly() {
    LabelledNight night = night("lake");
    // Of the older day more has arrived, and what is left is otherwise divided.
    String[] arrived = {
      LOT + " < IF(category = 'a', 97, 55)", LOT + " < IF(category = 'a', 85, 15)"
    };
    for (int day = 0; day < 2; day++) {
      night.predict(day, ROWS);
      label(night, day, arrived[day]);
    }
    night.run(MODEL, 0, 2, "run");
    assertThat(Math.abs(value(night, 1, "REALIZED", "accuracy") - trueAccuracy(night, 1)))
        .isGreaterThan(0.05);
    for (int day = 0; day < 2; day++) {
      double truth = trueAccuracy(night, day);
      Row weighted = metric(night, day, "WEIGHTED", "accuracy");
      assertThat(weighted.<Double>getAs("value")).isCloseTo(truth, within(0.015));
      assertThat(weighted.<Double>getAs("ci_low")).isLessThan(truth);
      assertThat(weighted.<Double>getAs("ci_high")).isGreaterThan(truth);
      assertThat(weighted.<String>getAs("status")).isEqualTo("IMMATURE");
      assertThat(weighted.<String>getAs("because"))
          .contains("one over the probability")
          .contains("Labels are awaited until");
      assertThat(weighted.<Double>getAs("label_coverage"))
          .isEqualTo(metric(night, day, "REALIZED", "accuracy").<Double>getAs("label_coverage"));
      assertThat(value(night, day, "WEIGHTED", "effective_n"))
          .isLessThan(weighted.<Long>getAs("n"));
      assertThat(value(night, day, "WEIGHTED", "overlap")).isEqualTo(1);
      assertThat(value(night, day, "WEIGHTED", "largest_imbalance_before")).isGreaterThan(0.2);
      assertThat(value(night, day, "WEIGHTED", "largest_imbalance_after")).isLessThan(0.05);
    }
    // Slices and versions have weighted rows too, without the diagnostics of the whole.
    assertThat(
            night
                .table("quality_metrics")
                .where("kind = 'WEIGHTED' AND metric = 'f1'")
                .where("slice_value = 'b' OR model_version = 'v2'")
                .count())
        .isGreaterThanOrEqualTo(4);
    assertThat(
            night
                .table("quality_metrics")
                .where("kind = 'WEIGHTED' AND metric = 'overlap' AND NOT (" + WHOLE + ")")
                .count())
        .isZero();
  }

  @Test
  void whereFeaturesExplainNothingWeightingChangesNothing() {
    LabelledNight night = night("lake");
    night.predict(0, ROWS);
    label(night, 0, LOT + " < 40");
    night.run(MODEL, 0, 1, "run");
    Row raw = metric(night, 0, "REALIZED", "accuracy");
    assertThat(value(night, 0, "WEIGHTED", "accuracy"))
        .isCloseTo(raw.<Double>getAs("value"), within(0.005));
    assertThat(value(night, 0, "WEIGHTED", "effective_n"))
        .isGreaterThan(0.98 * raw.<Long>getAs("n"));
    assertThat(value(night, 0, "WEIGHTED", "largest_imbalance_before")).isLessThan(0.1);
    // Nothing new comes of the day, and its wait is over: from stored states the same again.
    List<String> before = weighted(night);
    night.predict(2, 20);
    night.run(MODEL, 2, 3, "later");
    assertThat(metric(night, 0, "WEIGHTED", "accuracy").<String>getAs("status")).isEqualTo("OK");
    assertThat(weighted(night)).hasSameSizeAs(before);
    assertThat(value(night, 0, "WEIGHTED", "accuracy"))
        .isCloseTo(raw.<Double>getAs("value"), within(0.005));
  }

  @Test
  void rowsAreTheSameInAnyOrderAndFiles() {
    String which = LOT + " < IF(category = 'a', 85, 15)";
    LabelledNight one = night("one");
    LabelledNight other = night("other");
    // Some ids came twice at once, with other features.
    Dataset<Row> rows =
        one.rows(0, ROWS)
            .unionByName(
                one.rows(0, ROWS).where(LOT + " >= 95").withColumn("category", functions.lit("c")))
            .drop("label");
    one.append("predictions", rows);
    label(one, 0, which);
    for (int part = 2; part >= 0; part--) {
      rows.where("pmod(xxhash64(prediction_id), 3) = " + part)
          .repartition(4)
          .sortWithinPartitions("score")
          .write()
          .format("delta")
          .mode(SaveMode.Append)
          .save(directory.resolve("other").resolve("predictions").toString());
      label(other, 0, which + " AND pmod(xxhash64(prediction_id, 'x'), 3) = " + part);
    }
    one.run(MODEL, 0, 1, "run");
    other.run(MODEL, 0, 1, "run");
    List<String> expected = weighted(one);
    assertThat(expected).isNotEmpty();
    assertThat(weighted(other)).isEqualTo(expected);
  }

  @Test
  void allLabelsOrTooFewNeedNoWeights() {
    LabelledNight night = night("lake");
    night.predict(0, ROWS);
    night.predict(1, ROWS);
    label(night, 0, LOT + " < 99");
    label(night, 1, "prediction_id < 'p1-10'");
    night.run(MODEL, 0, 2, "run");
    assertThat(weighted(night)).isEmpty();
  }

  @Test
  void whatNoLabelStandsForIsSaid() {
    LabelledNight night = night("lake");
    Feedback people =
        new Feedback(
            "people",
            Feedback.Kind.ANNOTATION,
            "labels",
            "prediction_id",
            "label_ts",
            Optional.of("label"),
            Optional.empty(),
            Duration.ZERO,
            Optional.empty());
    night.predict(0, ROWS);
    label(night, 0, "category = 'a' AND " + LOT + " < 50");
    night.run(LabelledNight.model(List.of(people), Granularity.DAY), 0, 1, "run");
    Row weighted = metric(night, 0, "WEIGHTED", "accuracy");
    assertThat(weighted.<String>getAs("status")).isEqualTo("INSUFFICIENT_DATA");
    assertThat(weighted.<String>getAs("because"))
        .contains("what the rest is like no label tells")
        .contains("they still differ from all predictions");
    assertThat(value(night, 0, "WEIGHTED", "overlap")).isLessThan(0.5);
  }

  private static List<String> weighted(LabelledNight night) {
    return night
        .table("quality_metrics")
        .where("kind = 'WEIGHTED'")
        .drop("run_id", "computed_at")
        .toJSON()
        .collectAsList()
        .stream()
        .sorted()
        .toList();
  }
}
