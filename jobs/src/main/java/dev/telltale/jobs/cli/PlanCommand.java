package dev.telltale.jobs.cli;

import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.NightlyJob;
import dev.telltale.jobs.sample.PlanJob;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code telltale plan}. */
@Command(
    name = "plan",
    description =
        "Decides how much of each stratum of the telemetry is kept on the day after the interval,"
            + " from what the nights up to its end have found.")
final class PlanCommand extends NightCommand {
  @Override
  List<NightlyJob> jobs(NightSpec spec) {
    return List.of(new PlanJob());
  }
}
