package dev.telltale.jobs.late;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** At-least-once uploads: rows that repeat an id are counted, and left out of everything else. */
class RepeatedUploadTest extends SparkTest {
  @TempDir Path directory;

  /** The copy comes with the next day; what it says of another kind is left out, too. */
  @Test
  void aFileThatIsUploadedAgainChangesNothingButTheCountOfRepeats() {
    TestNight night = new TestNight(spark, directory.resolve("lake").toString());
    ModelConfig model = WrongClockTest.model();
    // Beyond a thousand values moments and sketches depend on the order of rows.
    Dataset<Row> first = WrongClockTest.uploaded(night, 0, 4000, 1);
    night.append(first);
    night.run(model, 0, 1, "first", new ProfileJob(), new DriftJob());
    List<String> states = of(night, Tables.PROFILE_STATES, "2001-03-01");
    List<String> drift = of(night, Tables.DRIFT_METRICS, "2001-03-01");
    assertThat(duplicates(night, "2001-03-01")).isZero();

    night.append(WrongClockTest.uploaded(night, 1, 500, 2));
    // A day later, in other files, and some say something else.
    night.append(
        first
            .repartition(3)
            .withColumn("upload_ts", functions.expr("upload_ts + interval 1 day"))
            .withColumn("x", functions.expr("IF(prediction_id < 100, x + 50, x)")));
    NightlyJob.Result result =
        night.run(model, 1, 2, "second", new ProfileJob(), new DriftJob()).get(0).result();
    assertThat(result.restated()).containsExactly(TestNight.day(0));
    assertThat(of(night, Tables.PROFILE_STATES, "2001-03-01")).isEqualTo(states);
    assertThat(of(night, Tables.DRIFT_METRICS, "2001-03-01")).isEqualTo(drift);
    assertThat(duplicates(night, "2001-03-01")).isEqualTo(4000L);
    assertThat(WrongClockTest.rows(night, "2001-03-01")).isEqualTo(4000L);
    assertThat(duplicates(night, "2001-03-02")).isZero();
    assertThat(WrongClockTest.rows(night, "2001-03-02")).isEqualTo(500L);
    Row finding =
        night.now().read(Tables.FINDINGS).where("kind = 'DUPLICATE_IDS'").collectAsList().get(0);
    assertThat(finding.<String>getAs("because")).startsWith("4,000 rows repeat the id of another");

    Map<Tables, List<String>> before = LakeContents.of(spark, night.lake().location());
    night.run(model, 0, 2, "backfill", new ProfileJob(), new DriftJob());
    assertThat(LakeContents.of(spark, night.lake().location())).isEqualTo(before);
  }

  /** Of rows in one file, without an upload time, and some without an id. */
  @Test
  void ofRowsThatCameTogetherTheFirstCounts() {
    TestNight night = new TestNight(spark, directory.resolve("lake").toString());
    Dataset<Row> rows = night.rows(0, 1200, 1).withColumn("x", functions.lit(1.0));
    night.append(
        rows.unionByName(
                rows.where("prediction_id < 600")
                    .withColumn("event_ts", functions.expr("event_ts + interval 1 second"))
                    .withColumn("x", functions.lit(2.0)))
            .unionByName(
                night
                    .rows(0, 30, 1)
                    .withColumn("prediction_id", functions.expr("CAST(NULL AS BIGINT)"))
                    .withColumn("x", functions.lit(3.0)))
            .coalesce(1));
    night.run(TestNight.model(), 0, 1, "run", new ProfileJob());
    assertThat(WrongClockTest.rows(night, "2001-03-01")).isEqualTo(1230L);
    assertThat(duplicates(night, "2001-03-01")).isEqualTo(600L + 29);
    Row x =
        night
            .now()
            .read(Tables.PROFILE_METRICS)
            .where("column_name = 'x' AND slice_key IS NULL AND model_version IS NULL")
            .where("granularity = '1 day'")
            .head();
    assertThat(x.<Double>getAs("avg")).isEqualTo((1200.0 + 3 * 30) / 1230);
  }

  private List<String> of(TestNight night, Tables table, String date) {
    return night
        .now()
        .read(table)
        .where("window_date = '" + date + "'")
        .drop("run_id", "computed_at")
        .toJSON()
        .collectAsList()
        .stream()
        .sorted()
        .toList();
  }

  private static long duplicates(TestNight night, String date) {
    return night
        .now()
        .read(Tables.PROFILE_METRICS)
        .where("column_name = ':table' AND slice_key IS NULL AND model_version IS NULL")
        .where("granularity = '1 day' AND window_date = '" + date + "'")
        .head()
        .<Long>getAs("num_duplicate_ids");
  }
}
