package dev.telltale.jobs.cli;

import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.NightlyJob;
import dev.telltale.jobs.profile.ProfileJob;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code telltale profile}. */
@Command(
    name = "profile",
    description =
        "Counts what the model saw in the interval, in one scan: mergeable states per window,"
            + " version, slice and column, and the metrics that follow from them. Earlier windows"
            + " whose input has changed since are counted again.")
final class ProfileCommand extends NightCommand {
  @Override
  List<NightlyJob> jobs(NightSpec spec) {
    return List.of(new ProfileJob());
  }
}
