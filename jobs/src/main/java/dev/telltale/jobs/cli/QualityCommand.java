package dev.telltale.jobs.cli;

import dev.telltale.finding.Severity;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.NightlyJob;
import dev.telltale.jobs.quality.QualityJob;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code telltale quality}. */
@Command(
    name = "quality",
    description =
        "Measures how good the answers of the interval were, as far as their labels are known, per"
            + " version and slice, with intervals; restates earlier windows whose labels have come;"
            + " compares with training and the previous version.")
final class QualityCommand extends NightCommand {
  @Mixin private FailOn failOn;

  @Override
  List<NightlyJob> jobs(NightSpec spec) {
    return List.of(new QualityJob());
  }

  @Override
  int exitCode(Map<Severity, Long> findings) {
    return failOn.exitCode(findings);
  }
}
