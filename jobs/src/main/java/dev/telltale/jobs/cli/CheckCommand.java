package dev.telltale.jobs.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.telltale.finding.Severity;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.NightlyJob;
import dev.telltale.jobs.check.CheckJob;
import dev.telltale.jobs.lake.Lake;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code telltale check}. */
@Command(
    name = "check",
    description =
        "Checks what the model file expects of tables, in the windows of the interval and those"
            + " earlier ones whose rows have changed, with results as Great Expectations has them.")
final class CheckCommand extends NightCommand {
  @Mixin private FailOn failOn;

  @Override
  List<NightlyJob> jobs(NightSpec spec) {
    return List.of(new CheckJob());
  }

  @Override
  int exitCode(Map<Severity, Long> findings) {
    return failOn.exitCode(findings);
  }

  @Override
  void print(OutputOptions to, NightAnswer answer, Lake lake) {
    if (answer.spec().dryRun()) {
      super.print(to, answer, lake);
      return;
    }
    CheckAnswer results = CheckAnswer.of(lake, answer.spec());
    ObjectNode json = answer.json();
    results.addTo(json);
    to.print(json, format -> results.lines(format));
  }
}
