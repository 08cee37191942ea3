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
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is asked before an experiment: {@code power} and {@code calibrate}. */
class PlanningCommandsTest extends SparkTest {
  @TempDir static Path directory;
  private static String units;

  @BeforeAll
  static void writeUnits() throws IOException {
    Random random = new Random(1);
    List<String> lines = new ArrayList<>(List.of("user,country,spent,orders,before,constant"));
    for (int user = 0; user < 600; user++) {
      double before = 50 + 10 * random.nextGaussian();
      String country = random.nextBoolean() ? "DE" : "FR";
      for (int session = 0; session <= user % 3; session++) {
        double spent = before + 5 * random.nextGaussian();
        lines.add(
            "u" + user + "," + country + "," + spent + "," + (1 + user % 4) + "," + before + ",7");
      }
    }
    units = Files.write(directory.resolve("units.csv"), lines).toString();
  }

  @Test
  void powerComesFromNumbers() throws IOException {
    JsonNode plan =
        answer("power", "--proportion", "0.1", "--effect", "5%", "--units-per-day", "4000");
    assertThat(plan.path("units").asLong()).isEqualTo(115_520);
    assertThat(plan.path("days").asLong()).isEqualTo(29);
    assertThat(plan.path("effect_relative").asDouble()).isCloseTo(0.05, within(1e-12));
    JsonNode nightly = answer("power", "--proportion", "0.1", "--effect", "5%", "--looks", "28");
    assertThat(nightly.path("look_factor").asDouble()).isBetween(1.01, 1.1);
    assertThat(nightly.path("units").asDouble())
        .isCloseTo(115_520 * nightly.path("look_factor").asDouble(), within(4.0));
    JsonNode smallest = answer("power", "--sd", "12", "--units", "20000");
    assertThat(smallest.path("effect_relative").isNull()).isTrue();
    // SciPy 1.17.1: (norm.ppf(.975) + norm.ppf(.8)) * 12 * sqrt(2 / 10000) = 0.4754448.
    assertThat(smallest.path("effect").asDouble()).isCloseTo(0.4754448, within(1e-6));
  }

  @Test
  void powerComesFromHistoryWithItsCovariates() throws IOException {
    JsonNode plain = history();
    JsonNode adjusted = history("--covariate", "before");
    assertThat(plain.path("mean").asDouble()).isBetween(48.0, 52.0);
    assertThat(plain.path("std_dev").asDouble()).isBetween(10.5, 12.0);
    // The covariate leaves 5² of 10² + 5².
    assertThat(adjusted.path("covariate_factor").asDouble()).isBetween(0.17, 0.23);
    assertThat(adjusted.path("units").asDouble() / plain.path("units").asDouble())
        .isCloseTo(adjusted.path("covariate_factor").asDouble(), within(0.01));
    JsonNode clustered = history("--cluster", "user");
    assertThat(clustered.path("units").asDouble()).isLessThan(plain.path("units").asDouble());
  }

  private static JsonNode history(String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("power", "--data", units, "--metric", "spent", "--effect", "2%"));
    arguments.addAll(List.of(more));
    return answer(arguments.toArray(String[]::new));
  }

  @Test
  void calibrationOfRightTestsIsRightInEverySegment() throws IOException {
    JsonNode found =
        answer(
            "calibrate",
            "--experiments",
            "--data",
            units,
            "--metric",
            "spent",
            "--metric",
            "spent/orders",
            "--covariate",
            "before",
            "--segment",
            "country",
            "--cluster",
            "user",
            "--splits",
            "400");
    assertThat(found.path("calibrations")).hasSize(2 * 2 * 3);
    for (JsonNode one : found.path("calibrations")) {
      assertThat(one.path("splits_tested").asInt()).isEqualTo(400);
      assertThat(one.path("verdict").asText()).as(one.toString()).isEqualTo("CALIBRATED");
      assertThat(one.path("coverage").asDouble())
          .isCloseTo(1 - one.path("false_positive_rate").asDouble(), within(1e-9));
    }
    JsonNode again =
        answer(
            "calibrate", "--experiments", "--data", units, "--metric", "spent", "--splits", "400");
    JsonNode same =
        answer(
            "calibrate", "--experiments", "--data", units, "--metric", "spent", "--splits", "400");
    assertThat(again).isEqualTo(same);
  }

  @Test
  void aMetricWithoutVariationIsNotCalibrated() throws IOException {
    JsonNode found =
        answer(
            "calibrate",
            "--experiments",
            "--data",
            units,
            "--metric",
            "constant",
            "--splits",
            "100");
    assertThat(found.at("/calibrations/0/verdict").asText()).isEqualTo("INSUFFICIENT_DATA");
    assertThat(found.at("/calibrations/0/false_positive_rate").isNull()).isTrue();
  }

  @Test
  void wrongPlansAreOneMessage() {
    refused(2, "Give --effect, --units or both", "power", "--proportion", "0.1");
    refused(2, "Give one of --proportion", "power", "--effect", "1");
    refused(2, "needs --mean", "power", "--sd", "3", "--effect", "2%");
    refused(2, "not above 0 and below 1", "power", "--proportion", "1.5", "--effect", "0.1");
    refused(2, "cannot change by", "power", "--proportion", "0.5", "--effect", "0.9");
    refused(2, "is no number", "power", "--sd", "3", "--effect", "much");
    refused(2, "allowed are obf", "power", "--sd", "3", "--effect", "1", "--spending", "all");
    refused(2, "go together", "power", "--data", units, "--effect", "1");
    refused(2, "neither 1 nor 2", "power", "--sd", "3", "--effect", "1", "--sides", "3");
    refused(3, "No file is there", "power", "--data", "nowhere", "--metric", "x", "--effect", "1");
    refused(
        3,
        "No two units differ",
        "power",
        "--data",
        units,
        "--metric",
        "constant",
        "--effect",
        "1");
    refused(2, "--experiments", "calibrate", "--data", units, "--metric", "spent");
    refused(
        2,
        "is none of auto",
        "calibrate",
        "--experiments",
        "--data",
        units,
        "--metric",
        "spent",
        "--test",
        "wilcoxon");
    refused(
        2, "is no number", "calibrate", "--experiments", "--data", units, "--metric", "country");
    refused(
        2,
        "between 100 and 10000",
        "calibrate",
        "--experiments",
        "--data",
        units,
        "--metric",
        "spent",
        "--splits",
        "9");
  }

  private static void refused(int exitCode, String message, String... arguments) {
    Cli.Outcome outcome = new Cli().run(arguments);
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(exitCode);
    assertThat(outcome.err()).contains(message).contains("why:").contains("fix:");
    assertThat(outcome.out()).isEmpty();
  }

  private static JsonNode answer(String... arguments) throws IOException {
    Cli.Outcome outcome = new Cli().run(arguments);
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    return new ObjectMapper().readTree(outcome.out());
  }
}
