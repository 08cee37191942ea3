package dev.telltale.jobs.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.telltale.finding.Severity;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.NightlyJob;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.system.SystemJob;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code telltale system}. */
@Command(
    name = "system",
    description =
        "Measures how well the service around the model works, in the windows of the interval and"
            + " those earlier ones whose rows have changed: latency, errors, availability, load,"
            + " cost, age and crashes, by version.")
final class SystemCommand extends NightCommand {
  @Mixin private FailOn failOn;

  @Override
  List<NightlyJob> jobs(NightSpec spec) {
    return List.of(new SystemJob());
  }

  @Override
  int exitCode(Map<Severity, Long> findings) {
    return failOn.exitCode(findings);
  }

  @Override
  void print(OutputOptions to, NightAnswer answer, Lake lake) {
    if (answer.spec().dryRun() || answer.spec().model().system().isEmpty()) {
      super.print(to, answer, lake);
      return;
    }
    SystemAnswer results = SystemAnswer.of(lake, answer.spec());
    ObjectNode json = answer.json();
    results.addTo(json);
    to.print(json, results::lines);
  }
}
