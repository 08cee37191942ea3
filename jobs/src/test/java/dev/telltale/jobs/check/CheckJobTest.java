package dev.telltale.jobs.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.config.Check;
import dev.telltale.config.ModelConfig;
import dev.telltale.error.ExitCode;
import dev.telltale.error.TelltaleException;
import dev.telltale.jobs.LakeContents;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.Progress;
import dev.telltale.jobs.SparkTest;
import dev.telltale.jobs.TestNight;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.night.NightRunner;
import dev.telltale.jobs.profile.ProfileJob;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckJobTest extends SparkTest {
  @TempDir Path directory;

  private TestNight night;

  @BeforeEach
  void setUp() {
    night = new TestNight(spark, directory.toString());
  }

  static Check.Expectation expect(String name, Object... parameters) {
    return with(name, 1, null, "WARNING", parameters);
  }

  static Check.Expectation with(
      String name, double mostly, String condition, String severity, Object... parameters) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < parameters.length; i += 2) {
      map.put((String) parameters[i], parameters[i + 1]);
    }
    return new Check.Expectation(name, map, mostly, Optional.ofNullable(condition), severity);
  }

  static Check check(String table, Check.Expectation... expectations) {
    return new Check(
        Optional.ofNullable(table), Optional.empty(), List.of(), Arrays.asList(expectations));
  }

  private static ModelConfig model(Check... checks) {
    ModelConfig model = TestNight.model();
    return new ModelConfig(
        model.model(),
        model.predictions(),
        model.baseline(),
        model.columns(),
        model.slices(),
        model.maxSliceValues(),
        model.granularities(),
        model.drift(),
        model.alerts(),
        model.feedback(),
        model.quality(),
        model.kpis(),
        model.sampling(),
        model.privacy(),
        model.retention(),
        List.of(checks),
        Optional.empty());
  }

  private List<Row> results() {
    return night
        .now()
        .read(Tables.CHECK_RESULTS)
        .orderBy("window_start", "expectation", "kwargs")
        .collectAsList();
  }

  private Row result(String expectation) {
    return results().stream()
        .filter(row -> row.getAs("expectation").equals(expectation))
        .reduce((one, other) -> other)
        .orElseThrow();
  }

  private List<Row> findings() {
    return night
        .now()
        .read(Tables.FINDINGS)
        .where("job = 'check'")
        .orderBy("window_start", "finding_key")
        .collectAsList();
  }

  @Test
  void whatFailsIsAFindingWithTheRowsThatOffend() {
    night.append(night.rows(0, 1000, 2));
    ModelConfig model =
        model(
            check(
                null,
                with(
                    "expect_column_values_to_be_between",
                    0.9,
                    "flag",
                    "CRITICAL",
                    "column",
                    "sometimes",
                    "min_value",
                    10L),
                expect(
                    "expect_column_values_to_be_between", "column", "sometimes", "min_value", 0L),
                expect(
                    "expect_column_values_to_be_in_set",
                    "column",
                    "category",
                    "value_set",
                    List.of("a", "b", "c"))));
    night.run(model, 0, 1, "one", new CheckJob());
    Row row =
        results().stream()
            .filter(one -> one.<String>getAs("kwargs").contains("mostly"))
            .findFirst()
            .orElseThrow();
    // Of 500 even ids every tenth of all is null: 0, 10 ...; 2, 4, 6 and 8 of each hundred are
    // below.
    assertThat(row.<Boolean>getAs("success")).isTrue();
    assertThat(row.<Long>getAs("element_count")).isEqualTo(500);
    assertThat(row.<Long>getAs("missing_count")).isEqualTo(100);
    assertThat(row.<Long>getAs("unexpected_count")).isEqualTo(40);
    assertThat(row.<Double>getAs("unexpected_percent")).isEqualTo(10);
    assertThat(row.<String>getList(row.fieldIndex("partial_unexpected_ids")))
        .hasSize(20)
        .startsWith("2", "4", "6", "8", "102");
    assertThat(row.<String>getAs("partial_unexpected_list")).startsWith("[2.0,4.0,6.0,8.0,2.0");
    assertThat(findings()).isEmpty();

    night.run(
        model(
            check(
                null,
                with(
                    "expect_column_values_to_be_between",
                    0.95,
                    "flag",
                    "CRITICAL",
                    "column",
                    "sometimes",
                    "min_value",
                    10L))),
        0,
        1,
        "two",
        new CheckJob());
    Row finding = findings().get(0);
    assertThat(finding.<String>getAs("kind")).isEqualTo("EXPECTATION");
    assertThat(finding.<String>getAs("severity")).isEqualTo("CRITICAL");
    assertThat(finding.<String>getAs("column_name")).isEqualTo("sometimes");
    assertThat(finding.<Double>getAs("value")).isEqualTo(10);
    assertThat(finding.<String>getAs("because"))
        .isEqualTo(
            "expect_column_values_to_be_between of sometimes does not hold. 40 of 400 values"
                + " (10 %) are unexpected; 5 % may be.");
    assertThat(results()).hasSize(1);
  }

  /** Each is about something that cannot be checked; none keeps the others from it. */
  @Test
  void whatCannotBeJudgedDoesNotTakeTheOthersDown() {
    night.append(night.rows(0, 1000, 2));
    ModelConfig model =
        model(
            check(
                null,
                expect("expect_column_values_to_not_be_null", "column", "categry"),
                expect("expect_column_mean_to_be_between", "column", "category", "min_value", 0L),
                expect("expect_column_max_to_be_between", "column", "price", "max_value", 49L),
                expect(
                    "expect_column_quantile_values_to_be_between",
                    "column",
                    "price",
                    "quantile_ranges",
                    Map.of("quantiles", List.of(0.5), "value_ranges", List.of(List.of(24L, 25L)))),
                expect(
                    "expect_column_min_to_be_between",
                    "column",
                    "event_ts",
                    "min_value",
                    "2001-03-01",
                    "max_value",
                    "2001-03-01 00:00:00"),
                expect("expect_table_to_be_fresh", "column", "event_ts", "max_age", "8 hours"),
                with(
                    "expect_column_sum_to_be_between",
                    1,
                    "no_such_column > 0",
                    "WARNING",
                    "column",
                    "x",
                    "min_value",
                    0L),
                with(
                    "expect_column_stdev_to_be_between",
                    1,
                    "code > 3 AND raise_error('broken row') IS NULL",
                    "WARNING",
                    "column",
                    "x",
                    "min_value",
                    0L),
                expect(
                    "expect_column_unique_value_count_to_be_between",
                    "column",
                    "parts",
                    "min_value",
                    1L),
                expect("expect_table_row_count_to_equal", "value", 1000L)),
            check("no_such_table", expect("expect_table_column_count_to_equal", "value", 3L)));
    night.run(model, 0, 1, "one", new CheckJob());
    Map<String, String> exceptions = new LinkedHashMap<>();
    results().forEach(row -> exceptions.put(row.getAs("expectation"), row.getAs("exception")));
    assertThat(exceptions.get("expect_column_values_to_not_be_null"))
        .isEqualTo("There is no column categry; did you mean `category`?");
    assertThat(exceptions.get("expect_column_mean_to_be_between"))
        .isEqualTo("Column category is of type string, and the expectation is for numbers.");
    assertThat(exceptions.get("expect_column_sum_to_be_between")).contains("no_such_column");
    assertThat(exceptions.get("expect_column_stdev_to_be_between")).contains("broken row");
    assertThat(exceptions.get("expect_column_unique_value_count_to_be_between"))
        .startsWith("Column parts is of type array<bigint>");
    assertThat(exceptions.get("expect_table_column_count_to_equal")).contains("no_such_table");
    for (String holds :
        List.of(
            "expect_column_max_to_be_between",
            "expect_column_quantile_values_to_be_between",
            "expect_column_min_to_be_between",
            "expect_table_to_be_fresh",
            "expect_table_row_count_to_equal")) {
      assertThat(exceptions.get(holds)).as(holds).isNull();
      assertThat(result(holds).<Boolean>getAs("success")).as(holds).isTrue();
    }
    assertThat(result("expect_column_min_to_be_between").<String>getAs("observed_value"))
        .isEqualTo("\"2001-03-01T00:00:00Z\"");
    assertThat(findings()).hasSize(6);
  }

  @Test
  void telemetryThatIsMissingIsMissingInput() {
    ModelConfig model = model(check(null, expect("expect_table_row_count_to_equal", "value", 0L)));
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> night.run(model, 0, 1, "one", new CheckJob()))
        .isInstanceOfSatisfying(
            TelltaleException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.INPUT));
  }

  @Test
  void whatTheProfileKnowsIsNotScannedAgain() {
    night.append(night.rows(0, 1000, 2));
    Check check =
        check(
            null,
            expect("expect_table_row_count_to_equal", "value", 1000L),
            expect("expect_column_values_to_not_be_null", "column", "x"),
            expect(
                "expect_column_values_to_be_between",
                "column",
                "sometimes",
                "min_value",
                0L,
                "max_value",
                99L),
            expect(
                "expect_column_values_to_be_in_set",
                "column",
                "category",
                "value_set",
                List.of("a", "b", "c")),
            expect("expect_column_mean_to_be_between", "column", "sometimes", "max_value", 60L));
    ModelConfig model = model(check);
    night.run(model, 0, 1, "scan", new CheckJob());
    assertThat(results()).extracting(row -> row.getAs("source")).containsOnly("scan");
    List<String> scanned = comparable();
    long rowsRead =
        night.run(model, 0, 1, "both", new ProfileJob(), new CheckJob()).get(1).result().rowsRead();
    assertThat(results()).extracting(row -> row.getAs("source")).containsOnly("profile");
    assertThat(rowsRead).isZero();
    assertThat(comparable()).isEqualTo(scanned);
    // What fails has rows to show.
    night.run(
        model(check(null, expect("expect_column_values_to_not_be_null", "column", "sometimes"))),
        0,
        1,
        "fails",
        new CheckJob());
    assertThat(results().get(0).<String>getAs("source")).isEqualTo("scan");
    // Rows that came after the profile are not what the profile knows.
    night.append(night.rows(0, 10, 3));
    night.run(model, 0, 1, "late", new CheckJob());
    assertThat(results()).extracting(row -> row.getAs("source")).containsOnly("scan");
    assertThat(result("expect_table_row_count_to_equal").<String>getAs("observed_value"))
        .isEqualTo("1010");
  }

  /** Sums of doubles depend on their order in the last digits. */
  private List<String> comparable() {
    return results().stream()
        .map(
            row ->
                row.getAs("expectation")
                    + " "
                    + row.getAs("success")
                    + " "
                    + row.getAs("element_count")
                    + " "
                    + row.getAs("missing_count")
                    + " "
                    + row.getAs("unexpected_count")
                    + " "
                    + Optional.ofNullable(row.<String>getAs("observed_value"))
                        .map(
                            value ->
                                String.format(
                                    java.util.Locale.ROOT, "%.9g", Double.parseDouble(value)))
                        .orElse(""))
        .toList();
  }

  @Test
  void lateRowsAreCheckedAgainAndNightsTogetherAreNightByNight(@TempDir Path other) {
    Check telemetry =
        check(
            null,
            expect("expect_table_row_count_to_be_between", "min_value", 600L),
            expect("expect_column_values_to_be_unique", "column", "prediction_id"));
    ModelConfig model =
        model(
            telemetry,
            check("baseline", expect("expect_table_row_count_to_equal", "value", 5000L)));
    night.append(night.rows(0, 500, 2));
    night.run(model, 0, 1, "one", new CheckJob());
    night.append(night.rows(1, 500, 3));
    night.run(model, 1, 2, "two", new CheckJob());
    assertThat(findings()).hasSize(2);
    assertThat(findings().get(1).<java.sql.Timestamp>getAs("first_seen").toInstant())
        .isEqualTo(TestNight.day(0));
    Dataset<Row> late = night.rows(0, 700, 4).where("id >= 450");
    night.append(late);
    night.append(night.rows(2, 700, 5));
    List<NightRunner.Outcome> outcomes = night.run(model, 2, 3, "three", new CheckJob());
    assertThat(outcomes.get(0).result().restated()).containsExactly(TestNight.day(0));
    List<Row> unique =
        results().stream()
            .filter(row -> row.<String>getAs("expectation").contains("unique"))
            .toList();
    assertThat(unique.get(0).<Long>getAs("unexpected_count")).isEqualTo(100);
    assertThat(unique.get(0).<String>getList(unique.get(0).fieldIndex("partial_unexpected_ids")))
        .startsWith("450", "450", "451", "451")
        .hasSize(20);
    // Of the second day only the start changed: the first day has enough rows now.
    Row second =
        findings().stream()
            .filter(row -> row.<String>getAs("metric").contains("row_count"))
            .findFirst()
            .orElseThrow();
    assertThat(second.<java.sql.Timestamp>getAs("first_seen").toInstant())
        .isEqualTo(TestNight.day(1));

    Map<Tables, List<String>> byNight = LakeContents.of(spark, directory.toString());
    night.run(model, 0, 3, "together", new CheckJob());
    Map<Tables, List<String>> together = LakeContents.of(spark, directory.toString());
    assertThat(together.get(Tables.FINDINGS)).isEqualTo(byNight.get(Tables.FINDINGS));
    assertThat(
            together.get(Tables.CHECK_RESULTS).stream().map(CheckJobTest::withoutVersion).toList())
        .isEqualTo(
            byNight.get(Tables.CHECK_RESULTS).stream().map(CheckJobTest::withoutVersion).toList());
    NightSpec again = night.spec(model, 2, 3, "again");
    NightRunner.run(
        spark,
        new NightSpec(
            again.lake(),
            model,
            "hash",
            again.from(),
            again.to(),
            "again",
            Optional.of("three"),
            false),
        List.of(new CheckJob()),
        Progress.SILENT);
    assertThat(LakeContents.of(spark, directory.toString()).get(Tables.FINDINGS))
        .isEqualTo(byNight.get(Tables.FINDINGS));
  }

  private static String withoutVersion(String json) {
    return json.replaceAll("\"table_version\":\\d+,", "");
  }

  @Test
  void aWeekdayIsComparedWithTheSameDayOfTheWeeksBefore() {
    ModelConfig model =
        model(check(null, expect("expect_table_row_count_to_be_seasonal", "periods", 5L)));
    long[] rows = {1000, 1010, 990, 1005, 400, 1003};
    for (int week = 0; week < rows.length; week++) {
      night.append(night.rows(7 * week, rows[week], week));
    }
    for (int week = 0; week < 4; week++) {
      night.run(model, 7 * week, 7 * week + 1, "one" + week, new CheckJob());
    }
    assertThat(results()).allSatisfy(row -> assertThat(row.<Boolean>getAs("success")).isNull());
    assertThat(results().get(3).<String>getAs("because"))
        .isEqualTo(
            "INSUFFICIENT_DATA: there are 1,005 rows, and only 3 earlier periods to compare with;"
                + " 4 are needed.");
    assertThat(findings()).isEmpty();
    // The fifth fails; the sixth is not compared with it, though nights of both are one run.
    night.run(model, 28, 36, "two", new CheckJob());
    assertThat(result("expect_table_row_count_to_be_seasonal").<Boolean>getAs("success")).isTrue();
    assertThat(findings()).hasSize(1);
    Row failed = results().get(4);
    assertThat(failed.<Boolean>getAs("success")).isFalse();
    assertThat(failed.<String>getAs("because"))
        .startsWith(
            "There are 400 rows, where 1,001 are usual in 4 earlier periods (-60.0 %, p = ");
  }

  @Test
  void aSequenceGoesOnAcrossMidnight() {
    // Row k of a day is at minute k and has the code k % 7, which falls from 4 to 0 at midnight.
    night.append(night.rows(0, 1440, 2).where("prediction_id = 1439"));
    night.append(night.rows(1, 1440, 2).where("prediction_id IN (0, 1)"));
    night.run(
        model(
            check(
                null,
                expect(
                    "expect_column_values_to_be_increasing", "column", "code", "time", "event_ts"),
                expect(
                    "expect_column_values_to_be_increasing",
                    "column",
                    "code",
                    "time",
                    "event_ts",
                    "lookback",
                    "30 seconds"))),
        1,
        2,
        "one",
        new CheckJob());
    Row beyond = results().get(1);
    assertThat(beyond.<Long>getAs("element_count")).isEqualTo(2);
    assertThat(beyond.<Long>getAs("unexpected_count")).isEqualTo(1);
    Row within = results().get(0);
    assertThat(within.<String>getAs("kwargs")).contains("30 seconds");
    assertThat(within.<Long>getAs("element_count")).isEqualTo(2);
    assertThat(within.<Long>getAs("unexpected_count")).isEqualTo(0);
  }
}
