package dev.telltale.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.jobs.SparkTest;
import dev.telltale.jobs.lake.Tables;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values that nobody expects are counted, and no table ever holds NaN or infinity. */
class HostileValuesTest extends SparkTest {
  private static final int ROWS = 1000;
  private static final int LONG_TEXTS = 40;
  private static final int MEGABYTE = 1 << 20;

  /** More distinct texts than are kept by name, than a batch has rows, and than a sketch holds. */
  private static final int MANY = 1_000_000;

  @TempDir static Path directory;
  private static CliNight night;

  @BeforeAll
  static void aHostileDay() {
    night = new CliNight(spark, directory);
    night.write(
        "hostile_baseline",
        spark
            .range(0, ROWS, 1, 1)
            .selectExpr(
                "randn(1) AS nothing",
                "CAST(NULL AS DOUBLE) AS never",
                "CAST(NULL AS STRING) AS never_text",
                "randn(2) AS odd",
                "IF(id % 2 = 0, -1.7e308D, 1.7e308D) AS huge",
                "randn(3) AS huge_now",
                "id % 3 AS few",
                "concat('short ', id % 5) AS text",
                "IF(id % 4 = 0, NULL, 'x') AS side"));
    Dataset<Row> hostile =
        spark
            .range(0, ROWS, 1, 2)
            .selectExpr(
                "CAST(id AS STRING) AS prediction_id",
                "timestamp '2001-03-01 00:00:00' + make_interval(0, 0, 0, 0, 0, id) AS event_ts",
                "'v1' AS model_version",
                "CAST(NULL AS DOUBLE) AS nothing",
                "CAST(NULL AS DOUBLE) AS never",
                "CAST(NULL AS STRING) AS never_text",
                "CASE id % 10 WHEN 0 THEN double('NaN') WHEN 1 THEN double('Infinity')"
                    + " WHEN 2 THEN double('-Infinity') WHEN 3 THEN -0.0D WHEN 4 THEN NULL"
                    + " ELSE CAST(id AS DOUBLE) END AS odd",
                "IF(id % 2 = 0, 1.7e308D, -1.7e308D) AS huge",
                "IF(id % 2 = 0, 1e308D, -1.7e308D) AS huge_now",
                "id % 3 AS few",
                "IF(id < "
                    + LONG_TEXTS
                    + ", concat(repeat('é', "
                    + MEGABYTE / 2
                    + "), id), 'short 1') AS text",
                "IF(id % 4 = 0, NULL, 'x') AS side",
                "'yes' AS prediction",
                "IF(id % 2 = 0, double('NaN'), 2D) AS score");
    night.write("hostile", hostile);
    // Every third row comes twice.
    night.write("hostile", hostile.where("CAST(prediction_id AS INT) % 3 = 1"));
    Path model =
        night.model(
            CliNight.MODEL.formatted("hostile", "hostile")
                + "baseline: {table: hostile_baseline}\nslices: [[side], [text]]\n");
    for (String command : List.of("profile", "drift")) {
      Cli.Outcome outcome = night.run(command, model);
      assertThat(outcome.err()).isEmpty();
      assertThat(outcome.exitCode()).isZero();
    }
  }

  @Test
  void everyRowIsCountedOnce() {
    Row odd = metrics("hostile", "odd");
    assertThat(odd.<Long>getAs("count")).isEqualTo(ROWS);
    assertThat(odd.<Long>getAs("num_nan")).isEqualTo(100);
    assertThat(odd.<Long>getAs("num_positive_infinity")).isEqualTo(100);
    assertThat(odd.<Long>getAs("num_negative_infinity")).isEqualTo(100);
    assertThat(odd.<Long>getAs("num_zeros")).as("-0.0 is zero").isEqualTo(100);
    assertThat(odd.<Long>getAs("num_nulls")).isEqualTo(100);
    assertThat(odd.<Double>getAs("max")).isEqualTo(999.0);
    assertThat(metrics("hostile", "nothing").<Long>getAs("num_nulls")).isEqualTo(ROWS);
    assertThat(metrics("hostile", "nothing").<Double>getAs("percent_null")).isEqualTo(100.0);
    assertThat(metrics("hostile", "nothing").<Double>getAs("avg")).isNull();
    assertThat(metrics("hostile", ":table").<Long>getAs("num_duplicate_ids")).isEqualTo(ROWS / 3);
  }

  @Test
  void valuesNearTheLargestDoubleAreSummarised() {
    Row huge = metrics("hostile", "huge");
    assertThat(huge.<Double>getAs("min")).isEqualTo(-1.7e308);
    assertThat(huge.<Double>getAs("max")).isEqualTo(1.7e308);
    assertThat(huge.<Long>getAs("count")).isEqualTo(ROWS);
    // The mean of values that cancel out is off by roundings of the values themselves.
    assertThat(huge.<Double>getAs("avg")).isCloseTo(0, within(1.7e308 * 1e-12));
    assertThat(huge.<Double>getAs("stddev")).as("too large for a double").isNull();
  }

  @Test
  void noTableHoldsNaNOrInfinity() {
    for (Tables table : List.of(Tables.PROFILE_METRICS, Tables.DRIFT_METRICS, Tables.FINDINGS)) {
      Dataset<Row> rows = night.night().now().read(table).where("model_id = 'hostile'");
      assertThat(rows.count()).isPositive();
      List<String> conditions = new ArrayList<>();
      for (StructField field : rows.schema().fields()) {
        if (field.dataType() instanceof DoubleType) {
          conditions.add(
              "isnan(" + field.name() + ") OR abs(" + field.name() + ") = double('Infinity')");
        } else if (field.dataType() instanceof ArrayType && field.name().equals("quantiles")) {
          conditions.add(
              "exists(quantiles, q -> isnan(q.value) OR abs(q.value) = double('Infinity'))");
        }
      }
      assertThat(conditions).isNotEmpty();
      assertThat(rows.where(String.join(" OR ", conditions)).toJSON().collectAsList())
          .as(table.tableName())
          .isEmpty();
    }
  }

  @Test
  void aColumnWithoutValuesIsNotJudgedAndItsAbsenceIs() {
    assertThat(findings("nothing", "DRIFT"))
        .extracting(row -> row.<String>getAs("status"))
        .containsOnly("INSUFFICIENT_DATA");
    assertThat(findings("nothing", "MISSINGNESS"))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.<String>getAs("status")).isEqualTo("FIRING");
              assertThat(finding.<Double>getAs("value")).isEqualTo(1.0);
              assertThat(finding.<String>getAs("because")).contains("100 %", "instead of 0 %");
            });
    for (String never : List.of("never", "never_text")) {
      assertThat(findings(never, "DRIFT"))
          .extracting(row -> row.<String>getAs("status"))
          .containsOnly("INSUFFICIENT_DATA");
      assertThat(findings(never, "MISSINGNESS")).isEmpty();
    }
    assertThat(findings("few", "DRIFT")).isEmpty();
  }

  @Test
  void longTextIsKeptShortAndToldApart() {
    Row text = metrics("hostile", "text");
    assertThat(text.<Long>getAs("count")).isEqualTo(ROWS);
    assertThat(text.<Double>getAs("distinct_count")).isEqualTo(LONG_TEXTS + 1.0);
    assertThat(text.<Long>getAs("num_unseen")).isEqualTo(LONG_TEXTS);
    assertThat(text.<Integer>getAs("max_length")).isEqualTo(MEGABYTE / 2 + 2);
    assertThat(
            night
                .night()
                .now()
                .read(Tables.PROFILE_STATES)
                .where("model_id = 'hostile'")
                .agg(functions.max(functions.length(functions.col("state"))))
                .head()
                .getInt(0))
        .isLessThan(100_000);
    assertThat(findings("text", "NEW_CATEGORY"))
        .singleElement()
        .satisfies(finding -> assertThat(finding.<Double>getAs("value")).isEqualTo(0.04));
  }

  @Test
  void aMillionDistinctTextsAreCountedWithinTheBoundsOfTheSketches() {
    night.write(
        "many_baseline",
        spark.range(0, MANY, 1, 2).selectExpr("concat('old ', id) AS text", "1.5D AS x"));
    night.write(
        "many",
        spark
            .range(0, MANY, 1, 2)
            .selectExpr(
                "concat('id ', id) AS prediction_id",
                "timestamp '2001-03-01 00:00:00' + make_interval(0, 0, 0, 0, 0, id % 1440)"
                    + " AS event_ts",
                "'v1' AS model_version",
                "IF(id % 10 = 0, 'frequent', concat('new ', id)) AS text",
                "1.5D AS x",
                "'yes' AS prediction",
                "0.5D AS score"));
    Path model =
        night.model(
            CliNight.MODEL.formatted("many", "many") + "baseline: {table: many_baseline}\n");
    for (String command : List.of("profile", "drift")) {
      Cli.Outcome outcome = night.run(command, model);
      assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    }
    Row text = metrics("many", "text");
    assertThat(text.<Long>getAs("count")).isEqualTo(MANY);
    assertThat(text.<Long>getAs("num_unseen")).isEqualTo(MANY);
    assertThat(text.<Boolean>getAs("distinct_is_exact")).isFalse();
    // Five times the standard error of 1.6 %.
    assertThat(text.<Double>getAs("distinct_count")).isCloseTo(900_001, within(0.08 * 900_001));
    Row most = text.<Row>getList(text.fieldIndex("frequent_items")).get(0);
    assertThat(most.getString(0)).isEqualTo("frequent");
    long error = text.<Long>getAs("frequent_items_error");
    assertThat(most.getLong(1)).isCloseTo(100_000, within(error));
    assertThat(error).isLessThan(10_000);
    assertThat(metrics("many", ":table").<Long>getAs("num_duplicate_ids")).isZero();
  }

  private static Row metrics(String model, String column) {
    return night
        .night()
        .now()
        .read(Tables.PROFILE_METRICS)
        .where("granularity = '1 day' AND model_version IS NULL AND slice_key IS NULL")
        .where(functions.col("model_id").equalTo(model))
        .where(functions.col("column_name").equalTo(column))
        .head();
  }

  private static List<Row> findings(String column, String kind) {
    return night
        .night()
        .now()
        .read(Tables.FINDINGS)
        .where("model_id = 'hostile' AND slice_key IS NULL AND model_version IS NULL")
        .where(functions.col("column_name").equalTo(column))
        .where(functions.col("kind").equalTo(kind))
        .collectAsList();
  }
}
