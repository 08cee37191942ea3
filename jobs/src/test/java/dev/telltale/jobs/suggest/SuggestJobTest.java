package dev.telltale.jobs.suggest;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.config.ModelConfig;
import dev.telltale.error.ExitCode;
import dev.telltale.error.TelltaleException;
import dev.telltale.jobs.Progress;
import dev.telltale.jobs.SparkTest;
import dev.telltale.jobs.check.TableCheck;
import dev.telltale.jobs.config.ConfigReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuggestJobTest extends SparkTest {
  private static final Instant MARCH = Instant.parse("2001-03-01T00:00:00Z");

  @TempDir Path directory;

  /** Suggested from January and February, held against each day of March. */
  @Test
  void whatIsSuggestedHoldsOnTheRealDaysAfter() throws IOException {
    Path raw = directory.resolve("flights.parquet");
    try (InputStream in =
        SuggestJob.class.getResourceAsStream("/dev/telltale/jobs/demo/flights-2001h1.parquet")) {
      Files.copy(in, raw);
    }
    Dataset<Row> flights =
        spark
            .read()
            .parquet(raw.toString())
            .where("departure_ts < '2001-04-01'")
            .selectExpr(
                "uuid() prediction_id",
                "cast(departure_ts as timestamp) event_ts",
                "origin",
                "destination",
                "distance_miles",
                "delay_minutes",
                "cast(hour(departure_ts) as int) departure_hour",
                "date_format(departure_ts, 'E') day_of_week",
                "if(rand(7) < 0.02, null, distance_miles / 450) air_hours",
                "delay_minutes > 15 prediction",
                "rand(8) * hour(departure_ts) / 24 score")
            .cache();
    String path = directory.resolve("log").toString();
    flights.where("event_ts < '2001-03-01'").write().format("delta").save(path);
    SuggestJob.Result result = suggest(path, Map.of());
    ModelConfig model = accepted(result);
    assertThat(model.predictions().table()).isEqualTo(path);
    assertThat(model.predictions().id()).isEqualTo("prediction_id");
    assertThat(model.predictions().eventTime()).isEqualTo("event_ts");
    assertThat(model.predictions().prediction()).isEqualTo("prediction");
    assertThat(model.predictions().score()).contains("score");
    assertThat(model.baseline().version()).contains(0L);
    assertThat(result.expectations()).hasSizeGreaterThan(20);

    NavigableMap<String, Integer> failures = new TreeMap<>();
    int failed = 0;
    int checked = 0;
    for (int day = 0; day < 31; day++) {
      Instant from = MARCH.plus(Duration.ofDays(day));
      Instant to = from.plus(Duration.ofDays(1));
      Dataset<Row> rows =
          flights.where(
              col("event_ts")
                  .geq(java.sql.Timestamp.from(from))
                  .and(col("event_ts").lt(java.sql.Timestamp.from(to))));
      for (TableCheck.Outcome outcome :
          TableCheck.ofRows(rows).run(model.checks().get(0).expectations())) {
        checked++;
        if (!outcome.result().success()) {
          failed++;
          failures.merge(
              outcome.expectation().expectation() + outcome.expectation().parameters(),
              1,
              Integer::sum);
        }
      }
    }
    assertThat((double) failed / checked).as("%s", failures).isLessThan(0.01);

    Map<String, UnaryOperator<Dataset<Row>>> faults = new LinkedHashMap<>();
    faults.put(
        "one value in twenty is missing",
        rows ->
            rows.withColumn("distance_miles", expr("if(rand(1) < 0.05, null, distance_miles)")));
    faults.put(
        "kilometres instead of miles",
        rows -> rows.withColumn("distance_miles", expr("cast(1.609 * distance_miles as bigint)")));
    faults.put(
        "another code in one row of thirty",
        rows -> rows.withColumn("origin", expr("if(rand(2) < 0.03, 'unknown', origin)")));
    faults.put("one row in fifty comes twice", rows -> rows.union(rows.sample(false, 0.02, 3)));
    faults.put("a third of the rows", rows -> rows.sample(false, 0.33, 4));
    faults.put("scores in percent", rows -> rows.withColumn("score", expr("100 * score")));
    faults.put(
        "another type",
        rows -> rows.withColumn("distance_miles", expr("cast(distance_miles as string)")));
    for (int day : new int[] {2, 8, 17, 29}) {
      Instant from = MARCH.plus(Duration.ofDays(day));
      Instant to = from.plus(Duration.ofDays(1));
      Dataset<Row> rows =
          flights.where(
              col("event_ts")
                  .geq(java.sql.Timestamp.from(from))
                  .and(col("event_ts").lt(java.sql.Timestamp.from(to))));
      faults.forEach(
          (fault, applied) ->
              assertThat(
                      TableCheck.ofRows(applied.apply(rows))
                          .run(model.checks().get(0).expectations()))
                  .as("%s on day %s", fault, from)
                  .anyMatch(outcome -> !outcome.result().success()));
    }
    flights.unpersist();
  }

  @Test
  void hostileNamesGoThereAndBack() {
    List<String> names =
        List.of(
            "a b", "c`d", "e.f", "select", "yes", "g: h", "#i", "- j", "k\"l", "m\nn", "ü'é",
            "null");
    StringBuilder sql = new StringBuilder("cast(id as string) `the id`");
    for (String name : names) {
      sql.append(", cast(id % 7 as double) + id / 1000 `")
          .append(name.replace("`", "``"))
          .append("`");
    }
    String path = directory.resolve("hostile log").toString();
    spark
        .range(600)
        .selectExpr(
            (sql
                    + ", id % 3 = 0 `pre diction`, timestamp_seconds(id * 1440 + 978307200)"
                    + " `event.time`")
                .split(", (?=cast|id|timestamp)"))
        .write()
        .format("delta")
        .option("delta.columnMapping.mode", "name")
        .save(path);
    SuggestJob.Result result = suggest(path, Map.of(Role.PREDICTION, "pre diction"));
    ModelConfig model = accepted(result);
    assertThat(model.predictions().id()).isEqualTo("the id");
    assertThat(model.predictions().eventTime()).isEqualTo("event.time");
    assertThat(model.checks().get(0).expectations())
        .as(result.yaml())
        .extracting(one -> one.parameters().getOrDefault("column", "").toString())
        .containsAll(names);
    assertThat(result.leftOut()).noneMatch(why -> why.contains("it failed"));
  }

  @Test
  void whatIsAboutPeopleIsDroppedAndNotShown() {
    String path = directory.resolve("people.parquet").toString();
    spark
        .range(300)
        .selectExpr(
            "concat('r', id) request_id",
            "timestamp_seconds(id * 600) ts",
            "if(id % 2 = 0, 'approve', 'refuse') decision",
            "concat('ann', id % 40, '@example.org') contact",
            "concat('Bob ', id % 3) customer_name",
            "id % 10 customer_id",
            "named_struct('a', id) nested",
            "cast(null as double) nothing")
        .write()
        .parquet(path);
    SuggestJob.Result result = suggest(path, Map.of());
    ModelConfig model = accepted(result);
    assertThat(model.privacy().drop()).containsExactlyInAnyOrder("contact", "customer_name");
    assertThat(result.yaml()).doesNotContain("ann1").doesNotContain("Bob");
    assertThat(result.yaml())
        .contains("nested", "pseudonym: [customer_id]", "write it as one", "nothing: it is empty")
        .contains("approve");
  }

  @Test
  void tinyAndWideTablesWork() {
    String tiny = directory.resolve("tiny.json").toString();
    spark
        .range(10)
        .selectExpr("id", "id % 2 prediction", "cast(id as double) x", "timestamp_seconds(id) ts")
        .write()
        .parquet(tiny + ".parquet");
    SuggestJob.Result few = suggest(tiny + ".parquet", Map.of());
    assertThat(accepted(few).quality().task()).contains("BINARY");
    assertThat(few.yaml()).contains("too few rows");

    StringBuilder columns =
        new StringBuilder("id, id % 2 = 0 prediction, timestamp_seconds(id * 2000) ts");
    for (int i = 0; i < 300; i++) {
      columns.append(", rand(").append(i).append(") x").append(i);
    }
    String wide = directory.resolve("wide.parquet").toString();
    spark.range(400).selectExpr(columns.toString().split(", ")).write().parquet(wide);
    assertThat(accepted(suggest(wide, Map.of())).checks().get(0).expectations())
        .hasSizeGreaterThan(600);
  }

  @Test
  void whatIsNotToldIsAsked() {
    String path = directory.resolve("untold.parquet").toString();
    spark.range(20).selectExpr("id", "timestamp_seconds(id) ts", "id * 2 x").write().parquet(path);
    assertThatThrownBy(() -> suggest(path, Map.of()))
        .isInstanceOfSatisfying(
            TelltaleException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageContaining("--prediction");
    assertThatThrownBy(() -> suggest(path, Map.of(Role.ID, "idd"))).hasMessageContaining("idd");
    String empty = directory.resolve("empty.parquet").toString();
    spark.range(0).selectExpr("id", "id prediction").write().parquet(empty);
    assertThatThrownBy(() -> suggest(empty, Map.of()))
        .isInstanceOfSatisfying(
            TelltaleException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.INPUT))
        .hasMessageContaining("no rows");
  }

  private SuggestJob.Result suggest(String path, Map<Role, String> columns) {
    return new SuggestJob(new SuggestSpec(path, Optional.empty(), columns), Progress.SILENT)
        .run(spark);
  }

  private ModelConfig accepted(SuggestJob.Result result) {
    Path file = directory.resolve("model.yaml");
    try {
      Files.writeString(file, result.yaml());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return ConfigReader.of(file.toString(), Map.of()).check().get(0).config();
  }
}
