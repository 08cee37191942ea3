package dev.telltale.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.telltale.jobs.SparkTest;
import dev.telltale.jobs.lake.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code telltale system} as people and pipelines call it, and what they can get wrong. */
class SystemCommandTest extends SparkTest {
  private static final String SYSTEM =
      """
      system:
        latency-ms: 1000 * latency_seconds
        error: status >= 500
        cost: price
        crashes: {table: crash_reports, event-time: ts, version: version, message: message}
        objectives: {error_rate: 0.01, silence_minutes: 1400}
      """;

  @TempDir static Path directory;
  private static CliNight night;

  /** A tenth of the answers are errors; on the second day something new crashes. */
  @BeforeAll
  static void twoDays() {
    night = new CliNight(spark, directory);
    night.write(
        "predictions",
        night
            .night()
            .rows(0, 500, 2)
            .union(night.night().rows(1, 500, 3))
            .withColumn("latency_seconds", functions.expr("0.1 + code / 100"))
            .withColumn("status", functions.expr("IF(prediction_id % 10 = 0, 503, 200)")));
    night.write(
        "crash_reports",
        spark
            .range(3)
            .selectExpr(
                "timestamp '2001-03-02 10:00:00' AS ts",
                "'v1' AS version",
                "concat('no key ', id) AS message"));
  }

  private static Path model(String system) {
    return night.model(
        CliNight.MODEL.formatted("test", "predictions") + "baseline: {table: baseline}\n" + system);
  }

  private static Cli.Outcome run(String system, String... more) {
    List<String> arguments = night.arguments("system", model(system), "2001-03-01", "2001-03-03");
    arguments.addAll(Arrays.asList(more));
    return new Cli().run(arguments.toArray(new String[0]));
  }

  @Test
  void theAnswerHasTheLastWindowAndWhatIsWrongInAny() throws IOException {
    Cli.Outcome outcome = run(SYSTEM, "--fail-on", "critical");
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(4);
    JsonNode json = new ObjectMapper().readTree(outcome.out());
    assertThat(json.path("job").asText()).isEqualTo("system");
    assertThat(json.at("/findings/critical").asInt()).isEqualTo(2);
    assertThat(json.at("/findings/warning").asInt()).isEqualTo(1);
    assertThat(json.at("/jobs/0/summary/requests").asLong()).isEqualTo(1000);
    assertThat(json.path("metrics"))
        .allSatisfy(
            row -> assertThat(row.path("window_start").asText()).isEqualTo("2001-03-02T00:00:00Z"));
    List<JsonNode> all =
        StreamSupport.stream(json.path("metrics").spliterator(), false)
            .filter(row -> row.path("model_version").isNull())
            .toList();
    assertThat(all)
        .extracting(row -> row.path("metric").asText())
        .containsExactly(
            "requests",
            "requests_per_second",
            "requests_per_second_peak",
            "silence_minutes",
            "latency_p50_ms",
            "latency_p95_ms",
            "latency_p99_ms",
            "error_rate",
            "availability",
            "crashes_per_thousand",
            "cost_total",
            "cost_per_thousand",
            "staleness_days");
    assertThat(all.get(7).path("value").asDouble()).isEqualTo(0.1);
    assertThat(all.get(7).path("ci_low").asDouble()).isBetween(0.07, 0.08);
    assertThat(all.get(7).path("n").asLong()).isEqualTo(500);
    assertThat(all.get(9).path("value").asDouble()).isEqualTo(6);
    assertThat(json.path("degraded"))
        .extracting(
            row ->
                row.path("window_start").asText().substring(0, 10)
                    + " "
                    + row.path("metric").asText()
                    + " "
                    + row.path("compared_with").asText())
        .containsExactly("2001-03-01 error_rate OBJECTIVE", "2001-03-02 error_rate OBJECTIVE");
    assertThat(json.at("/degraded/0/because").asText())
        .startsWith("error_rate 0.1 (95 %: 0.0767 to 0.129, n 500); the objective is at most 0.01");
    assertThat(json.path("new_crashes")).hasSize(1);
    assertThat(json.at("/new_crashes/0/title").asText()).isEqualTo("no key #");
    assertThat(json.at("/new_crashes/0/crashes").asLong()).isEqualTo(3);
    assertThat(json.at("/new_crashes/0/signature").asText()).matches("[0-9a-f]{16}");

    assertThat(run(SYSTEM).exitCode()).as("without --fail-on").isZero();
    String table = run(SYSTEM, "--format", "table").out();
    assertThat(table.lines().findFirst())
        .hasValueSatisfying(line -> assertThat(line).startsWith("METRIC"));
    assertThat(table)
        .containsPattern("error_rate +all +0\\.1 +0\\.07668 +0\\.1294 +500")
        .containsPattern("requests +v1 +500 ")
        .containsPattern("cost_per_thousand +all +24,500 +23,230 +25,770 +500")
        .containsPattern("2001-03-01 +all +error_rate 0\\.1 ")
        .containsPattern("2001-03-02 +v1 +3 crashes of a new kind: no key #");
    assertThat(
            run(SYSTEM, "--format", "csv")
                .out()
                .lines()
                .filter(line -> line.contains("error_rate")))
        .as("every window, of all and of the version")
        .hasSize(4);
    assertThat(run(SYSTEM.replace("0.01", "0.5")).out()).contains("\"degraded\":[]");
  }

  @Test
  void theReportHasTheModelAndItsServiceOnOnePage() throws IOException {
    assertThat(run(SYSTEM).exitCode()).isZero();
    Path model = model(SYSTEM);
    Path report = directory.resolve("report");
    for (String command : List.of("profile", "report")) {
      List<String> arguments = night.arguments(command, model, "2001-03-01", "2001-03-03");
      if (command.equals("report")) {
        arguments.addAll(List.of("--output", report.toString()));
      }
      Cli.Outcome outcome = new Cli().run(arguments.toArray(new String[0]));
      assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    }
    assertThat(Files.readString(report.resolve("report.html")))
        .contains("<section id=\"columns\">", "<section id=\"service\">")
        .contains("Latency, 95th percentile, ms", "no key #", ">worse</span>")
        .contains("The service misses an objective", "The service crashes in a new way");
    JsonNode service =
        new ObjectMapper().readTree(report.resolve("report.json").toFile()).path("service");
    assertThat(service.path("lines"))
        .filteredOn(line -> line.path("metric").asText().equals("error_rate"))
        .singleElement()
        .satisfies(
            line -> {
              assertThat(line.path("objective").asDouble()).isEqualTo(0.01);
              assertThat(line.at("/cells/0/value").asDouble()).isEqualTo(0.1);
              assertThat(line.at("/cells/0/degraded").asBoolean()).isTrue();
            });
    assertThat(service.path("trends"))
        .allSatisfy(trend -> assertThat(trend.path("value")).hasSize(2));
  }

  @Test
  void aDryRunSaysWhatItWouldDoAndWritesNothing() throws IOException {
    Map<Tables, Long> before = night.versions();
    Cli.Outcome outcome = run(SYSTEM, "--dry-run");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    JsonNode json = new ObjectMapper().readTree(outcome.out());
    assertThat(json.path("outcome").asText()).isEqualTo("DRY_RUN");
    assertThat(json.at("/jobs/0/summary/windows").asInt()).isEqualTo(2);
    assertThat(json.has("metrics")).isFalse();
    assertThat(night.versions()).isEqualTo(before);
  }

  @Test
  void aModelWithoutItsServiceIsNotLookedAt() {
    Map<Tables, Long> before = night.versions();
    Cli.Outcome outcome = run("");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("\"declared\":false");
    assertThat(night.versions()).isEqualTo(before);
  }

  @Test
  void sqlThatIsNoneIsNamedByItsKey() {
    wrong("latency-ms: 1000 * (latency_seconds", "system.latency-ms", "which is no SQL expression");
    wrong("error: no_such_column >= 500", "system.error", "no condition", "no_such_column");
    wrong("error: status", "system.error has status", "no condition on a row", "type int");
    wrong("latency-ms: category", "system.latency-ms has category", "no number", "type string");
    wrong("cost: status >= 500", "system.cost", "no number", "type boolean");
    wrong("trained-at: price", "system.trained-at", "no timestamp", "type decimal(10,2)");
    wrong("trained-at: no_such_function(price)", "system.trained-at", "no_such_function");
    // Of one row there is no sum.
    wrong("cost: sum(price)", "system.cost has sum(price)", "takes rows together");
    wrong("cost: rank() OVER (ORDER BY price)", "system.cost", "takes rows together");
    wrong("cost: explode(parts)", "system.cost has explode(parts)", "makes several of one");
  }

  private static void wrong(String key, String... words) {
    night.assertFails("system", model("system:\n  " + key + "\n"), 2, words);
  }

  @Test
  void crashReportsThatAreNotThereAreMissingInput() {
    crashes("{table: no_such_table, event-time: ts, message: message}", "no_such_table");
    crashes("{table: crash_reports, event-time: at, message: message}", "no column at");
    crashes("{table: crash_reports, event-time: message, message: message}", "of type string");
    crashes("{table: crash_reports, event-time: ts, message: text}", "no column text");
    crashes("{table: crash_reports, event-time: ts, stack: trace}", "no column trace");
    crashes(
        "{table: crash_reports, event-time: ts, message: message, version: release}",
        "no column release");
  }

  private static void crashes(String crashes, String... words) {
    night.assertFails("system", model("system:\n  crashes: " + crashes + "\n"), 3, words);
  }
}
