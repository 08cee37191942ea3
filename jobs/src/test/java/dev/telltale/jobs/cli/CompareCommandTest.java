package dev.telltale.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.telltale.jobs.SparkTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareCommandTest extends SparkTest {
  private static final Path DATA = Path.of("src/test/resources/dev/telltale/jobs/compare");
  private static final String REFERENCE = DATA.resolve("reference.csv").toString();
  private static final String CURRENT = DATA.resolve("current.jsonl").toString();

  @TempDir Path directory;

  /** The expected values are SciPy's, see src/test/python/compare_reference.py. */
  @Test
  void everyNumberOfRawValuesIsThatOfSciPy() throws IOException {
    JsonNode answer = compare(REFERENCE, CURRENT);
    assertThat(answer.at("/reference/path").asText()).isEqualTo(REFERENCE);
    assertThat(answer.at("/reference/rows").asLong()).isEqualTo(400);
    assertThat(answer.at("/current/rows").asLong()).isEqualTo(300);
    int compared = 0;
    for (String line : Files.readAllLines(DATA.resolve("expected.csv"))) {
      if (line.startsWith("#") || line.startsWith("column,")) {
        continue;
      }
      String[] cells = line.split(",", -1);
      JsonNode metric = column(answer, cells[0]).path("metrics").path(cells[1]);
      // Both sides add up some hundred terms in doubles; p-values take one more special function.
      assertThat(metric.path("value").asDouble())
          .as(line)
          .isCloseTo(number(cells[2]), near(cells[2]));
      assertThat(metric.path("error_bound").asDouble()).as(line).isZero();
      assertThat(metric.has("p_value")).as(line).isEqualTo(!cells[3].isEmpty());
      assertThat(metric.has("degrees_of_freedom")).as(line).isEqualTo(!cells[4].isEmpty());
      if (!cells[3].isEmpty()) {
        assertThat(metric.path("p_value").asDouble())
            .as(line)
            .isCloseTo(number(cells[3]), near(cells[3]));
        assertThat(metric.path("p_value_adjusted").asDouble())
            .as(line)
            .isBetween(metric.path("p_value").asDouble(), 1.0);
      }
      if (!cells[4].isEmpty()) {
        assertThat(metric.path("degrees_of_freedom").asInt())
            .as(line)
            .isEqualTo((int) number(cells[4]));
      }
      compared++;
    }
    assertThat(compared).isEqualTo(3 * 12 + 2 * 9);
    assertThat(column(answer, "missing").path("n_reference").asLong()).isLessThan(400);
    assertThat(column(answer, "letter").path("kind").asText()).isEqualTo("categorical");
    assertThat(column(answer, "ties").path("status").asText()).isEqualTo("DRIFT");
    assertThat(column(answer, "ties").path("because").asText())
        .contains("js_distance 0.408 reaches the threshold 0.1");
  }

  private static double number(String text) {
    return Double.parseDouble(text);
  }

  private static org.assertj.core.data.Offset<Double> near(String text) {
    return within(Math.abs(number(text)) * 1e-9 + 1e-300);
  }

  @Test
  void codesAreCategoriesWhenDeclaredAndOtherColumnsAreLeftOut() throws IOException {
    JsonNode answer = compare(REFERENCE, CURRENT, "--columns", "ties", "--categorical", "ties");
    assertThat(answer.path("columns")).hasSize(1);
    assertThat(column(answer, "ties").path("kind").asText()).isEqualTo("categorical");
    assertThat(column(answer, "ties").at("/metrics/ks").isMissingNode()).isTrue();
  }

  @Test
  void everyFormatOfTheSameRowsGivesTheSameNumbers() throws IOException {
    Dataset<Row> rows =
        spark.read().option("header", true).option("inferSchema", true).csv(REFERENCE);
    Path delta = directory.resolve("delta");
    rows.write().format("delta").save(delta.toString());
    rows.limit(1).write().format("delta").mode(SaveMode.Append).save(delta.toString());
    Path parquet = directory.resolve("parquet");
    rows.repartition(3).write().parquet(parquet.toString());
    Path json = directory.resolve("json");
    rows.write().option("compression", "gzip").json(json.toString());
    Path array = directory.resolve("array.json");
    Files.writeString(array, " [" + String.join(",\n", rows.toJSON().collectAsList()) + "]");
    JsonNode expected = compare(REFERENCE, CURRENT).path("columns");
    for (String path :
        List.of(
            delta + "@0",
            parquet.toString(),
            parquet + "/*.parquet",
            json.toString(),
            array.toString())) {
      JsonNode answer = compare(path, CURRENT);
      assertThat(answer.at("/reference/rows").asLong()).as(path).isEqualTo(400);
      for (JsonNode column : expected) {
        JsonNode same = column(answer, column.path("column").asText()).path("metrics");
        column
            .path("metrics")
            .fields()
            .forEachRemaining(
                metric -> {
                  // Files and tasks add the moments up in another order.
                  double value = metric.getValue().path("value").asDouble();
                  assertThat(same.path(metric.getKey()).path("value").asDouble())
                      .as(path + " " + metric)
                      .isCloseTo(value, within(1e-12 * value));
                });
      }
    }
    assertThat(compare(delta.toString(), CURRENT).at("/reference/rows").asLong()).isEqualTo(401);
  }

  @Test
  void tooManyDifferentValuesGetAnErrorBoundThatHolds() throws IOException {
    String reference =
        write("many-reference", 150_000, "randn(1) AS x, concat('v', id % 120000) AS name");
    String current =
        write("many-current", 150_000, "randn(2) + 0.05 AS x, concat('v', id % 110000) AS name");
    JsonNode x = column(compare(reference, current), "x").path("metrics");
    double[] before = values(reference);
    double[] now = values(current);
    double exact = dev.telltale.stats.KolmogorovSmirnovTest.statistic(before, now);
    double bound = x.at("/ks/error_bound").asDouble();
    assertThat(bound).isBetween(Double.MIN_NORMAL, 0.002);
    assertThat(x.at("/ks/value").asDouble()).isBetween(exact - bound, exact + 1e-12);
  }

  private double[] values(String path) {
    return spark.read().parquet(path).select("x").collectAsList().stream()
        .mapToDouble(row -> row.getDouble(0))
        .sorted()
        .toArray();
  }

  private String write(String name, long rows, String columns) {
    Path path = directory.resolve(name);
    spark
        .range(0, rows, 1, 1)
        .selectExpr(columns.split(", (?=\\w+\\()"))
        .write()
        .parquet(path.toString());
    return path.toString();
  }

  @Test
  void whatIsNotComparedIsSaid() throws IOException {
    Path other = directory.resolve("other.csv");
    Files.writeString(
        other,
        "normal,letter,at,extra\n1.5,7,2024-01-01T00:00:00Z,1\n2.5,8,2024-01-02T00:00:00Z,2\n");
    JsonNode answer = compare(REFERENCE, other.toString());
    assertThat(answer.path("skipped")).hasSize(6);
    assertThat(answer.path("skipped").toString()).contains("its types do not compare: string, int");
    assertThat(column(answer, "normal").path("status").asText()).isEqualTo("INSUFFICIENT_DATA");
  }

  @Test
  void whatTheUserCanMendIsOneMessageWithItsCode() throws IOException {
    Path empty = Files.createDirectory(directory.resolve("empty"));
    Path mixed = Files.createDirectory(directory.resolve("mixed"));
    Files.writeString(mixed.resolve("a.csv"), "x\n1\n");
    Files.writeString(mixed.resolve("b.json"), "{\"x\":1}\n");
    Path header = Files.writeString(directory.resolve("header.csv"), "normal\n");
    Path corrupt = Files.writeString(directory.resolve("corrupt.parquet"), "PAR1 no");
    failure(3, "no file is there", directory.resolve("nowhere").toString(), CURRENT);
    failure(3, "no file is there", empty.toString(), CURRENT);
    failure(3, "several formats are there: csv, json", mixed.toString(), CURRENT);
    failure(3, "it has no rows", REFERENCE, header.toString());
    failure(3, "cannot be read", corrupt.toString(), CURRENT);
    failure(3, "versions are a matter of delta tables", REFERENCE + "@3", CURRENT);
    failure(2, "did you mean `letter`", REFERENCE, CURRENT, "--columns", "lettre");
    failure(2, "not an effect size: chi_squared", REFERENCE, CURRENT, "--effect", "chi_squared");
    failure(2, "alpha is between 0 and 1, not 5", REFERENCE, CURRENT, "--alpha", "5");
  }

  private static void failure(
      int code, String words, String reference, String current, String... more) {
    Cli.Outcome outcome = run(reference, current, more);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err().toLowerCase(java.util.Locale.ROOT))
        .contains(words)
        .contains("why: ")
        .contains("fix: ");
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(code);
  }

  @Test
  void driftFailsTheCommandWhenAskedTo() {
    assertThat(run(REFERENCE, CURRENT, "--fail-on", "critical").exitCode()).isEqualTo(4);
    assertThat(run(REFERENCE, REFERENCE, "--fail-on", "info").exitCode()).isZero();
  }

  @Test
  void aPersonSeesWhatDiffersFirst() {
    List<String> command = arguments(REFERENCE, CURRENT, "--format", "table");
    Cli.Outcome outcome =
        new Cli().with("TELLTALE_CONFIG", DATA.toString()).run(command.toArray(String[]::new));
    assertThat(outcome.out().lines().skip(1).findFirst())
        .hasValueSatisfying(line -> assertThat(line).contains("DRIFT"));
    assertThat(outcome.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
  }

  private static JsonNode compare(String reference, String current, String... more)
      throws IOException {
    Cli.Outcome outcome = run(reference, current, more);
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    return new ObjectMapper().readTree(outcome.out());
  }

  private static Cli.Outcome run(String reference, String current, String... more) {
    return new Cli()
        .with("TELLTALE_CONFIG", DATA.toString())
        .run(arguments(reference, current, more).toArray(String[]::new));
  }

  private static List<String> arguments(String reference, String current, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("compare", "--reference", reference, "--current", current));
    arguments.addAll(List.of(more));
    return arguments;
  }

  private static JsonNode column(JsonNode answer, String name) {
    for (JsonNode column : answer.path("columns")) {
      if (column.path("column").asText().equals(name)) {
        return column;
      }
    }
    throw new AssertionError("No column " + name + " in " + answer);
  }
}
