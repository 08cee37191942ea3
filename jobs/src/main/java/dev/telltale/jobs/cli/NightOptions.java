package dev.telltale.jobs.cli;

import dev.telltale.jobs.NightSpec;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which night of which model, and how it is run. */
final class NightOptions extends IntervalOptions {
  @Option(
      names = "--as-of",
      paramLabel = "RUN",
      description = "Read the table versions that this run read, instead of the latest.")
  private Optional<String> asOf = Optional.empty();

  @Option(names = "--dry-run", description = "Say what would be done; write nothing.")
  private boolean dryRun;

  @Override
  NightSpec spec(Settings settings) {
    return spec(settings, asOf, dryRun);
  }
}
