package dev.telltale.jobs.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.telltale.finding.Severity;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.NightlyJob;
import dev.telltale.jobs.experiment.ExperimentJob;
import dev.telltale.jobs.lake.Lake;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code telltale experiment}. */
@Command(
    name = "experiment",
    description =
        "Looks at every running experiment of the model after each day of the interval: effects"
            + " that hold at all looks together, checks of trust, and what to do.")
final class ExperimentCommand extends NightCommand {
  @Mixin private FailOn failOn;

  @Override
  List<NightlyJob> jobs(NightSpec spec) {
    return List.of(new ExperimentJob());
  }

  @Override
  boolean looksAtExperiments() {
    return true;
  }

  @Override
  int exitCode(Map<Severity, Long> findings) {
    return failOn.exitCode(findings);
  }

  @Override
  void print(OutputOptions to, NightAnswer answer, Lake lake) {
    if (answer.spec().dryRun() || answer.spec().experiments().isEmpty()) {
      super.print(to, answer, lake);
      return;
    }
    ExperimentAnswer looks = ExperimentAnswer.of(lake, answer.spec());
    ObjectNode json = answer.json();
    looks.addTo(json);
    to.print(json, looks::lines);
  }
}
