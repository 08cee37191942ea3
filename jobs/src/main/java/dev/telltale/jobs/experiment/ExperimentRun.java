package dev.telltale.jobs.experiment;

import dev.telltale.config.Experiment;
import dev.telltale.config.Granularity;
import dev.telltale.experiment.ArmState;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.NightlyJob;
import dev.telltale.jobs.config.ExperimentFile;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.WindowScope;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.sql.SparkSession;

/** One run of the job {@code experiment}. */
final class ExperimentRun {
  private final SparkSession spark;
  private final Lake lake;
  private final NightSpec spec;
  private final SortedSet<Instant> interval;
  private final List<ExperimentFile> running;

  ExperimentRun(SparkSession spark, Lake lake, NightSpec spec) {
    this.spark = spark;
    this.lake = lake;
    this.spec = spec;
    this.interval =
        new TreeSet<>(
            WindowScope.between(spec.model().model(), Granularity.DAY, spec.from(), spec.to())
                .windows());
    interval.removeIf(day -> Granularity.DAY.next(day).isAfter(spec.to()));
    this.running =
        spec.experiments().stream()
            .filter(
                file ->
                    interval.stream()
                        .anyMatch(day -> file.config().isLookedAtAfter(WindowScope.date(day))))
            .toList();
  }

  NightlyJob.Result result() {
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("declared", spec.experiments().size());
    summary.put("running", running.size());
    if (running.isEmpty()) {
      return NightlyJob.Result.nothingDone(lake.versionsRead(), List.of(), summary);
    }
    List<Experiment> experiments = running.stream().map(ExperimentFile::config).toList();
    KeptUnits units = new KeptUnits(spark, lake, spec, experiments, interval);
    KeptUnits.Work work = units.work();
    SortedSet<Instant> restated = work.restated(interval);
    summary.put("days_restated", restated.size());
    if (spec.dryRun()) {
      return NightlyJob.Result.nothingDone(lake.versionsRead(), restated, summary);
    }
    KeptUnits.Days days = units.upToDate(work);
    List<LocalDate> looks = interval.stream().map(WindowScope::date).toList();
    LookPlan plan =
        new LookPlan(
            experiments, units.sources(), looks, SegmentValues.of(days.exposures(), experiments));
    Map<UnitFold.Key, ArmState> states =
        new LookPass(plan, units.sources()).states(days.exposures(), days.facts());
    TakenLooks taken = new TakenLooks(lake, spec);
    for (int trial = 0; trial < running.size(); trial++) {
      List<Found> found = new ArrayList<>();
      for (int look = 0; look < looks.size(); look++) {
        found.add(Found.of(states, plan, trial, look).without(spec.model().privacy()));
      }
      taken.take(running.get(trial), looks, found);
    }
    summary.put("looks", taken.looks());
    summary.putAll(taken.decisions());
    long written = taken.write(interval);
    return new NightlyJob.Result(
        lake.versionsRead(), List.copyOf(restated), 0, 0, written, summary);
  }
}
