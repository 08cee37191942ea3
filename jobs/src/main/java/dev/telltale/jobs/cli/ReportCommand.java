package dev.telltale.jobs.cli;

import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.NightlyJob;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code telltale report}. */
@Command(
    name = "report",
    description =
        "Draws the windows up to the end of the interval as one HTML page that works offline, and"
            + " writes the same as JSON beside it.")
final class ReportCommand extends NightCommand {
  @Mixin private ReportOptions report;

  @Override
  List<NightlyJob> jobs(NightSpec spec) {
    return List.of(report.job(spec));
  }
}
