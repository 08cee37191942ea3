package dev.telltale.jobs.late;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.config.Clocks;
import dev.telltale.config.Defaults;
import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.LakeContents;
import dev.telltale.jobs.NightlyJob;
import dev.telltale.jobs.SparkTest;
import dev.telltale.jobs.TestNight;
import dev.telltale.jobs.drift.DriftJob;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.profile.ProfileJob;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows whose event time cannot be: in no window, and counted. */
class WrongClockTest extends SparkTest {
  @TempDir Path directory;

  /** The model of {@link TestNight} with an upload time. */
  static ModelConfig model() {
    ModelConfig model = TestNight.model();
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

  /** Rows of a day that are uploaded ten minutes later, or at noon of another day. */
  static Dataset<Row> uploaded(TestNight night, int day, long count, int seed) {
    return night
        .rows(day, count, seed)
        .withColumn("upload_ts", functions.expr("event_ts + interval 10 minutes"));
  }

  private static Dataset<Row> at(TestNight night, int upload, long ids, String eventTime) {
    return night
        .rows(upload, 3, 7)
        .withColumn("prediction_id", functions.expr("prediction_id + " + ids))
        .withColumn("upload_ts", functions.expr("event_ts + interval 12 hours"))
        .withColumn("event_ts", functions.expr(eventTime));
  }

  @Test
  void theyAreInNoWindowRestateNoneAndAreCounted() {
    TestNight night = new TestNight(spark, directory.resolve("lake").toString());
    ModelConfig model = model();
    night.append(uploaded(night, 0, 300, 1));
    night.run(model, 0, 1, "first", new ProfileJob(), new DriftJob());
    Map<Tables, List<String>> first = LakeContents.of(spark, night.lake().location());

    night.append(uploaded(night, 1, 300, 2));
    night.append(
        at(night, 1, 10_000, "timestamp '1970-01-01 00:00:07'")
            .unionByName(at(night, 1, 20_000, "timestamp '2099-01-01 00:00:00'"))
            .unionByName(at(night, 1, 30_000, "CAST(NULL AS timestamp)"))
            // In a window that is there: ahead by 65 minutes, behind by 91 days.
            .unionByName(at(night, 1, 40_000, "upload_ts + interval 65 minutes")));
    night.append(
        at(night, 1, 50_000, "timestamp '2001-03-01 12:00:00'")
            .withColumn("upload_ts", functions.expr("timestamp '2001-05-31 12:30:00'")));
    NightlyJob.Result result =
        night.run(model, 1, 2, "second", new ProfileJob(), new DriftJob()).get(0).result();
    assertThat(result.restated()).isEmpty();
    assertThat(result.summary())
        .containsEntry("rows_with_wrong_clock", 12L)
        .containsEntry("rows_uploaded", 300L)
        .containsEntry(
            "upload_lateness_hours", Map.of("p50", 0L, "p90", 0L, "p99", 0L, "p100", 0L));
    assertThat(rows(night, "2001-03-02")).isEqualTo(300L);
    assertThat(LakeContents.of(spark, night.lake().location()).get(Tables.PROFILE_METRICS))
        .containsAll(first.get(Tables.PROFILE_METRICS));

    List<Row> quarantine =
        night
            .now()
            .read(Tables.CLOCK_QUARANTINE)
            .where("model_version IS NULL")
            .orderBy("reason")
            .collectAsList();
    assertThat(quarantine)
        .extracting(
            row -> row.getAs("window_date") + " " + row.getAs("reason") + " " + row.getAs("rows"))
        .containsExactly("2001-03-02 FUTURE 6", "2001-03-02 MISSING 3", "2001-03-02 TOO_OLD 3");
    assertThat(quarantine.get(2).<java.sql.Timestamp>getAs("first_event_ts").toInstant())
        .isEqualTo("1970-01-01T00:00:07Z");
    assertThat(quarantine.get(0).<String>getList(quarantine.get(0).fieldIndex("example_ids")))
        .containsExactly("20000", "20001", "20002", "40000", "40001", "40002");
    assertThat(night.now().read(Tables.CLOCK_QUARANTINE).where("model_version = 'v1'").count())
        .isEqualTo(3);
    Row finding =
        night.now().read(Tables.FINDINGS).where("kind = 'WRONG_CLOCK'").collectAsList().get(0);
    assertThat(finding.<Double>getAs("value")).isEqualTo(12.0);
    assertThat(finding.<String>getAs("because"))
        .isEqualTo(
            "12 rows have an event time that cannot be (6 FUTURE, 3 MISSING, 3 TOO_OLD) and are in"
                + " no window.");

    // Again, and as of then, it is the same.
    Map<Tables, List<String>> second = LakeContents.of(spark, night.lake().location());
    night.run(model, 1, 2, "again", new ProfileJob(), new DriftJob());
    assertThat(LakeContents.of(spark, night.lake().location())).isEqualTo(second);
  }

  /** Without an upload time only what no clock can have said is told. */
  @Test
  void withoutAnUploadTimeWhatIsLaterThanTheLogIsCountedOnce() {
    TestNight night = new TestNight(spark, directory.resolve("lake").toString());
    ModelConfig model = TestNight.model();
    night.append(night.rows(0, 300, 1));
    night.append(
        at(night, 0, 10_000, "timestamp '1970-01-02 00:00:00'")
            .unionByName(at(night, 0, 20_000, "timestamp '2099-01-01 00:00:00'"))
            .drop("upload_ts"));
    night.run(model, 0, 1, "first", new ProfileJob(), new DriftJob());
    night.append(night.rows(1, 300, 1));
    night.append(at(night, 0, 30_000, "timestamp '1970-01-02 00:00:00'").drop("upload_ts"));
    NightlyJob.Result result =
        night.run(model, 1, 2, "second", new ProfileJob(), new DriftJob()).get(0).result();
    assertThat(result.restated()).isEmpty();
    assertThat(result.summary()).containsEntry("rows_with_wrong_clock", 9L);
    assertThat(
            night
                .now()
                .read(Tables.CLOCK_QUARANTINE)
                .where("model_version IS NULL")
                .orderBy("window_date", "reason")
                .collectAsList())
        .extracting(
            row ->
                row.getAs("window_date")
                    + " "
                    + row.getAs("reason")
                    + " "
                    + row.getAs("rows")
                    + " "
                    + row.getAs("new_rows"))
        .containsExactly(
            "2001-03-01 FUTURE 3 3",
            "2001-03-01 TOO_OLD 3 3",
            "2001-03-02 FUTURE 3 0",
            "2001-03-02 TOO_OLD 6 3");
    assertThat(
            night
                .now()
                .read(Tables.FINDINGS)
                .where("kind = 'WRONG_CLOCK'")
                .orderBy("window_date")
                .collectAsList())
        .extracting(row -> row.<Double>getAs("value"))
        .containsExactly(6.0, 3.0);
    assertThat(
            night
                .now()
                .read(Tables.PROFILE_METRICS)
                .where("granularity = '1 day'")
                .select("window_date")
                .distinct()
                .count())
        .isEqualTo(2);
  }

  static long rows(TestNight night, String date) {
    return night
        .now()
        .read(Tables.PROFILE_METRICS)
        .where("column_name = ':table' AND slice_key IS NULL AND model_version IS NULL")
        .where("granularity = '1 day' AND window_date = '" + date + "'")
        .head()
        .<Long>getAs("count");
  }
}
