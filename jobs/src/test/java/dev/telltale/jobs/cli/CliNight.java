package dev.telltale.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.jobs.TestNight;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.Tables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/** A lake with a configuration of its own, and nights that are run through the command line. */
final class CliNight {
  /** The model of {@link TestNight} in its first words; more keys may follow. */
  static final String MODEL =
      """
      model: %s
      predictions:
        table: %s
        id: prediction_id
        event-time: event_ts
        model-version: model_version
        prediction: prediction
        score: score
      """;

  static final String SLICED =
      """
      baseline: {table: baseline}
      columns: {categorical: [code]}
      slices: [[category]]
      """;

  private final TestNight night;
  private final Path directory;

  /** A fresh lake below {@code directory} with the baseline of {@link TestNight}. */
  CliNight(SparkSession spark, Path directory) {
    this.directory = directory;
    this.night = new TestNight(spark, directory.resolve("lake").toString());
  }

  TestNight night() {
    return night;
  }

  Path lake() {
    return directory.resolve("lake");
  }

  /** Appends to a table of the lake. */
  void write(String table, Dataset<Row> rows) {
    rows.write().format("delta").mode(SaveMode.Append).save(lake().resolve(table).toString());
  }

  /** A model file; the answer is what {@code --config} is given. */
  Path model(String yaml) {
    try {
      Path file = Files.createTempFile(directory, "model", ".yaml");
      return Files.writeString(file, yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The sliced model over a table of predictions. */
  Path modelOf(String predictions) {
    return model(MODEL.formatted("test", predictions) + SLICED);
  }

  /** Runs a command for the days from {@code from} to {@code to}. */
  Cli.Outcome run(String command, Path model, String from, String to) {
    return new Cli().run(arguments(command, model, from, to).toArray(new String[0]));
  }

  /** Runs a command for the first day. */
  Cli.Outcome run(String command, Path model) {
    return run(command, model, "2001-03-01", "2001-03-02");
  }

  List<String> arguments(String command, Path model, String from, String to) {
    return new ArrayList<>(
        List.of(
            command,
            "--lake",
            lake().toString(),
            "--config",
            model.toString(),
            "--from",
            from,
            "--to",
            to));
  }

  /** Versions of all result tables; the ledger aside, which also tells of failures. */
  Map<Tables, Long> versions() {
    Lake lake = night.now();
    Map<Tables, Long> versions = new TreeMap<>();
    for (Tables table : Tables.values()) {
      if (table != Tables.RUNS) {
        versions.put(table, lake.version(table));
      }
    }
    return versions;
  }

  /** That an outcome is one message of problem, why and fix, and nothing else. */
  static void assertMessage(Cli.Outcome outcome, int exitCode, String... words) {
    assertThat(outcome.err()).contains(words);
    assertThat(outcome.err().lines().toList()).as(outcome.err()).hasSize(3);
    assertThat(outcome.err().lines().toList().get(0)).startsWith("telltale: ");
    assertThat(outcome.err().lines().toList().get(1)).matches("  why: \\S.*");
    assertThat(outcome.err().lines().toList().get(2)).matches("  fix: \\S.*");
    assertThat(outcome.err()).doesNotContain("Exception", "\tat ", "null");
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.exitCode()).isEqualTo(exitCode);
  }

  /** The same of a failed command that must have left every result table as it was. */
  void assertFails(String command, Path model, int exitCode, String... words) {
    Map<Tables, Long> before = versions();
    assertMessage(run(command, model), exitCode, words);
    assertThat(versions()).isEqualTo(before);
  }
}
