package dev.telltale.jobs.quality;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.config.Sampling;
import dev.telltale.error.TelltaleException;
import dev.telltale.jobs.SparkTest;
import dev.telltale.jobs.join.JoinJob;
import dev.telltale.jobs.profile.ProfileJob;
import dev.telltale.jobs.sample.SampleJob;
import dev.telltale.sampling.Lot;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleJobTest extends SparkTest {
  private static final int ROWS = 6_000;
  private static final String TABLE = "telemetry_sample";
  private static final Sampling.Amount TENTH = new Sampling.Amount(Sampling.AmountKind.RATE, 0.1);

  @TempDir Path directory;

  private static Sampling sampling(
      Sampling.Amount amount, List<String> strata, Optional<String> unit, List<String> whole) {
    return new Sampling(
        "predictions",
        Optional.empty(),
        amount,
        strata,
        Sampling.Allocation.PROPORTIONAL,
        Optional.empty(),
        unit,
        whole,
        Optional.of(100.0));
  }

  private static ModelConfig model(Sampling sampling) {
    ModelConfig all = LabelledNight.model(List.of(LabelledNight.outcome()), Granularity.DAY);
    return LabelledNight.sampled(all, TABLE, sampling);
  }

  private LabelledNight night() {
    LabelledNight night = new LabelledNight(spark, directory.resolve("lake").toString());
    night.predict(0, ROWS);
    night.predict(1, ROWS);
    return night;
  }

  private static List<String> ids(Dataset<Row> rows) {
    return rows.select("prediction_id").collectAsList().stream()
        .map(row -> row.getString(0))
        .sorted()
        .toList();
  }

  @Test
  void theHashOfTheIdAloneDecidesAndEveryRowHasItsWeight() {
    LabelledNight night = night();
    ModelConfig model = model(sampling(TENTH, List.of(), Optional.empty(), List.of()));
    night.run(model, 0, 2, "first", new SampleJob());
    List<String> expected =
        ids(night.table("predictions")).stream().filter(id -> Lot.of(id) < 0.1).toList();
    assertThat(ids(night.table(TABLE))).isEqualTo(expected);
    assertThat(night.table(TABLE).where("telltale_weight <> 10").count()).isZero();

    // A day at a time gives the same, and so does running a night again.
    night.run(model, 1, 2, "again", new SampleJob());
    assertThat(ids(night.table(TABLE))).isEqualTo(expected);

    // A lower rate keeps a part of what a higher one keeps.
    Sampling.Amount less = new Sampling.Amount(Sampling.AmountKind.RATE, 0.03);
    night.run(
        model(sampling(less, List.of(), Optional.empty(), List.of())),
        0,
        2,
        "less",
        new SampleJob());
    assertThat(expected).containsAll(ids(night.table(TABLE)));

    Row volume = night.table("sampling_volumes").orderBy("window_start").collectAsList().get(0);
    assertThat(volume.<Long>getAs("rows")).isEqualTo(ROWS);
    assertThat(volume.<Long>getAs("rows_kept"))
        .isEqualTo(night.table(TABLE).where("telltale_date = '2001-03-01'").count());
    assertThat(volume.<Double>getAs("cost")).isEqualTo(0.6);
    assertThat(volume.<Long>getAs("bytes_kept")).isBetween(1L, volume.<Long>getAs("bytes"));
  }

  @Test
  void aFixedSizeIsExactInEveryStratumAndDay() {
    LabelledNight night = night();
    Sampling.Amount fixed = new Sampling.Amount(Sampling.AmountKind.ROWS_PER_STRATUM, 50);
    night.run(
        model(sampling(fixed, List.of("category"), Optional.empty(), List.of("score > 0.98"))),
        0,
        2,
        "fixed",
        new SampleJob());
    List<Row> strata = night.table("sampling_volumes").where("stratum IS NOT NULL").collectAsList();
    assertThat(strata).hasSize(6);
    for (Row stratum : strata) {
      long whole = stratum.getAs("rows_whole");
      assertThat(whole).isPositive();
      assertThat(stratum.<Long>getAs("rows_kept")).isEqualTo(50 + whole);
      // Of a fixed size the weights add up to the rows.
      assertThat(stratum.<Double>getAs("weight_kept"))
          .isCloseTo(stratum.<Long>getAs("rows"), within(1e-6));
    }
    assertThat(night.table(TABLE).where("score > 0.98 AND telltale_weight <> 1").count()).isZero();
    assertThat(night.table(TABLE).where("score > 0.98").count())
        .isEqualTo(night.table("predictions").where("score > 0.98").count());
  }

  @Test
  void whereEverythingIsKeptWholeNothingIsDrawn() {
    LabelledNight night = night();
    night.run(
        model(sampling(TENTH, List.of("category"), Optional.empty(), List.of("score >= 0"))),
        0,
        1,
        "whole",
        new SampleJob());
    assertThat(night.table(TABLE).count()).isEqualTo(ROWS);
    assertThat(night.table(TABLE).where("telltale_weight <> 1").count()).isZero();
  }

  @Test
  void ofAUnitAllRowsAreKeptOrNone() {
    LabelledNight night = new LabelledNight(spark, directory.resolve("lake").toString());
    Dataset<Row> rows =
        night
            .rows(0, ROWS)
            .drop("label")
            .selectExpr(
                "*", "concat('user-', CAST(substring(prediction_id, 4) % 600 AS INT)) AS user");
    night.append("predictions", rows);
    night.run(
        model(sampling(TENTH, List.of(), Optional.of("user"), List.of())),
        0,
        1,
        "unit",
        new SampleJob());
    List<Row> users = night.table(TABLE).groupBy("user").count().collectAsList();
    assertThat(users).hasSizeBetween(30, 95);
    for (Row user : users) {
      assertThat(user.getLong(1)).isEqualTo(rows.where(col("user").equalTo(user.get(0))).count());
      assertThat(Lot.of(user.getString(0))).isLessThan(0.1);
    }
  }

  /** Every row of the rare class is kept, so that the sample knows of each whether it was found. */
  @Test
  void recallOfAClassThatIsKeptWholeIsThatOfAllRows() {
    LabelledNight night = new LabelledNight(spark, directory.resolve("lake").toString());
    night.append("predictions", night.rows(0, ROWS).withColumnRenamed("label", "chargeback"));
    night.append("labels", night.labels(0, ROWS));
    ModelConfig sampled =
        model(sampling(TENTH, List.of("category"), Optional.empty(), List.of("chargeback")));
    night.run(
        sampled,
        0,
        1,
        "sampled",
        new SampleJob(),
        new ProfileJob(),
        new JoinJob(),
        new QualityJob());
    Row recall = metric(night, "recall");
    Row accuracy = metric(night, "accuracy");
    assertThat(night.table("labelled").count())
        .isEqualTo(night.table(TABLE).count())
        .isLessThan(ROWS);
    // The profile counts all rows, as it reads the telemetry.
    assertThat(
            night
                .table("profile_metrics")
                .where("column_name = ':table' AND slice_key IS NULL AND granularity = '1 day'")
                .where("model_version IS NULL")
                .collectAsList()
                .get(0)
                .<Long>getAs("count"))
        .isEqualTo(ROWS);

    ModelConfig all = LabelledNight.model(List.of(LabelledNight.outcome()), Granularity.DAY);
    night.run(all, 0, 1, "all");
    assertThat(recall.<Double>getAs("value"))
        .isCloseTo(metric(night, "recall").<Double>getAs("value"), within(1e-12));
    double truth = metric(night, "accuracy").getAs("value");
    assertThat(truth)
        .isBetween(accuracy.<Double>getAs("ci_low"), accuracy.<Double>getAs("ci_high"));
  }

  private static Row metric(LabelledNight night, String name) {
    return night
        .table("quality_metrics")
        .where("kind = 'REALIZED' AND granularity = '1 day' AND slice_key IS NULL")
        .where("model_version IS NULL AND source = 'outcome'")
        .where(col("metric").equalTo(name))
        .collectAsList()
        .get(0);
  }

  @Test
  void lateTelemetryDrawsItsDayAgainAndTheJoinFollows() {
    LabelledNight night = night();
    night.append("labels", night.labels(0, ROWS));
    ModelConfig model = model(sampling(TENTH, List.of(), Optional.empty(), List.of()));
    night.run(model, 0, 1, "first", new SampleJob(), new JoinJob());
    long before = night.table("labelled").count();
    night.append(
        "predictions",
        night
            .rows(0, ROWS + 1000)
            .drop("label")
            .where("CAST(substring(prediction_id, 4) AS INT) >= " + ROWS));
    night.run(model, 1, 2, "second", new SampleJob(), new JoinJob());
    long day = night.table("labelled").where("window_date = '2001-03-01'").count();
    assertThat(day).isGreaterThan(before);
    assertThat(ids(night.table(TABLE)))
        .isEqualTo(
            ids(night.table("predictions")).stream().filter(id -> Lot.of(id) < 0.1).toList());
  }

  @Test
  void whatCannotBeSampledIsSaid() {
    LabelledNight night = night();
    assertThatThrownBy(
            () ->
                night.run(
                    model(sampling(TENTH, List.of(), Optional.empty(), List.of("scor > 1"))),
                    0,
                    1,
                    "typo",
                    new SampleJob()))
        .isInstanceOf(TelltaleException.class)
        .hasMessageContaining("sampling.whole has scor > 1")
        .hasMessageContaining("no condition on a row");
    assertThatThrownBy(
            () ->
                night.run(
                    model(sampling(TENTH, List.of("nope"), Optional.empty(), List.of())),
                    0,
                    1,
                    "missing",
                    new SampleJob()))
        .hasMessageContaining("has no column nope, the stratum");
  }
}
