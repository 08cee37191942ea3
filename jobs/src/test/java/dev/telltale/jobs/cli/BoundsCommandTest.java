package dev.telltale.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class BoundsCommandTest {
  /** Bounds by an independent recursion on a Simpson grid of 8,001 points. */
  @Test
  void boundsAreThoseOfTheRecursion() throws IOException {
    assertBounds("obf", 2, 4.87688, 3.35701, 2.68028, 2.28982, 2.03103);
    assertBounds("pocock", 2, 2.43798, 2.42681, 2.41019, 2.39665, 2.38600);
    assertBounds("power:2", 2, 3.09023, 2.71411, 2.47278, 2.27986, 2.11403);
    assertBounds("power:2", 1, 2.87816, 2.47023, 2.20095, 1.98182, 1.79024);
  }

  private static void assertBounds(String spending, int sides, double... bounds)
      throws IOException {
    Cli.Outcome outcome =
        new Cli()
            .run(
                "bounds",
                "--looks",
                ".2,.4,.6,.8,1",
                "--alpha",
                ".05",
                "--sides",
                "" + sides,
                "--spending",
                spending);
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    JsonNode json = new ObjectMapper().readTree(outcome.out());
    assertThat(json.path("spending").asText()).isEqualTo(spending);
    assertThat(json.path("looks")).hasSize(5);
    double spent = 0;
    for (int look = 0; look < 5; look++) {
      JsonNode one = json.path("looks").path(look);
      assertThat(one.path("look").asInt()).isEqualTo(look + 1);
      assertThat(one.path("bound").asDouble()).isCloseTo(bounds[look], within(1e-4));
      assertThat(one.path("alpha_spent").asDouble()).isGreaterThan(spent);
      assertThat(one.path("p_value").asDouble()).isBetween(0.0, 0.05);
      spent = one.path("alpha_spent").asDouble();
    }
    assertThat(spent).isCloseTo(0.05, within(1e-12));
  }

  @Test
  void wrongDesignsAreOneMessage() {
    refused("must increase", "--looks", ".5,.5");
    refused("allowed are obf, pocock and power:R", "--looks", "1", "--spending", "pocok");
    refused("alpha", "--looks", "1", "--alpha", "2");
    refused("sides", "--looks", "1", "--sides", "3");
    refused("nformation", "--looks", "0,1");
    refused("--looks", "--alpha", ".05");
  }

  private static void refused(String message, String... options) {
    String[] arguments = new String[options.length + 1];
    arguments[0] = "bounds";
    System.arraycopy(options, 0, arguments, 1, options.length);
    Cli.Outcome outcome = new Cli().run(arguments);
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(2);
    assertThat(outcome.err()).containsIgnoringCase(message).contains("why:").contains("fix:");
    assertThat(outcome.out()).isEmpty();
  }
}
