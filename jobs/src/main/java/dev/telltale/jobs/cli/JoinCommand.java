package dev.telltale.jobs.cli;

import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.NightlyJob;
import dev.telltale.jobs.join.JoinJob;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code telltale join}. */
@Command(
    name = "join",
    description =
        "Joins the predictions of the interval with the feedback that has arrived for them, and"
            + " those earlier days again about which feedback has come or changed.")
final class JoinCommand extends NightCommand {
  @Override
  List<NightlyJob> jobs(NightSpec spec) {
    return List.of(new JoinJob());
  }
}
