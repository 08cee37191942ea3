package dev.telltale.jobs.cli;

import java.util.Optional;
import picocli.CommandLine.Option;

/** Where the lake and the configuration are, and on which Spark a command runs. */
class LakeOption extends MasterOption {
  @Option(
      names = "--lake",
      paramLabel = "DIR|CATALOG.SCHEMA",
      description = "The lake. Also TELLTALE_LAKE or `lake` in telltale.yaml; else `lake`.")
  private Optional<String> lake = Optional.empty();

  @Option(
      names = "--config",
      paramLabel = "DIR|FILE",
      description =
          "Directory with telltale.yaml, models/*.yaml and experiments/*.yaml, or one model"
              + " file. Also"
              + " TELLTALE_CONFIG; else `conf`.")
  private Optional<String> config = Optional.empty();

  @Override
  final Settings settings() {
    return settings(lake, config);
  }
}
