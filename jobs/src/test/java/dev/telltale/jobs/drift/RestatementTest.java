package dev.telltale.jobs.drift;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.NightlyJob;
import dev.telltale.jobs.SparkTest;
import dev.telltale.jobs.TestNight;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.night.NightRunner;
import dev.telltale.jobs.profile.ProfileJob;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Late and corrected input: exactly the windows that changed are profiled and judged again. */
class RestatementTest extends SparkTest {
  private static final ModelConfig MODEL = TestNight.model();

  @TempDir Path directory;
  private TestNight night;
  private String predictions;

  @BeforeEach
  void fourNights() {
    night = new TestNight(spark, directory.resolve("lake").toString());
    predictions = "delta.`" + night.lake().location() + "/predictions`";
    for (int day = 0; day < 4; day++) {
      night.append(rows(day, 300, day));
    }
    run(0, 4, "first");
  }

  @Test
  void lateRowsAndCorrectionsRestateTheirDayAndWhatIsComparedWithIt() {
    night.append(
        rows(1, 30, 9).withColumn("prediction_id", functions.expr("prediction_id + 10000")));
    List<NightRunner.Outcome> late = nextNight(4, "late");
    assertRestated(late.get(0).result(), 1);
    assertRestated(late.get(1).result(), 1, 2);
    assertThat(runs())
        .containsExactlyEntriesOf(
            new TreeMap<>(
                Map.of(
                    TestNight.day(0), "first",
                    TestNight.day(1), "late",
                    TestNight.day(2), "late",
                    TestNight.day(3), "first",
                    TestNight.day(4), "late")));
    assertThat(rowCount(1)).isEqualTo(330);

    // A merge rewrites files that hold other days, too, and the columns include a map.
    spark
        .range(0, 40)
        .selectExpr("id AS prediction_id", "id + 100D AS x")
        .createOrReplaceTempView("corrections");
    spark.sql("OPTIMIZE " + predictions);
    spark.sql(
        "MERGE INTO "
            + predictions
            + " AS p USING corrections AS c ON p.prediction_id = c.prediction_id"
            + " AND date(p.event_ts) = '2001-03-03' WHEN MATCHED THEN UPDATE SET p.x = c.x");
    List<NightRunner.Outcome> merged = nextNight(5, "merged");
    assertRestated(merged.get(0).result(), 2);
    assertRestated(merged.get(1).result(), 2, 3);
    assertThat(
            night
                .now()
                .read(Tables.FINDINGS)
                .where("column_name = 'x' AND kind = 'OUT_OF_RANGE' AND drift_type = 'BASELINE'")
                .where("slice_key IS NULL")
                .select("window_start")
                .collectAsList())
        .as("the corrected values are judged")
        .extracting(row -> row.getTimestamp(0).toInstant())
        .containsExactly(TestNight.day(2));

    spark.sql("OPTIMIZE " + predictions);
    List<NightRunner.Outcome> compacted = nextNight(6, "compacted");
    assertRestated(compacted.get(0).result());
    assertRestated(compacted.get(1).result());
  }

  @Test
  void deletedRowsAreNotCountedAndAnEmptiedDayIsSaid() {
    spark.sql(
        "ALTER TABLE " + predictions + " SET TBLPROPERTIES (delta.enableDeletionVectors = true)");
    spark.sql(
        "DELETE FROM "
            + predictions
            + " WHERE date(event_ts) = '2001-03-01' AND prediction_id % 3 = 0");
    spark.sql("DELETE FROM " + predictions + " WHERE date(event_ts) = '2001-03-03'");
    List<NightRunner.Outcome> deleted = nextNight(4, "deleted");
    assertRestated(deleted.get(0).result(), 0, 2);
    assertRestated(deleted.get(1).result(), 0, 1, 2, 3);
    assertThat(rowCount(0)).isEqualTo(200);
    assertThat(rowCount(1)).isEqualTo(300);
    assertThat(rowCount(2)).isZero();
    assertThat(
            night
                .now()
                .read(Tables.FINDINGS)
                .where("kind = 'ROW_COUNT' AND status = 'FIRING' AND value = 0")
                .select("window_start")
                .collectAsList())
        .extracting(row -> row.getTimestamp(0).toInstant())
        .containsExactly(TestNight.day(2));
  }

  private Dataset<Row> rows(int day, long count, int seed) {
    return night.rows(day, count, seed).withColumn("pairs", functions.expr("map('a', code)"));
  }

  private List<NightRunner.Outcome> nextNight(int day, String runId) {
    night.append(rows(day, 300, day));
    return run(day, day + 1, runId);
  }

  private List<NightRunner.Outcome> run(int from, int to, String runId) {
    return night.run(MODEL, from, to, runId, new ProfileJob(), new DriftJob());
  }

  private static void assertRestated(NightlyJob.Result result, int... days) {
    assertThat(result.restated())
        .containsExactlyElementsOf(Arrays.stream(days).mapToObj(TestNight::day).toList());
  }

  /** The run that judged each day. */
  private Map<Instant, String> runs() {
    Map<Instant, String> runs = new TreeMap<>();
    for (Row row :
        night
            .now()
            .read(Tables.DRIFT_METRICS)
            .select("window_start", "run_id")
            .distinct()
            .collectAsList()) {
      assertThat(runs.put(row.getTimestamp(0).toInstant(), row.getString(1)))
          .as("one run judges a day")
          .isNull();
    }
    return runs;
  }

  private long rowCount(int day) {
    return night
        .now()
        .read(Tables.PROFILE_METRICS)
        .where("column_name = ':table' AND slice_key IS NULL AND model_version IS NULL")
        .where("granularity = '1 day'")
        .where(functions.col("window_start").equalTo(functions.lit(TestNight.day(day))))
        .head()
        .<Long>getAs("count");
  }
}
