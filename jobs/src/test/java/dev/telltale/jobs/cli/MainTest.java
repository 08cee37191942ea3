package dev.telltale.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MainTest {
  private static final String MODEL =
      """
      model: flights
      predictions: {table: predictions, id: id, event-time: ts, prediction: late}
      baseline: {table: baseline}
      """;

  @TempDir Path directory;

  @Test
  void helpFitsATerminalAndStatesTheExitCodes() {
    for (CommandLine command : all(Main.commandLine(new RunContext(Map.of(), false)))) {
      String help = command.getUsageMessage(CommandLine.Help.Ansi.OFF);
      assertThat(help.lines()).as(help).allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
      assertThat(command.getCommandSpec().usageMessage().description())
          .as(command.getCommandSpec().qualifiedName())
          .isNotEmpty();
      assertThat(help).contains("--help", "--verbose");
    }

    Cli.Outcome help = new Cli().run("--help");
    assertThat(help.exitCode()).isZero();
    assertThat(help.out())
        .contains(
            "  99   nothing to do, the gate is closed", "  4    findings at or above --fail-on");
    assertThat(help.err()).isEmpty();
  }

  @Test
  void everyOptionHasADescription() {
    for (CommandLine command : all(Main.commandLine(new RunContext(Map.of(), false)))) {
      command
          .getCommandSpec()
          .options()
          .forEach(
              option ->
                  assertThat(option.description())
                      .as(command.getCommandName() + " " + option.longestName())
                      .isNotEmpty());
    }
  }

  @Test
  void versionIsOneLine() {
    assertThat(new Cli().run("--version").out()).matches("telltale \\S+\n");
  }

  @Test
  void noCommandIsWrongUsage() {
    assertThat(new Cli().run())
        .isEqualTo(
            new Cli.Outcome(
                2,
                "",
                """
                telltale: Missing required subcommand.
                  why: The command line of telltale does not fit what it accepts.
                  fix: telltale --help lists what it accepts.
                """));
  }

  @Test
  void aMistypedOptionOrCommandIsNamed() {
    assertThat(new Cli().run("init", "--lak", "x"))
        .isEqualTo(
            new Cli.Outcome(
                2,
                "",
                """
                telltale: Unknown options: '--lak', 'x'.
                  why: The command line of telltale init does not fit what it accepts.
                  fix: Did you mean --lake? telltale init --help lists what it accepts.
                """));
    assertThat(new Cli().run("inti").err()).contains("Unmatched argument", "Did you mean");
  }

  @Test
  void configCheckListsTheModels() throws IOException {
    Path conf = conf(MODEL);
    Cli.Outcome json = new Cli().run("config", "check", "--config", conf.toString());
    assertThat(json.exitCode()).isZero();
    assertThat(json.out())
        .matches(
            "\\{\"job\":\"config check\",\"config\":\"\\S+\",\"models\":\\[\\{\"model\":\"flights\","
                + "\"file\":\"\\S+/models/flights.yaml\",\"config_hash\":\"[0-9a-f]{64}\"}],\"experiments\":\\[]}\n");
    assertThat(new Cli().with("TELLTALE_CONFIG", conf.toString()).run("config", "check"))
        .isEqualTo(json);
    Cli.Outcome table = new Cli().onTerminal().run("config", "check", "--config", conf.toString());
    assertThat(table.out())
        .matches("(?s)MODEL +EXPERIMENT +CONFIG HASH +FILE\nflights +[0-9a-f]{12} .*");
  }

  @Test
  void configCheckSaysEveryProblemWithItsLine() throws IOException {
    Path conf = conf(MODEL + "slicez: []\n");
    Files.writeString(conf.resolve("telltale.yaml"), "\nverbosity: 9\n");
    assertThat(new Cli().run("config", "check", "--config", conf.toString()))
        .isEqualTo(
            new Cli.Outcome(
                2,
                "",
                """
                telltale: CONF/telltale.yaml:2: `verbosity` must be at most 3, but it is `9`
                CONF/models/flights.yaml:4: unknown key `slicez`; did you mean `slices`? Allowed: `model`, `predictions`, `baseline`, `columns`, `slices`, `max-slice-values`, `granularities`, `drift`, `alerts`, `feedback`, `quality`, `kpis`, `sampling`, `privacy`, `retention`, `checks`, `system`
                  why: The published schema does not allow it.
                  fix: Correct the lines named above; docs/configuration.md explains every key.
                """
                    .replace("CONF", conf.toString())));
  }

  @Test
  void theResultFileHasTheJsonAnswerWhateverIsPrinted() throws IOException {
    Path file = directory.resolve("result.json");
    String[] check = {"config", "check", "--config", conf(MODEL).toString()};
    String json = new Cli().run(check).out();
    Cli.Outcome outcome =
        new Cli()
            .run(
                check[0],
                check[1],
                check[2],
                check[3],
                "--format",
                "csv",
                "--result-file",
                file.toString());
    assertThat(outcome.out()).startsWith("MODEL,EXPERIMENT,CONFIG HASH,FILE\nflights,,");
    assertThat(file).hasContent(json);
    assertThat(directory.toFile().list()).as("no temporary file is left").hasSize(2);
    Files.writeString(directory.resolve("conf/models/flights.yaml"), "x: 1\n");
    assertThat(
            new Cli()
                .run(check[0], check[1], check[2], check[3], "--result-file", file.toString())
                .exitCode())
        .isEqualTo(2);
    assertThat(file).as("no answer of an earlier run is left").doesNotExist();
    assertThat(
            new Cli().run("config", "check", "--result-file", directory.resolve("no/f").toString()))
        .returns(2, Cli.Outcome::exitCode)
        .satisfies(failed -> assertThat(failed.err()).startsWith("telltale: Cannot write"));
  }

  private Path conf(String model) throws IOException {
    Path conf = directory.resolve("conf");
    Files.createDirectories(conf.resolve("models"));
    Files.writeString(conf.resolve("models/flights.yaml"), model);
    return conf;
  }

  private static List<CommandLine> all(CommandLine command) {
    List<CommandLine> all = new ArrayList<>(List.of(command));
    command.getSubcommands().values().forEach(sub -> all.addAll(all(sub)));
    return all;
  }
}
