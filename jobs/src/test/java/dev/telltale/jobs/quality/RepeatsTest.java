package dev.telltale.jobs.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.config.Clocks;
import dev.telltale.config.Defaults;
import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.config.Sampling;
import dev.telltale.jobs.NightlyJob;
import dev.telltale.jobs.SparkTest;
import dev.telltale.jobs.join.JoinJob;
import dev.telltale.jobs.sample.SampleJob;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that is uploaded again, with other answers, in the sample and in the join. */
class RepeatsTest extends SparkTest {
  private static final int ROWS = 3000;
  private static final ModelConfig MODEL = uploaded();

  @TempDir Path directory;
  private LabelledNight night;

  @BeforeEach
  void twice() {
    night = new LabelledNight(spark, directory.resolve("lake").toString());
    night.append("labels", night.labels(0, ROWS));
    Dataset<Row> rows =
        night.rows(0, ROWS).drop("label").withColumn("upload_ts", functions.col("event_ts"));
    night.append(
        "predictions",
        rows.withColumn("upload_ts", functions.expr("upload_ts + interval 1 hour"))
            // The greatest score and the smallest: whatever order they are in, it is not by value.
            .withColumn("score", functions.expr("IF(score < 0.5, 1.0D, 0.0D)"))
            .withColumn("category", functions.lit("d")));
    night.append("predictions", rows);
  }

  private static ModelConfig uploaded() {
    ModelConfig model = LabelledNight.model(List.of(LabelledNight.outcome()), Granularity.DAY);
    ModelConfig.Predictions log = model.predictions();
    return new ModelConfig(
        model.model(),
        new ModelConfig.Predictions(
            log.table(),
            log.id(),
            log.eventTime(),
            log.modelVersion(),
            log.prediction(),
            log.score(),
            log.weight(),
            log.group(),
            log.quantiles(),
            new Clocks(Optional.of("upload_ts"), Defaults.CLOCK_SKEW, Defaults.ALLOWED_LATENESS)),
        model.baseline(),
        model.columns(),
        model.slices(),
        model.maxSliceValues(),
        model.granularities(),
        model.drift(),
        model.alerts(),
        model.feedback(),
        model.quality());
  }

  @Test
  void theJoinKeepsWhatWasUploadedFirst() {
    night.run(MODEL, 0, 1, "join", new JoinJob());
    assertThat(
            night
                .table("labelled")
                .selectExpr("prediction_id", "score")
                .exceptAll(night.rows(0, ROWS).selectExpr("prediction_id", "score"))
                .count())
        .isZero();
    assertThat(night.table("labelled").count()).isEqualTo(ROWS);
  }

  @Test
  void aSampleHasAndCountsEachIdOnce() {
    Sampling sampling =
        new Sampling(
            "predictions",
            Optional.empty(),
            new Sampling.Amount(Sampling.AmountKind.ROWS_PER_STRATUM, 50),
            List.of("category"),
            Sampling.Allocation.PROPORTIONAL,
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Optional.empty());
    ModelConfig model = LabelledNight.sampled(MODEL, "telemetry_sample", sampling);
    NightlyJob.Result result = night.run(model, 0, 1, "sample", new SampleJob()).get(0).result();
    assertThat(result.summary()).containsEntry("days_with_repeated_ids", 1);
    List<Row> strata =
        night
            .table("sampling_volumes")
            .where("stratum IS NOT NULL")
            .orderBy("stratum")
            .collectAsList();
    assertThat(strata)
        .extracting(row -> row.<String>getAs("stratum"))
        .containsExactly("category=a", "category=b", "category=c");
    for (Row stratum : strata) {
      assertThat(stratum.<Long>getAs("rows")).isEqualTo(ROWS / 3);
      assertThat(stratum.<Long>getAs("rows_kept")).isEqualTo(50);
      assertThat(stratum.<Double>getAs("weight_kept")).isCloseTo(ROWS / 3, within(1e-6));
    }
    assertThat(night.table("telemetry_sample").select("prediction_id").distinct().count())
        .isEqualTo(150);
  }
}
