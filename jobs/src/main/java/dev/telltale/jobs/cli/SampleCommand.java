package dev.telltale.jobs.cli;

import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.NightlyJob;
import dev.telltale.jobs.sample.SampleJob;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code telltale sample}. */
@Command(
    name = "sample",
    description =
        "Draws the sample of the interval's telemetry that later jobs read, as the model file"
            + " declares it, and those earlier days again whose telemetry has changed.")
final class SampleCommand extends NightCommand {
  @Override
  List<NightlyJob> jobs(NightSpec spec) {
    return List.of(new SampleJob());
  }
}
