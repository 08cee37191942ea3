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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code analyze} where what was assigned has several rows, and where segments disagree. */
class AnalyzeClustersTest extends SparkTest {
  @TempDir Path directory;

  /** Four equal rows of a user say no more than one. */
  @Test
  void equalRowsOfAClusterAreOneUnit() throws IOException {
    Random random = new Random(1);
    List<String> once = new ArrayList<>(List.of("user,variant,device,spent,before"));
    List<String> often = new ArrayList<>(once);
    for (int user = 0; user < 200; user++) {
      String variant = user % 2 == 0 ? "A" : "B";
      double before = random.nextGaussian();
      double spent = 10 + before + random.nextGaussian();
      for (int row = 0; row < 4; row++) {
        String device = row < 2 ? "web" : "app";
        String line = user + "," + variant + "," + device + "," + spent + "," + before;
        often.add(line);
        if (row == 0) {
          once.add(line);
        }
      }
    }
    String[] options = {"--metric", "spent", "--covariate", "before"};
    JsonNode users = analyze(once, options).at("/metrics/0");
    JsonNode clustered =
        analyze(
            often,
            "--metric",
            "spent",
            "--covariate",
            "before",
            "--cluster",
            "user",
            "--segments",
            "device");
    JsonNode clusters = clustered.at("/metrics/0");
    assertThat(clusters.path("n_control").asInt()).isEqualTo(100);
    for (String path :
        List.of(
            "/absolute/effect",
            "/absolute/std_error",
            "/absolute/p_value",
            "/relative/ci_low",
            "/adjusted/absolute/std_error")) {
      // Sums of four equal doubles round.
      assertThat(clusters.at(path).asDouble())
          .as(path)
          .isCloseTo(users.at(path).asDouble(), within(1e-9));
    }
    assertThat(clustered.path("segments")).hasSize(2);
    assertThat(clustered.at("/segments/0/metrics/0/absolute/std_error").asDouble())
        .as("a user is one unit in each segment")
        .isCloseTo(users.at("/absolute/std_error").asDouble(), within(1e-9));
    double naive = analyze(often, options).at("/metrics/0/absolute/std_error").asDouble();
    assertThat(naive).isLessThan(0.6 * users.at("/absolute/std_error").asDouble());
  }

  @Test
  void clustersThatWereNotAssignedWholeAreSaid() throws IOException {
    List<String> lines = new ArrayList<>(List.of("user,variant,spent"));
    for (int row = 0; row < 200; row++) {
      lines.add(row / 2 + "," + (row % 2 == 0 ? "A" : "B") + "," + row % 7);
    }
    assertThat(analyze(lines, "--metric", "spent", "--cluster", "user").at("/problems/0").asText())
        .startsWith("Values of user with rows of several variants: 100.");
  }

  /** Simpson's paradox: the variant has more of the segment whose level is higher. */
  @Test
  void aReversalAndWrongSharesOfSegmentsAreSaid() throws IOException {
    Random random = new Random(2);
    List<String> lines = new ArrayList<>(List.of("variant,device,seconds"));
    for (int row = 0; row < 2_000; row++) {
      boolean isApp = row % 2 == 0;
      boolean isB = random.nextDouble() < (isApp ? 0.8 : 0.2);
      double seconds = (isApp ? 20 : 10) - (isB ? 1 : 0) + random.nextGaussian();
      lines.add((isB ? "B" : "A") + "," + (isApp ? "app" : "web") + "," + seconds);
    }
    JsonNode answer = analyze(lines, "--metric", "seconds", "--segments", "device");
    assertThat(answer.at("/metrics/0/decision").asText()).isEqualTo("HIGHER");
    assertThat(answer.at("/segments/0/metrics/0/decision").asText()).isEqualTo("LOWER");
    assertThat(answer.at("/heterogeneity/0/reversed").asBoolean()).isTrue();
    assertThat(answer.at("/heterogeneity/0/because").asText())
        .startsWith("seconds is lower in B for every value of device and higher for all units");
    assertThat(answer.path("problems")).hasSize(2);
    assertThat(answer.at("/problems/0").asText())
        .startsWith("Units of device=")
        .contains("did not come in the planned shares");
  }

  private JsonNode analyze(List<String> lines, String... options) throws IOException {
    Path file = Files.write(directory.resolve("rows.csv"), lines);
    List<String> arguments =
        new ArrayList<>(List.of("analyze", "--data", file.toString(), "--control", "A"));
    arguments.addAll(List.of(options));
    Cli.Outcome outcome = new Cli().run(arguments.toArray(String[]::new));
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    return new ObjectMapper().readTree(outcome.out());
  }
}
