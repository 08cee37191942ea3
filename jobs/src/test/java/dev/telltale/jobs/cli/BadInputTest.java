package dev.telltale.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.jobs.SparkTest;
import dev.telltale.jobs.lake.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person can get wrong is one message and an exit code, and changes no result table. */
class BadInputTest extends SparkTest {
  @TempDir static Path directory;
  private static CliNight night;

  @BeforeAll
  static void aNightThatWentWell() {
    night = new CliNight(spark, directory);
    night.write("predictions", night.night().rows(0, 300, 2));
    Cli.Outcome outcome = night.run("run", night.modelOf("predictions"));
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
  }

  @Test
  void aTableThatIsNotThereIsNamed() {
    night.assertFails(
        "profile", night.modelOf("no_such_table"), 3, "no Delta table", "no_such_table");
    night.assertFails("run", night.modelOf("/no/such/table"), 3, "no Delta table /no/such/table");
    night.assertFails("run", night.modelOf("no.such_table"), 3, "no Delta table");
    night.assertFails(
        "profile", baseline("{table: no_such_baseline}"), 3, "no Delta table", "no_such_baseline");
  }

  @Test
  void aVersionThatIsNotThereIsNamed() {
    night.assertFails(
        "profile", baseline("{table: baseline, version: 99}"), 3, "Version 99", "baseline");
  }

  @Test
  void aPathThatIsNoDeltaTableIsSaid() throws IOException {
    night.night().rows(0, 10, 1).drop("parts").write().parquet(night.lake() + "/plain_parquet");
    night.assertFails("profile", night.modelOf("plain_parquet"), 3, "no Delta table");
    Files.writeString(night.lake().resolve("a_file"), "no table");
    night.assertFails("profile", night.modelOf("a_file"), 3, "no Delta table", "a_file");
    Files.createDirectories(night.lake().resolve("empty_log/_delta_log"));
    night.assertFails("profile", night.modelOf("empty_log"), 3, "no Delta table", "empty_log");
  }

  @Test
  void aLakeThatWasNotInitialisedIsSaid() {
    Path model = night.modelOf("predictions");
    for (String command : new String[] {"profile", "drift", "alerts", "run"}) {
      CliNight.assertMessage(
          new Cli()
              .run(
                  command,
                  "--lake",
                  directory.resolve("nothing").toString(),
                  "--config",
                  model.toString(),
                  "--from",
                  "2001-03-01",
                  "--to",
                  "2001-03-02"),
          3,
          "has no table",
          "telltale init --lake");
    }
    assertThat(directory.resolve("nothing")).as("only init creates a lake").doesNotExist();
  }

  @Test
  void aColumnThatTheModelFileNamesIsMissed() {
    for (String column :
        new String[] {
          "prediction_id", "event_ts", "model_version", "prediction", "score", "category"
        }) {
      night.write("without_" + column, rows().drop(column));
      night.assertFails(
          "profile",
          night.modelOf("without_" + column),
          3,
          "without_" + column + " has no column " + column,
          "It has: ");
    }
    night.write("baseline_without", rows().drop("category"));
    night.assertFails(
        "profile", baseline("{table: baseline_without}"), 3, "has no column category");
  }

  @Test
  void aColumnOfATypeThatItsRoleDoesNotAllowIsNamed() {
    wrongType("event_ts", "string", "timestamp");
    wrongType("event_ts", "date", "timestamp");
    wrongType("prediction_id", "array<string>", "a string");
    wrongType("prediction_id", "binary", "a string");
    wrongType("score", "string", "a number");
    wrongType("model_version", "double", "a string");
    wrongType("category", "double", "a string");
  }

  private static void wrongType(String column, String type, String allowed) {
    String table = column + "_" + type.replaceAll("\\W", "_");
    night.write(table, rows().withColumn(column, functions.expr("CAST(NULL AS " + type + ")")));
    night.assertFails(
        "profile",
        night.modelOf(table),
        3,
        "Column " + column + " of ",
        "is of type " + type + ".",
        "It has to be " + allowed);
  }

  @Test
  void aCategoricalColumnWithFractionsIsRetypedAndNotRead() {
    night.write("fractions", rows().withColumn("code", functions.expr("CAST(code AS DOUBLE)")));
    Cli.Outcome outcome = night.run("profile", night.modelOf("fractions"));
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("\"columns_retyped\":[\"code\"]");
  }

  @Test
  void anIntervalThatCannotBeIsWrongUsage() {
    Path model = night.modelOf("predictions");
    Map<Tables, Long> before = night.versions();
    CliNight.assertMessage(
        night.run("profile", model, "2001-03-02", "2001-03-01"),
        2,
        "--from 2001-03-02 is not before --to 2001-03-01");
    CliNight.assertMessage(
        night.run("run", model, "2001-03-01", "2001-03-01"), 2, "is not before --to 2001-03-01");
    CliNight.assertMessage(
        night.run("profile", model, "2001-03-01", "2001-03-01T12:00:00Z"),
        2,
        "is not made of whole windows",
        "1 day");
    CliNight.assertMessage(
        night.run("profile", model, "2001-03-01T01:00:00+00:30", "2001-03-02"), 2, "whole windows");
    CliNight.assertMessage(
        night.run("profile", model, "yesterday", "2001-03-02"), 2, "--from yesterday");
    assertThat(night.versions()).isEqualTo(before);
  }

  @Test
  void anUnknownKeyIsNamedWithItsLine() {
    Path model =
        night.model(CliNight.MODEL.formatted("test", "predictions") + "baselin: {table: x}\n");
    Map<Tables, Long> before = night.versions();
    Cli.Outcome outcome = night.run("profile", model);
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err())
        .contains(model + ":9: unknown key `baselin`; did you mean `baseline`?", "  fix: ");
    assertThat(night.versions()).isEqualTo(before);
  }

  @Test
  void anIntervalWithoutRowsIsMissingInput() {
    Map<Tables, Long> before = night.versions();
    for (String command : new String[] {"profile", "run"}) {
      CliNight.assertMessage(
          night.run(command, night.modelOf("predictions"), "2001-05-01", "2001-05-03"),
          3,
          "has no rows from 2001-05-01T00:00:00Z to 2001-05-03T00:00:00Z");
    }
    CliNight.assertMessage(
        night.run("drift", night.modelOf("predictions"), "2001-05-01", "2001-05-02"),
        3,
        "No window of test",
        "is profiled");
    assertThat(night.versions()).isEqualTo(before);
    assertThat(
            night
                .night()
                .now()
                .read(Tables.RUNS)
                .where("outcome = 'FAILED' AND message LIKE '%has no rows from%'")
                .count())
        .as("the ledger tells of what failed")
        .isEqualTo(2);
  }

  private static Path baseline(String baseline) {
    return night.model(
        CliNight.MODEL.formatted("test", "predictions")
            + CliNight.SLICED.replace("{table: baseline}", baseline));
  }

  private static Dataset<Row> rows() {
    return night.night().rows(0, 20, 1);
  }
}
