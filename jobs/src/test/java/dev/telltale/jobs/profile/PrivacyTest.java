package dev.telltale.jobs.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.config.ModelConfig;
import dev.telltale.config.Privacy;
import dev.telltale.config.Sampling;
import dev.telltale.jobs.SparkTest;
import dev.telltale.jobs.TestNight;
import dev.telltale.jobs.drift.DriftJob;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.sample.SampleJob;
import dev.telltale.privacy.Pseudonym;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Columns that are protected are counted and stored as they may be seen, and no other way. */
class PrivacyTest extends SparkTest {
  private static final Privacy.Key FIRST =
      key("2000-01-01", "first key of thirty-two bytes or more");
  private static final Privacy.Key SECOND =
      key("2001-03-02", "second key of thirty-two bytes or so");

  @TempDir private Path directory;
  private TestNight night;

  @BeforeEach
  void telemetryWithPeopleInIt() {
    night = new TestNight(spark, directory.resolve("lake").toString());
    people(night.rows(-30, 5000, 1))
        .write()
        .format("delta")
        .mode("overwrite")
        .option("overwriteSchema", "true")
        .save(night.lake().location() + "/baseline");
    night.append(people(night.rows(0, 1000, 1)));
    night.append(people(night.rows(1, 1000, 2)));
  }

  private static Privacy.Key key(String from, String secret) {
    return new Privacy.Key(LocalDate.parse(from), "KEY", Optional.of(secret));
  }

  private static Dataset<Row> people(Dataset<Row> rows) {
    return rows.selectExpr(
        "*",
        "concat('user-', prediction_id % 50) AS user_id",
        "concat('user-', prediction_id % 50, '@example.org') AS email",
        "concat('device-', prediction_id % 7) AS device",
        "format_string('%05d', prediction_id % 99999) AS zip",
        "CAST(18 + prediction_id % 60 AS INT) AS age",
        "date_add(date '1950-06-15', CAST(prediction_id AS INT)) AS born");
  }

  private ModelConfig model(Optional<Sampling> sampling) {
    ModelConfig plain = TestNight.model();
    return new ModelConfig(
        plain.model(),
        sampling.isPresent()
            ? plain.predictions().stored("sample", Optional.of(Sampling.WEIGHT))
            : plain.predictions(),
        plain.baseline(),
        plain.columns(),
        List.of(List.of("category"), List.of("zip")),
        plain.maxSliceValues(),
        plain.granularities(),
        plain.drift(),
        plain.alerts(),
        plain.feedback(),
        plain.quality(),
        plain.kpis(),
        sampling,
        new Privacy(
            List.of("email"),
            List.of("user_id"),
            List.of("device"),
            new TreeMap<>(Map.of("zip", 3)),
            new TreeMap<>(Map.of("age", "10", "born", "year")),
            List.of(FIRST, SECOND),
            Optional.of(new Privacy.Units("user_id", 3))),
        plain.retention(),
        plain.checks(),
        Optional.empty());
  }

  @Test
  void statesAreOfWhatMayBeSeen() {
    night.run(model(Optional.empty()), 0, 2, "run", new ProfileJob(), new DriftJob());
    Dataset<Row> metrics = night.now().read(Tables.PROFILE_METRICS);
    assertThat(metrics.where("column_name IN ('email', 'user_id')").count()).isZero();
    assertThat(
            metrics
                .where("slice_key = 'zip' AND length(slice_value) > 3")
                .where("slice_value NOT LIKE ':%'")
                .count())
        .isZero();
    Dataset<Row> window = metrics.where("slice_key IS NULL AND granularity = '1 day'");
    Row age = window.where("column_name = 'age'").head();
    assertThat(age.<Double>getAs("min")).isEqualTo(10);
    assertThat(age.<Double>getAs("max")).isEqualTo(70);
    assertThat(items(window, "device")).hasSize(7).allMatch(item -> item.matches("[0-9a-f]{32}"));
    assertThat(
            window
                .where("column_name = 'born'")
                .selectExpr("to_date(timestamp_seconds(min)) AS d")
                .head()
                .getDate(0)
                .toString())
        .isEqualTo("1950-01-01");
    assertThat(window.where("column_name = 'zip'").head().<Integer>getAs("max_length"))
        .isEqualTo(3);
    // The same on both sides: nothing drifts.
    assertThat(
            night
                .now()
                .read(Tables.DRIFT_METRICS)
                .where("column_name IN ('device', 'zip', 'age') AND slice_key IS NULL")
                .where("drift_type = 'BASELINE' AND status = 'OK'")
                .count())
        .isPositive();
    assertThat(personal()).isEmpty();
    assertNothingPersonal();
  }

  @Test
  void aColumnThatLooksLikePeopleIsFound() {
    night.run(TestNight.model(), 0, 1, "run", new ProfileJob(), new DriftJob());
    assertThat(personal())
        .extracting(row -> row.<String>getAs("column_name"))
        .containsOnly("email");
    assertThat(personal().get(0).<String>getAs("because")).contains("e-mail addresses");
  }

  private List<Row> personal() {
    return night
        .now()
        .read(Tables.FINDINGS)
        .where("kind = 'PERSONAL_DATA'")
        .select("column_name", "because")
        .collectAsList();
  }

  @Test
  void aSampleHasPseudonymsOfTheDaysKey() {
    ModelConfig model =
        model(
            Optional.of(
                new Sampling(
                    "predictions",
                    Optional.empty(),
                    new Sampling.Amount(Sampling.AmountKind.RATE, 0.5),
                    List.of(),
                    Sampling.Allocation.PROPORTIONAL,
                    Optional.empty(),
                    Optional.empty(),
                    List.of("email = 'user-3@example.org'"),
                    Optional.empty())));
    night.run(model, 0, 2, "run", new SampleJob(), new ProfileJob());
    Dataset<Row> sample = spark.read().format("delta").load(night.lake().location() + "/sample");
    assertThat(sample.columns()).contains("user_id", "device").doesNotContain("email");
    Pseudonym pseudonym = new Pseudonym(List.of(FIRST, SECOND));
    List<String> both = pseudonym.all("user-3");
    for (int day = 0; day < 2; day++) {
      assertThat(
              sample
                  .where("telltale_date = '" + LocalDate.parse("2001-03-01").plusDays(day) + "'")
                  .where("user_id = '" + both.get(day) + "'")
                  .count())
          .as("kept whole by a condition on a column that is dropped")
          .isEqualTo(20);
    }
    assertThat(sample.selectExpr("max(length(zip))").head().getInt(0)).isEqualTo(3);
    assertThat(sample.where("age % 10 <> 0").count()).isZero();
    assertNothingPersonal();
  }

  @Test
  void whatCannotBeGeneralisedIsSaid() {
    ModelConfig model = model(Optional.empty());
    Privacy wrong =
        new Privacy(
            List.of(),
            List.of(),
            List.of(),
            new TreeMap<>(),
            new TreeMap<>(Map.of("zip", "10")),
            List.of(),
            Optional.empty());
    assertThatThrownBy(
            () -> night.now().source("predictions").seenUnder(wrong, Optional.empty()).schema())
        .hasMessageContaining("zip")
        .hasMessageContaining("a number");
    assertThat(model.privacy().changes("zip")).isTrue();
  }

  private static List<String> items(Dataset<Row> metrics, String column) {
    Row row = metrics.where("column_name = '" + column + "'").head();
    return row.<Row>getList(row.fieldIndex("frequent_items")).stream()
        .map(item -> item.getString(0))
        .toList();
  }

  /** No text, and no state, of any result table holds what a column has in the log. */
  private void assertNothingPersonal() {
    for (Tables table : Tables.values()) {
      assertNothingPersonal(night.now().read(table), table.name());
    }
    Path sample = Path.of(night.lake().location()).resolve("sample");
    if (sample.toFile().exists()) {
      assertNothingPersonal(spark.read().format("delta").load(sample.toString()), "sample");
    }
  }

  private static void assertNothingPersonal(Dataset<Row> rows, String table) {
    assertThat(
            rows.selectExpr("to_json(struct(*)) AS text", bytes(rows))
                .where("text RLIKE 'user-[0-9]|device-[0-9]|@example' OR bytes RLIKE 'user-|@exa'")
                .count())
        .as(table)
        .isZero();
  }

  private static String bytes(Dataset<Row> rows) {
    List<String> binary =
        java.util.Arrays.stream(rows.schema().fields())
            .filter(field -> field.dataType().typeName().equals("binary"))
            .map(field -> "decode(" + field.name() + ", 'ISO-8859-1')")
            .toList();
    return binary.isEmpty()
        ? "'' AS bytes"
        : "concat_ws(' ', " + String.join(", ", binary) + ") AS bytes";
  }
}
