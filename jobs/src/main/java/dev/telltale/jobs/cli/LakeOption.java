package dev.telltale.jobs.cli;

import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Where the lake and the configuration are. */
class LakeOption {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--lake",
      paramLabel = "DIR|CATALOG.SCHEMA",
      description = "The lake. Also TELLTALE_LAKE or `lake` in telltale.yaml; else `lake`.")
  private Optional<String> lake = Optional.empty();

  @Option(
      names = "--config",
      paramLabel = "DIR|FILE",
      description =
          "Directory with telltale.yaml and models/*.yaml, or one model file. Also"
              + " TELLTALE_CONFIG; else `conf`.")
  private Optional<String> config = Optional.empty();

  @Option(
      names = "--master",
      paramLabel = "URL",
      description =
          "Spark master, where spark-submit does not set one. Also TELLTALE_MASTER or `master`"
              + " in telltale.yaml; else `local[*]`.")
  private Optional<String> master = Optional.empty();

  /** The settings in effect. */
  final Settings settings() {
    return Settings.of(lake, config, master, Main.verbosity(command), environment());
  }

  /** The environment of the command. */
  final Map<String, String> environment() {
    return Main.context(command).environment();
  }
}
