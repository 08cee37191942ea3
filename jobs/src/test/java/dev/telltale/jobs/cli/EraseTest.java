package dev.telltale.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.telltale.config.Privacy;
import dev.telltale.error.TelltaleException;
import dev.telltale.jobs.EmptyLake;
import dev.telltale.jobs.LakeContents;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.NightlyJob;
import dev.telltale.jobs.Progress;
import dev.telltale.jobs.SparkTest;
import dev.telltale.jobs.config.ConfigReader;
import dev.telltale.jobs.config.ModelFile;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.night.NightRunner;
import dev.telltale.jobs.night.NightlyJobs;
import dev.telltale.jobs.profile.ProfileJob;
import dev.telltale.jobs.sample.SampleJob;
import dev.telltale.privacy.Pseudonym;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** After an erasure no file of the lake has anything of the subject, and all else is as it was. */
class EraseTest extends SparkTest {
  private static final String MODEL =
      """
      model: erased-model
      predictions:
        {table: predictions, id: prediction_id, event-time: event_ts, model-version: model_version,
         prediction: prediction, score: score}
      baseline: {table: baseline, version: 0}
      columns: {exclude: [note, label]}
      slices: [[category]]
      granularities: [1 day, 1 week]
      feedback:
        - {kind: outcome, table: labels, id: prediction_id, arrival-time: label_ts, value: label, wait: 2 days}
      quality: {labelling-budget: 60}
      kpis: [{name: clicks, table: clicks, event-time: at, id: prediction_id}]
      sampling: {rate: 1, unit: user_id}
      """;

  /** Every row of a user has the user's id in all texts; only the subjects have their city. */
  private static final String ROWS =
      """
      CASE id %% 20 WHEN 7 THEN 'subject-4711' WHEN 8 THEN 'subject-0815'
        ELSE concat('user-', id %% 20) END AS user_id,
      concat(CASE id %% 20 WHEN 7 THEN 'px4711-' WHEN 8 THEN 'px0815-' ELSE 'p-' END, %1$d, '-', id)
        AS prediction_id,
      timestamp '2001-03-01 00:00:00' + make_interval(0, 0, 0, %1$d, 0, id) AS event_ts,
      'v1' AS model_version,
      element_at(array('a', 'b', 'c'), CAST(id %% 3 + 1 AS INT)) AS category,
      CASE id %% 20 WHEN 7 THEN 'Hapax4711' WHEN 8 THEN 'Hapax0815' ELSE concat('city', id %% 5) END
        AS city,
      CASE id %% 20 WHEN 7 THEN 'marker4711' WHEN 8 THEN 'marker0815' END AS note,
      round(pmod(xxhash64(id, %1$d, 's'), 1000) / 1000, 3) AS score,
      pmod(xxhash64(id, %1$d, 's'), 1000) >= 500 AS prediction,
      pmod(xxhash64(id, %1$d, 's'), 1000) + pmod(xxhash64(id, %1$d, 'l'), 700) >= 850 AS label
      """;

  private static final int ROWS_A_DAY = 200;
  private static final List<String> FIRST = needles("4711");
  private static final List<String> SECOND = needles("0815");

  @TempDir Path directory;
  private Path lake;
  private Path config;
  private ModelFile model;
  private Map<String, String> environment = Map.of();

  @Test
  void nothingOfTheSubjectIsLeftAndAllElseIsAsItWas() throws Exception {
    lake = directory.resolve("lake");
    config = Files.writeString(directory.resolve("model.yaml"), MODEL);
    model = ConfigReader.of(config.toString(), Map.of()).model(Optional.empty());
    EmptyLake.at(spark, lake.toString());
    append("baseline", rows(-40, 600));
    for (int day = 0; day < 9; day++) {
      predict(day);
    }
    night(0, 8, "first");
    night(8, 9, "second");
    ExperimentUnits.write(
        Lake.at(spark, lake.toString()),
        "erased-model",
        List.of("subject-4711", "subject-0815", "user-1"),
        "Hapax4711");
    // Late, and of no night yet: after the erasure it must not be forgotten.
    append(
        "predictions",
        rows(1, 5)
            .drop("label")
            .withColumn(
                "prediction_id", functions.concat(functions.lit("late-"), functions.col("id"))));
    assertThat(found(FIRST)).hasSizeGreaterThan(20);
    Map<Tables, List<String>> before = LakeContents.of(spark, lake.toString());
    assertThat(before.get(Tables.REGRESSION_SET).toString()).contains("px4711-");
    assertThat(before.get(Tables.LABELLING_QUEUE).toString()).contains("px4711-");
    assertThat(before.get(Tables.PROFILE_METRICS).toString()).contains("subject-4711", "Hapax4711");
    assertThat(before.get(Tables.EXPERIMENT_FACTS).toString()).contains(unit("subject-4711"));
    assertThat(before.get(Tables.EXPERIMENT_EXPOSURES).toString())
        .contains(unit("subject-4711"), "Hapax4711");

    Map<Tables, Long> versions = versions();
    JsonNode would = erase("subject-4711", "--dry-run");
    assertThat(versions()).isEqualTo(versions);
    JsonNode did = erase("subject-4711");
    assertThat(did.path("rows_erased")).isEqualTo(would.path("rows_erased"));
    assertThat(did.path("rows_renamed")).isEqualTo(would.path("rows_renamed"));
    assertThat(did.path("predictions").asInt()).isEqualTo(9 * ROWS_A_DAY / 20);
    assertThat(did.path("files_left")).isEmpty();

    assertThat(found(FIRST)).isEmpty();
    assertThat(found(SECOND)).isNotEmpty();
    assertOthersAreAsTheyWere(before);
    assertThatThrownBy(() -> night(8, 9, "as-of", Optional.of("second")))
        .isInstanceOf(TelltaleException.class)
        .hasMessageContaining("cannot be read");

    aNightAfterwards();
    anErasureThatDiesInTheMiddle();
  }

  /**
   * The telemetry of the first day is gone already: only the pseudonym says whose rows are whose.
   */
  @Test
  void pseudonymsAreErasedToo() throws Exception {
    String key = "0123456789abcdef0123456789abcdef";
    environment = Map.of("KEY", key);
    lake = directory.resolve("pseudonyms");
    config =
        Files.writeString(
            directory.resolve("pseudonyms.yaml"),
            MODEL + "privacy: {pseudonym: [user_id], keys: [{from: 2001-01-01, variable: KEY}]}\n");
    model = ConfigReader.of(config.toString(), environment).model(Optional.empty());
    EmptyLake.at(spark, lake.toString());
    append("baseline", rows(-40, 600));
    predict(0);
    predict(1);
    String pseudonym =
        new Pseudonym(
                List.of(new Privacy.Key(LocalDate.parse("2001-01-01"), "KEY", Optional.of(key))))
            .all("subject-4711")
            .get(0);
    List<NightlyJob> jobs = List.of(new SampleJob(), new ProfileJob());
    NightRunner.run(spark, spec(0, 2, "run", Optional.empty()), jobs, Progress.SILENT);
    ExperimentUnits.write(
        Lake.at(spark, lake.toString()), "erased-model", List.of(pseudonym, "user-1"), "b");
    spark.sql("DELETE FROM delta.`" + lake + "/predictions` WHERE event_ts < '2001-03-02'");
    assertThat(found(List.of(pseudonym))).isNotEmpty();

    JsonNode did = erase("subject-4711");
    assertThat(did.path("predictions").asInt()).isEqualTo(2 * ROWS_A_DAY / 20);
    assertThat(found(List.of("subject-4711", "px4711-", "marker4711", pseudonym))).isEmpty();
    for (Tables table : List.of(Tables.EXPERIMENT_FACTS, Tables.EXPERIMENT_EXPOSURES)) {
      assertThat(LakeContents.of(spark, lake.toString()).get(table))
          .as("%s: those of another unit and of none", table)
          .hasSize(2);
    }
  }

  /** Counts are those of all rows; only what was the subject's alone is gone or has no name. */
  private void assertOthersAreAsTheyWere(Map<Tables, List<String>> before) {
    Map<Tables, List<String>> after = LakeContents.of(spark, lake.toString());
    for (Tables table : after.keySet()) {
      List<String> expected =
          table == Tables.PROFILE_STATES
              ? List.of()
              : before.get(table).stream()
                  .filter(row -> !row.contains("px4711-") && !row.contains(unit("subject-4711")))
                  .map(row -> row.replaceAll("subject-4711|Hapax4711", "(erased)"))
                  .sorted()
                  .toList();
      if (table != Tables.PROFILE_STATES) {
        assertThat(after.get(table)).as(table.tableName()).isEqualTo(expected);
      }
    }
    assertThat(after.get(Tables.PROFILE_STATES)).hasSameSizeAs(before.get(Tables.PROFILE_STATES));
  }

  private static String unit(String name) {
    return "\"unit\":\"" + name + "\"";
  }

  private void aNightAfterwards() {
    predict(9);
    List<NightRunner.Outcome> outcomes = night(9, 10, "third", Optional.empty());
    // The late rows of the second day came before the erasure; nothing else is computed again.
    for (NightRunner.Outcome outcome : outcomes.subList(0, 2)) {
      assertThat(outcome.result().restated())
          .as(outcome.job())
          .containsExactly(Instant.parse("2001-03-02T00:00:00Z"));
    }
    Lake now = Lake.at(spark, lake.toString());
    // The baseline is the pinned one still, and its states are compared with.
    assertThat(
            now.read(Tables.PROFILE_STATES)
                .where("granularity = '1 day'")
                .select("baseline_id")
                .distinct()
                .count())
        .isEqualTo(1);
    assertThat(
            now.read(Tables.DRIFT_METRICS)
                .where(
                    "window_date = '2001-03-10' AND drift_type = 'BASELINE' AND column_name = 'city'")
                .count())
        .isPositive();
  }

  private void anErasureThatDiesInTheMiddle() throws Exception {
    Path watched = lake.resolve("clicks/_delta_log");
    Set<Path> known = files(watched);
    Path log = directory.resolve("erase.log");
    Process process =
        new Subprocess().start(log, log, List.of(arguments("subject-0815", new String[0])));
    while (process.isAlive() && known.containsAll(files(watched))) {
      Thread.sleep(1);
    }
    process.destroyForcibly();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(log)).isEqualTo(128 + 9);
    assertThat(found(SECOND)).isNotEmpty();
    erase("subject-0815");
    assertThat(found(SECOND)).isEmpty();
    JsonNode again = erase("subject-0815", "--dry-run");
    assertThat(again.path("rows_erased").asInt()).isZero();
    assertThat(again.path("rows_renamed").asInt()).isZero();
  }

  private JsonNode erase(String subject, String... more) throws IOException {
    Cli cli = new Cli();
    environment.forEach(cli::with);
    Cli.Outcome outcome = cli.run(arguments(subject, more));
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    return new ObjectMapper().readTree(outcome.out());
  }

  private String[] arguments(String subject, String[] more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "maintain",
                "erase",
                "--lake",
                lake.toString(),
                "--config",
                config.toString(),
                "--subject",
                subject));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  private void predict(int day) {
    Dataset<Row> rows = rows(day, ROWS_A_DAY);
    append("predictions", rows.drop("label"));
    // Of the others nothing is ever known: people are asked to label them.
    append(
        "labels",
        rows.where("id % 3 <> 0")
            .selectExpr("prediction_id", "label", "event_ts + interval 1 hour AS label_ts"));
    append(
        "clicks",
        rows.where("id % 2 = 1").selectExpr("prediction_id", "event_ts + interval 1 hour AS at"));
  }

  private Dataset<Row> rows(int day, long count) {
    List<String> columns = new ArrayList<>(List.of(ROWS.formatted(day).split(",\\n")));
    columns.add("id");
    return spark.range(0, count, 1, 1).selectExpr(columns.toArray(String[]::new));
  }

  private void append(String table, Dataset<Row> rows) {
    rows.drop("id")
        .coalesce(1)
        .write()
        .format("delta")
        .mode(SaveMode.Append)
        .save(lake.resolve(table).toString());
  }

  private void night(int from, int to, String runId) {
    night(from, to, runId, Optional.empty());
  }

  private List<NightRunner.Outcome> night(int from, int to, String runId, Optional<String> asOf) {
    return NightRunner.run(spark, spec(from, to, runId, asOf), NightlyJobs.all(), Progress.SILENT);
  }

  private NightSpec spec(int from, int to, String runId, Optional<String> asOf) {
    Instant start = Instant.parse("2001-03-01T00:00:00Z");
    return new NightSpec(
        lake.toString(),
        model.config(),
        model.hash(),
        start.plusSeconds(86_400L * from),
        start.plusSeconds(86_400L * to),
        runId,
        asOf,
        false);
  }

  private Map<Tables, Long> versions() {
    return Stream.of(Tables.values())
        .collect(
            Collectors.toMap(
                table -> table, table -> Lake.at(spark, lake.toString()).version(table)));
  }

  private static List<String> needles(String number) {
    return List.of("subject-" + number, "px" + number + "-", "Hapax" + number, "marker" + number);
  }

  /** Files of the lake, in force or not, that have one of the texts: as bytes, or in Parquet. */
  private List<String> found(List<String> needles) {
    List<String> found = new ArrayList<>();
    for (Path file : files(lake)) {
      try {
        String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        if (file.toString().endsWith(".parquet")) {
          text += decoded(file);
        }
        for (String needle : needles) {
          if (text.contains(needle) || file.toString().contains(needle)) {
            found.add(lake.relativize(file) + ": " + needle);
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return found;
  }

  /** Every value of a Parquet file as text, those of bytes among them. */
  private static String decoded(Path file) throws IOException {
    StringBuilder text = new StringBuilder();
    Configuration plain = new Configuration();
    try (ParquetReader<Group> reader =
        ParquetReader.builder(new GroupReadSupport(), new org.apache.hadoop.fs.Path(file.toUri()))
            .withConf(plain)
            .build()) {
      for (Group row = reader.read(); row != null; row = reader.read()) {
        text.append(row);
      }
    }
    return text.toString();
  }

  private static Set<Path> files(Path directory) {
    try (Stream<Path> found = Files.walk(directory)) {
      return found.filter(Files::isRegularFile).collect(Collectors.toSet());
    } catch (UncheckedIOException | IOException e) {
      return Set.of();
    }
  }
}
