package dev.telltale.jobs.cli;

import dev.telltale.finding.Severity;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.NightlyJob;
import dev.telltale.jobs.drift.DriftJob;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code telltale drift}. */
@Command(
    name = "drift",
    description =
        "Compares the windows that end in the interval with the baseline and with the window"
            + " before, from the states that profile stored: distances, calibrated tests, data"
            + " faults, and the findings that follow.")
final class DriftCommand extends NightCommand {
  @Mixin private FailOn failOn;

  @Override
  List<NightlyJob> jobs(NightSpec spec) {
    return List.of(new DriftJob());
  }

  @Override
  int exitCode(Map<Severity, Long> findings) {
    return failOn.exitCode(findings);
  }
}
