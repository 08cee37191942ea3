package dev.telltale.jobs.night;

import dev.telltale.jobs.NightlyJob;
import dev.telltale.jobs.alerts.AlertsJob;
import dev.telltale.jobs.check.CheckJob;
import dev.telltale.jobs.drift.DriftJob;
import dev.telltale.jobs.experiment.ExperimentJob;
import dev.telltale.jobs.join.JoinJob;
import dev.telltale.jobs.profile.ProfileJob;
import dev.telltale.jobs.quality.QualityJob;
import dev.telltale.jobs.sample.PlanJob;
import dev.telltale.jobs.sample.SampleJob;
import dev.telltale.jobs.system.SystemJob;
import java.util.List;

/** The jobs of the night, in order. A new job is one class and one line here. */
public final class NightlyJobs {
  private static final List<NightlyJob> ALL =
      List.of(
          new SampleJob(),
          new ProfileJob(),
          new CheckJob(),
          new SystemJob(),
          new DriftJob(),
          new JoinJob(),
          new QualityJob(),
          new ExperimentJob(),
          new AlertsJob(),
          new PlanJob());

  private NightlyJobs() {}

  /** All of them. */
  public static List<NightlyJob> all() {
    return ALL;
  }

  /**
   * The job of this name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static NightlyJob named(String name) {
    return ALL.stream()
        .filter(job -> job.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("No nightly job " + name));
  }
}
