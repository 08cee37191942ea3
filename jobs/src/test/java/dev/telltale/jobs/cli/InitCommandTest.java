package dev.telltale.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.telltale.jobs.SparkTest;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InitCommandTest extends SparkTest {
  @TempDir Path directory;

  @Test
  void createsTheLakeAndSaysWhere() throws IOException {
    Path lake = directory.resolve("lake");
    Cli cli = new Cli().with("TELLTALE_CONFIG", directory.toString());
    Cli.Outcome outcome = cli.run("init", "--lake", lake.toString());
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.exitCode()).isZero();
    List<String> lines = outcome.out().lines().toList();
    assertThat(lines).hasSize(1);
    JsonNode answer = new ObjectMapper().readTree(lines.get(0));
    assertThat(answer.path("tables").fieldNames())
        .toIterable()
        .containsExactlyElementsOf(Tables.names());
    assertThat(cli.run("init", "--lake", lake.toString())).as("again").isEqualTo(outcome);
    Lake made = Lake.at(spark, lake.toString());
    assertThat(Tables.values())
        .as("one commit each")
        .allSatisfy(table -> assertThat(made.version(table)).as(table.name()).isZero());
    assertThat(cli.onTerminal().run("init", "--lake", lake.toString()).out())
        .startsWith("TABLE ")
        .contains("profile_states ");
  }

  @Test
  void aLakeThatIsAFileIsOneMessage() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "not a directory");
    Cli.Outcome outcome =
        new Cli()
            .with("TELLTALE_CONFIG", directory.toString())
            .run("init", "--lake", file.toString());
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(3);
    assertThat(outcome.err().lines()).as(outcome.err()).hasSize(3);
  }
}
