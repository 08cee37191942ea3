package dev.telltale.jobs.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.SparkTest;
import dev.telltale.jobs.TestNight;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.profile.ProfileJob;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three days from telemetry to findings: a quiet one, a bad one, and an empty one. */
class DriftJobTest extends SparkTest {
  private static final int ROWS = 2000;

  @TempDir static Path directory;
  private static TestNight night;

  @BeforeAll
  static void threeDays() {
    night = new TestNight(spark, directory.resolve("lake").toString());
    night.append(night.rows(0, ROWS, 2));
    night.append(
        night
            .rows(1, 2 * ROWS, 3)
            .withColumn("price", functions.expr("CAST(price + 5 AS DECIMAL(10, 2))"))
            .withColumn("code", functions.lit(3))
            .withColumn("score", functions.expr("CAST(prediction_id % 4 AS DOUBLE)"))
            .withColumn("sometimes", functions.expr("IF(prediction_id % 10 < 3, NULL, sometimes)"))
            .withColumn("category", functions.expr("IF(prediction_id % 20 = 0, 'd', category)"))
            .withColumn("prediction", functions.expr("CAST(NULL AS STRING)")));
    night.append(night.rows(3, ROWS, 4));
    night.run(TestNight.model(), 0, 4, "run-1", new ProfileJob(), new DriftJob());
  }

  /**
   * The baseline has each of 0 to 49 a hundred times, the day each of 5 to 54 eighty times. SciPy
   * 1.17.1: {@code ks_2samp(..., method="asymp")}, {@code wasserstein_distance}, and {@code
   * jensenshannon(..., base=2)} of the counts in [0,5), [5,10) ... [50,inf).
   */
  @Test
  void aShiftIsFoundWithTheRightEffectAndPValue() {
    Row ks = metric("price", "ks");
    assertThat(ks.<Double>getAs("value")).isCloseTo(0.1, within(1e-12));
    assertThat(ks.<Double>getAs("p_value"))
        .isCloseTo(8.526317824598556e-20, within(1e-9 * 8.526317824598556e-20));
    assertThat(metric("price", "wasserstein").<Double>getAs("value")).isCloseTo(5, within(1e-9));
    Row distance = metric("price", "js_distance");
    assertThat(distance.<Double>getAs("value")).isCloseTo(0.31622776601683794, within(1e-12));
    assertThat(distance.<Double>getAs("error_bound")).isZero();
    assertThat(distance.<Long>getAs("n_reference")).isEqualTo(5000);
    assertThat(distance.<Long>getAs("n_current")).isEqualTo(2L * ROWS);
    assertThat(distance.<String>getAs("status")).isEqualTo("DRIFT");
    assertThat(ks.<Double>getAs("p_value_adjusted")).isBetween(ks.<Double>getAs("p_value"), 1e-15);
    Row finding = finding(1, "price", "DRIFT", "BASELINE");
    assertThat(finding.<String>getAs("severity")).isEqualTo("CRITICAL");
    assertThat(finding.<Double>getAs("value")).isEqualTo(distance.<Double>getAs("value"));
    assertThat(finding.<Double>getAs("p_value_adjusted"))
        .isEqualTo(ks.<Double>getAs("p_value_adjusted"));
    assertThat(finding.<String>getAs("because"))
        .contains("js_distance 0.316 reaches the threshold 0.1", "test ks");
  }

  @Test
  void aQuietDayAndAnUnchangedColumnHaveNoFindings() {
    assertThat(findings(0).count()).isZero();
    assertThat(columnsOf(findings(1))).doesNotContain("x", "flag");
    assertThat(metric("x", "js_distance").<String>getAs("status")).isEqualTo("OK");
  }

  @Test
  void eachFaultHasItsFinding() {
    assertThat(finding(1, "code", "STUCK", "BASELINE").<String>getAs("severity"))
        .isEqualTo("CRITICAL");
    Row live = finding(1, "score", "WENT_LIVE", "BASELINE");
    assertThat(live.<Double>getAs("value")).as("no value is that of the baseline").isEqualTo(1.0);
    Row missing = finding(1, "sometimes", "MISSINGNESS", "BASELINE");
    assertThat(missing.<Double>getAs("value")).isCloseTo(0.2, within(1e-12));
    Row fresh = finding(1, "category", "NEW_CATEGORY", "BASELINE");
    assertThat(fresh.<Double>getAs("value")).isCloseTo(0.05, within(1e-12));
    Row outside = finding(1, "price", "OUT_OF_RANGE", "BASELINE");
    assertThat(outside.<Double>getAs("value")).isCloseTo(0.1, within(1e-12));
    Row gone = finding(1, "prediction", "MISSINGNESS", "BASELINE");
    assertThat(gone.<Double>getAs("value")).isEqualTo(1.0);
    Row rows = finding(1, ":table", "ROW_COUNT", "CONSECUTIVE");
    assertThat(rows.<Double>getAs("value")).isCloseTo(2, within(1e-12));
    // Since the day before, too; but as a hint.
    assertThat(finding(1, "price", "DRIFT", "CONSECUTIVE").<String>getAs("severity"))
        .isEqualTo("INFO");
    for (Row finding : findings(1).collectAsList()) {
      assertThat(finding.<String>getAs("because")).isNotBlank();
      if (finding.getAs("p_value_adjusted") != null) {
        assertThat(finding.<Double>getAs("p_value_adjusted")).isLessThan(0.05);
      }
    }
  }

  @Test
  void anEmptyDayIsAFindingAndTheDayAfterIsJudged() {
    Row empty = finding(2, ":table", "ROW_COUNT", "CONSECUTIVE");
    assertThat(empty.<Double>getAs("value")).isZero();
    assertThat(empty.<String>getAs("because")).contains("0 rows an hour");
    assertThat(columnsOf(findings(3)))
        .as("after no rows at all there is nothing to compare a count with")
        .containsOnly(":table");
    assertThat(findings(3).where("status = 'FIRING'").count()).isZero();
  }

  @Test
  void aSliceThatIsNoWorseThanAllRowsIsAHint() {
    List<Row> slices =
        findings(1, functions.col("slice_key").isNotNull())
            .where("column_name = 'price' AND kind = 'DRIFT' AND drift_type = 'BASELINE'")
            .collectAsList();
    assertThat(slices).isNotEmpty();
    assertThat(slices)
        .allSatisfy(
            slice -> {
              assertThat(slice.<String>getAs("severity")).isEqualTo("INFO");
              assertThat(slice.<String>getAs("because")).endsWith("So it is in all rows.");
            });
  }

  @Test
  void anIntervalThatWasNotProfiledIsAnError() {
    assertThatThrownBy(() -> night.run(TestNight.model(), 40, 41, "r", new DriftJob()))
        .hasMessageContaining("No window of test-model from 2001-04-10");
  }

  @Test
  void aColumnLostGainedOrRetypedIsNamed() {
    TestNight changed = new TestNight(spark, directory.resolve("changed").toString());
    changed.append(
        changed
            .rows(0, 300, 2)
            .drop("flag", "sometimes")
            .withColumn("x", functions.expr("CAST(x AS STRING)"))
            .withColumn("price", functions.expr("CAST(price AS DOUBLE)"))
            .withColumn("added", functions.lit(1)));
    ModelConfig sliced = TestNight.model();
    ModelConfig model =
        new ModelConfig(
            sliced.model(),
            sliced.predictions(),
            sliced.baseline(),
            sliced.columns(),
            List.of(),
            sliced.maxSliceValues(),
            sliced.granularities(),
            sliced.drift(),
            sliced.alerts(),
            List.of(),
            ModelConfig.Quality.defaults());
    assertThat(
            changed
                .run(model, 0, 1, "r", new ProfileJob(), new DriftJob())
                .get(0)
                .result()
                .summary())
        .containsEntry("columns_lost", List.of("flag", "sometimes"))
        .containsEntry("columns_gained", List.of("added"))
        .containsEntry("columns_retyped", List.of("x"));
    Dataset<Row> schema = changed.now().read(Tables.FINDINGS).where("kind = 'SCHEMA'");
    assertThat(schema.select("column_name", "severity").collectAsList())
        .extracting(row -> row.getString(0) + " " + row.getString(1))
        .containsExactlyInAnyOrder(
            "flag CRITICAL", "sometimes CRITICAL", "x CRITICAL", "added INFO");
    assertThat(schema.where("column_name = 'x'").head().<String>getAs("because"))
        .contains("is of type string", "of type double");
    assertThat(changed.now().read(Tables.DRIFT_METRICS).where("column_name = 'price'").count())
        .as("a number of another type is still compared")
        .isPositive();
  }

  private static Dataset<Row> findings(int day) {
    return findings(day, functions.col("slice_key").isNull());
  }

  private static Dataset<Row> findings(int day, Column which) {
    return night
        .now()
        .read(Tables.FINDINGS)
        .where(which)
        .where(functions.col("window_start").equalTo(functions.lit(TestNight.day(day))));
  }

  private static Set<String> columnsOf(Dataset<Row> findings) {
    return findings.select("column_name").collectAsList().stream()
        .map(row -> row.getString(0))
        .collect(Collectors.toSet());
  }

  private static Row finding(int day, String column, String kind, String driftType) {
    List<Row> found =
        findings(day)
            .where(functions.col("column_name").equalTo(column))
            .where(functions.col("kind").equalTo(kind))
            .where(functions.col("drift_type").equalTo(driftType))
            .where("status = 'FIRING'")
            .collectAsList();
    assertThat(found).as(day + " " + column + " " + kind + " " + driftType).hasSize(1);
    return found.get(0);
  }

  private static Row metric(String column, String metric) {
    List<Row> found =
        night
            .now()
            .read(Tables.DRIFT_METRICS)
            .where("slice_key IS NULL AND drift_type = 'BASELINE'")
            .where(functions.col("window_start").equalTo(functions.lit(TestNight.day(1))))
            .where(functions.col("column_name").equalTo(column))
            .where(functions.col("metric").equalTo(metric))
            .collectAsList();
    assertThat(found).as(column + " " + metric).hasSize(1);
    return found.get(0);
  }
}
