package dev.telltale.jobs.cli;

import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** On which Spark a command runs. */
class MasterOption {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--master",
      paramLabel = "URL",
      description =
          "Spark master, where spark-submit does not set one. Also TELLTALE_MASTER or `master`"
              + " in telltale.yaml; else `local[*]`.")
  private Optional<String> master = Optional.empty();

  /** The settings in effect. */
  Settings settings() {
    return settings(Optional.empty(), Optional.empty());
  }

  final Settings settings(Optional<String> lake, Optional<String> config) {
    return Settings.of(lake, config, master, Main.verbosity(command), environment());
  }

  /** The environment of the command. */
  final Map<String, String> environment() {
    return Main.context(command).environment();
  }
}
