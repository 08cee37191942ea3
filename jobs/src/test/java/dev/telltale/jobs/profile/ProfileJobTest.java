package dev.telltale.jobs.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.LakeContents;
import dev.telltale.jobs.NightlyJob;
import dev.telltale.jobs.SparkTest;
import dev.telltale.jobs.TestNight;
import dev.telltale.jobs.drift.DriftJob;
import dev.telltale.jobs.lake.Tables;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfileJobTest extends SparkTest {
  @TempDir Path directory;

  @Test
  void oneScanGivesWhatSparkGives() {
    TestNight night = new TestNight(spark, directory.resolve("lake").toString());
    Dataset<Row> rows = night.rows(0, 3000, 2);
    night.append(rows);
    NightlyJob.Result result =
        night.run(TestNight.model(), 0, 1, "run-1", new ProfileJob()).get(0).result();
    assertThat(result.rowsRead()).isEqualTo(3000);
    assertThat(result.summary()).containsEntry("columns_skipped", List.of("parts"));

    Row x = metrics(night, "x", null, "1 day");
    Row expected =
        rows.agg(
                functions.avg("x"),
                functions.stddev_samp("x"),
                functions.min("x"),
                functions.max("x"),
                functions.skewness("x"),
                functions.kurtosis("x"))
            .head();
    assertThat(x.<Long>getAs("count")).isEqualTo(3000L);
    assertThat(x.<Double>getAs("avg")).isCloseTo(expected.getDouble(0), within(1e-12));
    assertThat(x.<Double>getAs("stddev")).isCloseTo(expected.getDouble(1), within(1e-12));
    assertThat(x.<Double>getAs("min")).isEqualTo(expected.getDouble(2));
    assertThat(x.<Double>getAs("max")).isEqualTo(expected.getDouble(3));
    assertThat(x.<Double>getAs("skewness")).isCloseTo(expected.getDouble(4), within(1e-10));
    assertThat(x.<Double>getAs("kurtosis")).isCloseTo(expected.getDouble(5), within(1e-10));
    assertThat(metrics(night, "sometimes", null, "1 day").<Long>getAs("num_nulls")).isEqualTo(300L);
    assertThat(metrics(night, "sometimes", "a", "1 day").<Long>getAs("num_nulls"))
        .isEqualTo(rows.where("category = 'a' AND sometimes IS NULL").count());
    assertThat(metrics(night, "price", "a,true", "1 day").<Double>getAs("avg"))
        .isCloseTo(
            rows.where("category = 'a' AND flag")
                .agg(functions.avg("price"))
                .head()
                .getDecimal(0)
                .doubleValue(),
            within(1e-4));
    Row category = metrics(night, "category", null, "1 day");
    assertThat(category.<Row>getList(category.fieldIndex("frequent_items")).stream())
        .extracting(row -> row.getString(0))
        .containsExactly("a", "b", "c");
  }

  /** A quarter of the rows at 1 in 1, the rest at 1 in 5.5: the counts are those of all rows. */
  @Test
  void rowsOfASampleCountAsManyAsTheyStandFor() {
    TestNight night = new TestNight(spark, directory.resolve("lake").toString());
    Dataset<Row> all = night.rows(0, 40_000, 2);
    Dataset<Row> sample =
        all.withColumn(
                "weight", functions.when(functions.expr("category = 'a'"), 1.0).otherwise(5.5))
            .where("category = 'a' OR pmod(xxhash64(prediction_id), 1100) < 200");
    // A row without a usable weight stands for itself, as those of this category do.
    String broken = "IF(category != 'a' OR prediction_id % 90 != 0, weight, CAST('NaN' AS DOUBLE))";
    night.append(sample.withColumn("weight", functions.expr(broken)));
    ModelConfig model = TestNight.weighted("weight");
    NightlyJob.Result result =
        night.run(model, 0, 1, "run-1", new ProfileJob(), new DriftJob()).get(0).result();
    assertThat(result.summary())
        .containsEntry(
            "rows_without_weight",
            sample.where("category = 'a' AND prediction_id % 90 = 0").count())
        .doesNotContainEntry("rows_without_weight", 0L);

    Row table = metrics(night, ":table", null, "1 day");
    double rows = sample.count();
    double whole = sample.where("category = 'a'").count();
    // Exactly known: the rows kept whole. The rest within four standard errors of 26,666.
    assertThat(metrics(night, ":table", "a", "1 day").<Long>getAs("count")).isEqualTo((long) whole);
    assertThat(table.<Long>getAs("count").doubleValue()).isCloseTo(40_000, within(1_400.0));
    double sum = whole + 5.5 * (rows - whole);
    double squares = whole + 5.5 * 5.5 * (rows - whole);
    // Weights are rounded at random to 5 and 6.
    assertThat(table.<Double>getAs("effective_rows"))
        .isCloseTo(sum * sum / squares, withinPercentage(1.5));

    Row x = metrics(night, "x", null, "1 day");
    Row truth = all.agg(functions.avg("x"), functions.stddev_samp("x")).head();
    double error = 4 * truth.getDouble(1) / Math.sqrt(table.<Double>getAs("effective_rows"));
    assertThat(x.<Double>getAs("avg")).isCloseTo(truth.getDouble(0), within(error));
    assertThat(x.<Double>getAs("stddev")).isCloseTo(truth.getDouble(1), withinPercentage(5));
    assertThat(metrics(night, "sometimes", null, "1 day").<Double>getAs("percent_null"))
        .isCloseTo(10, within(1.5));

    Dataset<Row> drift =
        night
            .now()
            .read(Tables.DRIFT_METRICS)
            .where("granularity = '1 day' AND slice_key IS NULL AND column_name = 'category'");
    assertThat(drift.where("metric = 'chi_squared'").head().<Long>getAs("n_current"))
        .isCloseTo(Math.round(table.<Double>getAs("effective_rows")), within(3L));
    assertThat(drift.where("status = 'OK'").count()).isPositive();
    assertThat(drift.where("status NOT IN ('OK')").count()).isZero();
  }

  @Test
  void runningAgainGivesTheSameRows() {
    TestNight night = new TestNight(spark, directory.resolve("lake").toString());
    night.append(night.rows(0, 2000, 3));
    night.run(TestNight.model(), 0, 1, "run-1", new ProfileJob());
    Map<Tables, List<String>> first = LakeContents.of(spark, night.lake().location());
    night.run(TestNight.model(), 0, 1, "run-2", new ProfileJob());
    assertThat(LakeContents.of(spark, night.lake().location())).isEqualTo(first);
  }

  @Test
  void lateRowsRestateTheirWindowAndNoOther() {
    TestNight night = new TestNight(spark, directory.resolve("lake").toString());
    ModelConfig model = TestNight.model();
    for (int day = 0; day < 3; day++) {
      night.append(night.rows(day, 500, day));
      night.run(model, day, day + 1, "run-" + day, new ProfileJob());
    }
    night.append(
        night.rows(1, 50, 9).withColumn("prediction_id", functions.expr("prediction_id + 10000")));
    night.append(night.rows(3, 500, 9));
    NightlyJob.Result result = night.run(model, 3, 4, "run-late", new ProfileJob()).get(0).result();
    assertThat(result.restated()).containsExactly(TestNight.day(1));
    assertThat(rowCount(night, 1)).isEqualTo(550L);
    // A rewrite that changes one day's rows touches that day only.
    spark.sql(
        "UPDATE delta.`"
            + night.lake().location()
            + "/predictions` SET x = 7 WHERE date(event_ts) = '2001-03-01'");
    night.append(night.rows(4, 500, 9));
    assertThat(night.run(model, 4, 5, "run-4", new ProfileJob()).get(0).result().restated())
        .containsExactly(TestNight.day(0));
    // Compaction touches nothing.
    spark.sql("OPTIMIZE delta.`" + night.lake().location() + "/predictions`");
    night.append(night.rows(5, 500, 9));
    assertThat(night.run(model, 5, 6, "run-5", new ProfileJob()).get(0).result().restated())
        .isEmpty();
  }

  @Test
  void anEmptyWindowIsSaidAndAnEmptyIntervalIsAnError() {
    TestNight night = new TestNight(spark, directory.resolve("lake").toString());
    night.append(night.rows(0, 500, 5));
    night.append(night.rows(2, 500, 5));
    assertThat(night.run(TestNight.model(), 0, 3, "r", new ProfileJob()).get(0).result().summary())
        .containsEntry("windows_empty", 1L);
    assertThat(rowCount(night, 1)).isZero();
    assertThatThrownBy(() -> night.run(TestNight.model(), 9, 10, "r", new ProfileJob()))
        .hasMessageContaining("has no rows from 2001-03-10");
    assertThat(night.now().read(Tables.RUNS).where("outcome = 'FAILED'").count()).isEqualTo(1);
  }

  @Test
  void constantColumnsSayWhenTheyLastChanged() {
    TestNight night = new TestNight(spark, directory.resolve("lake").toString());
    for (int day = 0; day < 3; day++) {
      night.append(night.rows(day, 100, day).withColumn("x", functions.lit(day == 0 ? 1.0 : 2.0)));
      night.run(TestNight.model(), day, day + 1, "run-" + day, new ProfileJob());
    }
    assertThat(
            night
                .now()
                .read(Tables.PROFILE_METRICS)
                .where("column_name = 'x' AND slice_key IS NULL AND model_version IS NULL")
                .where("granularity = '1 day'")
                .orderBy("window_start")
                .select("last_value_change")
                .collectAsList())
        .extracting(row -> row.getTimestamp(0).toInstant())
        .containsExactly(TestNight.day(0), TestNight.day(1), TestNight.day(1));
  }

  private static Row metrics(TestNight night, String column, String slice, String granularity) {
    return night
        .now()
        .read(Tables.PROFILE_METRICS)
        .where("granularity = '" + granularity + "' AND model_version IS NULL")
        .where(functions.col("column_name").equalTo(column))
        .where(functions.col("slice_value").eqNullSafe(slice))
        .head();
  }

  private static long rowCount(TestNight night, int day) {
    return night
        .now()
        .read(Tables.PROFILE_METRICS)
        .where("column_name = ':table' AND slice_key IS NULL AND model_version IS NULL")
        .where(functions.col("window_start").equalTo(functions.lit(TestNight.day(day))))
        .where("granularity = '1 day'")
        .head()
        .<Long>getAs("count");
  }
}
