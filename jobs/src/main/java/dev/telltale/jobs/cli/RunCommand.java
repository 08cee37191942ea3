package dev.telltale.jobs.cli;

import dev.telltale.finding.Severity;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.NightlyJob;
import dev.telltale.jobs.night.NightlyJobs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code telltale run}. */
@Command(
    name = "run",
    description =
        "Runs the whole night in one Spark session: sample, profile, check, system, drift, join,"
            + " quality, experiment, alerts, plan, report.")
final class RunCommand extends NightCommand {
  @Mixin private ReportOptions report;
  @Mixin private FailOn failOn;

  @Override
  List<NightlyJob> jobs(NightSpec spec) {
    List<NightlyJob> jobs = new ArrayList<>(NightlyJobs.all());
    jobs.add(report.job(spec));
    return jobs;
  }

  @Override
  boolean looksAtExperiments() {
    return true;
  }

  @Override
  int exitCode(Map<Severity, Long> findings) {
    return failOn.exitCode(findings);
  }
}
