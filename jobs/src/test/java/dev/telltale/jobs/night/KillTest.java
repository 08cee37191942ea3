package dev.telltale.jobs.night;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.config.Granularity;
import dev.telltale.jobs.LakeContents;
import dev.telltale.jobs.SparkTest;
import dev.telltale.jobs.TestNight;
import dev.telltale.jobs.cli.Cli;
import dev.telltale.jobs.cli.Subprocess;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A night that dies in the middle of a job, and the next one that has to live with what it left.
 */
class KillTest extends SparkTest {
  private static final String MODEL =
      """
      model: test-model
      predictions:
        {table: predictions, id: prediction_id, event-time: event_ts, model-version: model_version,
         prediction: prediction, score: score}
      baseline: {table: baseline}
      columns: {categorical: [code]}
      slices: [[category], [category, flag]]
      """;

  private static final String FROM = "2001-03-02";
  private static final String TO = "2001-03-03";
  private static final int SIGKILL = 128 + 9;

  @TempDir static Path directory;
  private static Path lake;
  private static Path conf;
  private static Map<Tables, List<String>> expected;

  @BeforeAll
  static void aNightThatLives() throws IOException {
    conf = Files.createDirectories(directory.resolve("conf/models"));
    Files.writeString(conf.resolve("test-model.yaml"), MODEL);
    lake = directory.resolve("lake");
    TestNight night = new TestNight(spark, lake.toString());
    for (int day = 0; day < 2; day++) {
      night.append(night.rows(day, 800, day).withColumn("x", functions.col("x").plus(2)));
    }
    rerun("2001-03-01", FROM);
    rerun(FROM, TO);
    expected = LakeContents.of(spark, lake.toString());
    assertThat(expected).matches(LakeContents::isFullWithoutFeedback, "is full");
  }

  @ParameterizedTest
  @CsvSource({
    "PROFILE_STATES, .parquet",
    "PROFILE_STATES, .json",
    "DRIFT_METRICS, .parquet",
    "ALERTS, .parquet"
  })
  void aKilledNightRunAgainGivesTheSameTables(Tables table, String file) throws Exception {
    // Alerts that are as they should be are not written again.
    Lake.at(spark, lake.toString())
        .writer("nobody")
        .replace(
            Tables.ALERTS,
            List.of(WindowScope.of("test-model", Granularity.DAY, Set.of(TestNight.day(1)))),
            List.<Row>of());
    Path watched = lake.resolve(table.tableName());
    Set<Path> before = files(watched, file);
    Path log = directory.resolve("night.log");
    Process process = new Subprocess().start(log, log, arguments(FROM, TO));
    while (process.isAlive() && before.containsAll(files(watched, file))) {
      Thread.sleep(1);
    }
    process.destroyForcibly();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(() -> "not killed in time: " + read(log)).isEqualTo(SIGKILL);

    rerun(FROM, TO);
    assertThat(LakeContents.of(spark, lake.toString())).isEqualTo(expected);
  }

  private static List<String> arguments(String from, String to) {
    return List.of(
        "run",
        "--lake",
        lake.toString(),
        "--config",
        conf.getParent().toString(),
        "--from",
        from,
        "--to",
        to,
        "--output",
        directory.resolve("report.html").toString());
  }

  private static void rerun(String from, String to) {
    Cli.Outcome outcome = new Cli().run(arguments(from, to).toArray(new String[0]));
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
  }

  private static Set<Path> files(Path table, String ending) {
    try (Stream<Path> found = Files.walk(table)) {
      return found
          .filter(path -> path.getFileName().toString().endsWith(ending))
          .filter(path -> !path.getFileName().toString().startsWith("."))
          .collect(Collectors.toSet());
    } catch (UncheckedIOException | IOException e) {
      // A file went away while its directory was listed; the next look sees the rest.
      return Set.of();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
