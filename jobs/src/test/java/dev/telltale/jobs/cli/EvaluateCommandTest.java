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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluateCommandTest extends SparkTest {
  private static final Path DATA = Path.of("src/test/resources/dev/telltale/jobs/evaluate");

  @TempDir Path directory;

  /** The expected values are scikit-learn's, see src/test/python/evaluate_reference.py. */
  @Test
  void everyNumberIsThatOfScikitLearn() throws IOException {
    JsonNode binary = evaluate("binary.csv", "--score", "score", "--segments", "region");
    JsonNode weighted = evaluate("binary.csv", "--score", "score", "--weight", "weight");
    JsonNode multiclass = evaluate("multiclass.csv");
    JsonNode regression = evaluate("regression.csv");
    JsonNode weightedRegression = evaluate("regression.csv", "--weight", "weight");
    int compared = 0;
    for (String line : Files.readAllLines(DATA.resolve("expected.csv"))) {
      if (line.startsWith("#") || line.startsWith("data,")) {
        continue;
      }
      String[] cells = line.split(",", -1);
      JsonNode answer =
          switch (cells[0]) {
            case "binary" -> binary;
            case "binary_weighted" -> weighted;
            case "multiclass" -> multiclass;
            case "regression" -> regression;
            default -> weightedRegression;
          };
      JsonNode metric = metrics(answer, cells[1]).path(cells[2]);
      String[] names = {"value", "std_error", "ci_low", "ci_high"};
      for (int i = 0; i < names.length; i++) {
        if (!cells[3 + i].isEmpty()) {
          // Both add up some hundred terms; the calibration line is where an iteration stopped.
          double tolerance = cells[2].startsWith("calibration") ? 1e-6 : 1e-10;
          double expected = Double.parseDouble(cells[3 + i]);
          assertThat(metric.path(names[i]).asDouble(Double.NaN))
              .as(line + " " + names[i])
              .isCloseTo(expected, within(Math.abs(expected) * tolerance + 1e-12));
          compared++;
        }
      }
    }
    assertThat(compared).isGreaterThan(150);
    assertThat(binary.path("rows").asLong()).isEqualTo(700);
    assertThat(binary.path("confusion")).hasSize(4);
    assertThat(binary.path("problems")).isEmpty();
  }

  @Test
  void whatIsWrongWithTheDataIsSaid() throws IOException {
    Path file = directory.resolve("odd.csv");
    Files.writeString(file, "y,p,s,w\n1,1,0.9,1\n1,0,1.5,1\n,1,0.4,1\n1,1,0.8,2\n3,1,0.8,2\n");
    JsonNode answer =
        run(
            "evaluate",
            "--data",
            file.toString(),
            "--label",
            "y",
            "--prediction",
            "p",
            "--score",
            "s",
            "--task",
            "binary");
    assertThat(answer.path("problems").toString())
        .contains("1 of 5 rows have no label")
        .contains("1 of 5 rows have a label or a prediction that a binary model cannot have")
        .contains("1 of 5 scores are outside 0 to 1")
        .contains("Every label is positive");
    assertThat(answer.path("metrics").has("roc_auc")).isFalse();
    assertThat(answer.at("/metrics/recall/value").asDouble()).isEqualTo(2.0 / 3);
  }

  @Test
  void whatCannotBeEvaluatedIsAnError() throws IOException {
    Path file = directory.resolve("bad.csv");
    Files.writeString(file, "y,p,w\n1,1,-1\n0,1,1\n");
    assertThat(
            new Cli()
                .run(
                    "evaluate",
                    "--data",
                    file.toString(),
                    "--label",
                    "y",
                    "--prediction",
                    "p",
                    "--weight",
                    "w"))
        .satisfies(
            result -> {
              assertThat(result.exitCode()).isEqualTo(3);
              assertThat(result.err()).contains("1 of 2 weights in column w are negative");
            });
    assertThat(
            new Cli()
                .run("evaluate", "--data", file.toString(), "--label", "z", "--prediction", "p"))
        .satisfies(
            result -> {
              assertThat(result.exitCode()).isEqualTo(2);
              assertThat(result.err()).contains("There is no column z");
            });
    Files.writeString(file, "y,p\n,1\n,0\n");
    assertThat(
            new Cli()
                .run("evaluate", "--data", file.toString(), "--label", "y", "--prediction", "p"))
        .satisfies(
            result -> {
              assertThat(result.exitCode()).isEqualTo(3);
              assertThat(result.err()).contains("No row has a label in column y");
            });
  }

  private static JsonNode metrics(JsonNode answer, String segment) {
    if (segment.isEmpty()) {
      return answer.path("metrics");
    }
    for (JsonNode one : answer.path("segments")) {
      if (one.path("slice_value").asText().equals(segment)) {
        return one.path("metrics");
      }
    }
    throw new AssertionError("No segment " + segment);
  }

  private static JsonNode evaluate(String file, String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "evaluate",
                "--data",
                DATA.resolve(file).toString(),
                "--label",
                "label",
                "--prediction",
                "prediction",
                "--format",
                "json"));
    arguments.addAll(List.of(more));
    return run(arguments.toArray(String[]::new));
  }

  private static JsonNode run(String... arguments) throws IOException {
    Cli.Outcome result = new Cli().run(arguments);
    assertThat(result.exitCode()).as(result.err()).isZero();
    return new ObjectMapper().readTree(result.out());
  }
}
