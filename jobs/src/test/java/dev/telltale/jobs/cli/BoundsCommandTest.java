package dev.telltale.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code telltale bounds} as people and pipelines call it, and what they can get wrong. */
class BoundsCommandTest {
  @TempDir Path directory;

  @Test
  void theAnswerHasTheBoundOfEveryLook() throws IOException {
    boolean hadSession = SparkSession.getDefaultSession().isDefined();
    Path file = directory.resolve("bounds.json");
    Cli.Outcome outcome =
        new Cli().run("bounds", "--looks", ".2,.4,.6,.8,1", "--result-file", file.toString());
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(Files.readString(file)).isEqualTo(outcome.out());
    JsonNode json = new ObjectMapper().readTree(outcome.out());
    assertThat(json.path("alpha").asDouble()).isEqualTo(0.05);
    assertThat(json.path("sides").asInt()).isEqualTo(2);
    assertThat(json.path("spending").asText()).isEqualTo("obf");
    double[] expected = {4.87688, 3.35701, 2.68028, 2.28982, 2.03103};
    assertThat(json.path("looks")).hasSize(5);
    for (int k = 0; k < 5; k++) {
      JsonNode look = json.path("looks").path(k);
      assertThat(look.path("look").asInt()).isEqualTo(k + 1);
      assertThat(look.path("bound").asDouble()).isCloseTo(expected[k], within(1e-4));
    }
    assertThat(json.at("/looks/4/information").asDouble()).isEqualTo(1);
    assertThat(json.at("/looks/4/alpha_spent").asDouble()).isEqualTo(0.05);
    assertThat(json.at("/looks/4/p_value").asDouble()).isCloseTo(0.04225, within(1e-5));
    assertThat(SparkSession.getDefaultSession().isDefined()).isEqualTo(hadSession);
  }

  @Test
  void alphaSidesAndSpendingAreTaken() throws IOException {
    Cli.Outcome outcome =
        new Cli().run("bounds", "--looks=1", "--alpha=0.025", "--sides=1", "--spending", "power:2");
    JsonNode json = new ObjectMapper().readTree(outcome.out());
    assertThat(json.at("/looks/0/bound").asDouble()).isCloseTo(1.959964, within(1e-6));
    assertThat(json.at("/looks/0/p_value").asDouble()).isCloseTo(0.025, within(1e-9));
    assertThat(json.path("spending").asText()).isEqualTo("power:2");
    assertThat(json.path("sides").asInt()).isEqualTo(1);
  }

  @Test
  void aLookThatSpendsNothingHasNoBound() throws IOException {
    Cli.Outcome outcome = new Cli().run("bounds", "--looks", "0.001,0.5,0.5,1,1.2");
    JsonNode looks = new ObjectMapper().readTree(outcome.out()).path("looks");
    for (int without : new int[] {0, 2, 4}) {
      assertThat(looks.path(without).path("bound").isNull()).isTrue();
      assertThat(looks.path(without).path("p_value").isNull()).isTrue();
    }
    assertThat(looks.path(3).path("bound").isNumber()).isTrue();
    assertThat(new Cli().run("bounds", "--looks", "0.001", "--format", "csv").out().lines())
        .element(1)
        .asString()
        .matches("1,0\\.001,.*,,");
  }

  @Test
  void theTableIsForPeople() {
    Cli.Outcome outcome = new Cli().onTerminal().run("bounds", "--looks", "0.001,0.5,1");
    assertThat(outcome.out().lines())
        .first()
        .asString()
        .matches("LOOK +INFORMATION +ALPHA SPENT +BOUND +P VALUE");
    assertThat(outcome.out())
        .containsPattern("1 +0\\.001000 +0\\.000 +none +none")
        .containsPattern("2 +0\\.5000 +0\\.003051 +2\\.963 +0\\.003051");
    assertThat(new Cli().run("bounds", "--looks", "0.5,1", "--format", "markdown").out())
        .startsWith("| look | information | alpha_spent | bound | p_value |");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--looks=0,1 | --looks has 0.0, which is no share above 0.",
        "--looks=NaN | --looks has NaN, which is no share above 0.",
        "--looks=0.5,Infinity | --looks has Infinity, which is no share above 0.",
        "--looks=1 --alpha=1 | --alpha 1.0 is not above 0 and below 1.",
        "--looks=1 --alpha=NaN | --alpha NaN is not above 0 and below 1.",
        "--looks=1 --sides=3 | --sides has 3 sides; allowed are 1 and 2.",
        "--looks=1 --spending=power:0 | No spending function 'power:0'; allowed are obf, pocock",
        "--looks=x | Invalid value for option '--looks'",
        "--alpha=0.05 | Missing required option: '--looks=SHARE'"
      })
  void whatIsNoDesignIsWrongUsage(String arguments, String message) {
    Cli.Outcome outcome = new Cli().run(("bounds " + arguments).split(" "));
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err())
        .startsWith("telltale: " + message)
        .contains("fix: telltale bounds --help lists what it accepts.");
  }
}
