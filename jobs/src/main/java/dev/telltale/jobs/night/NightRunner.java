package dev.telltale.jobs.night;

import dev.telltale.error.Errors;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.NightlyJob;
import dev.telltale.jobs.Progress;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.RunEntry;
import dev.telltale.jobs.lake.SourceErrors;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;

/**
 * Runs jobs of one night in one session, in order, and accounts for them in the ledger.
 *
 * <p>A failed job ends the night; what earlier jobs wrote stays, since each write is complete and
 * running the night again replaces it.
 */
public final class NightRunner {
  private static final double NANOS_PER_SECOND = 1e9;

  private NightRunner() {}

  /**
   * A job that is done.
   *
   * @param job its name
   * @param result what it did
   * @param seconds wall time
   */
  public record Outcome(String job, NightlyJob.Result result, double seconds) {}

  /**
   * Runs {@code jobs} for {@code spec}.
   *
   * @throws dev.telltale.error.TelltaleException for what the user can mend
   */
  public static List<Outcome> run(
      SparkSession spark, NightSpec spec, List<NightlyJob> jobs, Progress progress) {
    if (!spec.from().isBefore(spec.to())) {
      throw Errors.emptyInterval(spec.from().toString(), spec.to().toString());
    }
    Lake lake = Lake.at(spark, spec.lake()).requireInitialised();
    Map<String, RunEntry> earlier = earlier(lake, spec);
    List<Outcome> outcomes = new ArrayList<>();
    List<RunEntry> entries = new ArrayList<>();
    try {
      for (NightlyJob job : jobs) {
        Lake view =
            lake.pinned(
                    Optional.ofNullable(earlier.get(job.name()))
                        .map(RunEntry::sources)
                        .orElse(Map.of()))
                .after(entries);
        progress.started(job.name(), outcomes.size(), jobs.size());
        Outcome outcome = run(spark, view, spec, job, entries);
        outcomes.add(outcome);
      }
    } finally {
      if (!spec.dryRun()) {
        lake.ledger().record(entries);
      }
    }
    return outcomes;
  }

  private static Map<String, RunEntry> earlier(Lake lake, NightSpec spec) {
    if (spec.asOf().isEmpty()) {
      return Map.of();
    }
    List<RunEntry> entries =
        lake.ledger().find(spec.asOf().get()).stream()
            .filter(entry -> entry.modelId().equals(spec.model().model()))
            .toList();
    if (entries.isEmpty()) {
      throw Errors.unknownRun(spec.asOf().get(), spec.model().model());
    }
    return entries.stream().collect(Collectors.toMap(RunEntry::job, entry -> entry));
  }

  private static Outcome run(
      SparkSession spark, Lake lake, NightSpec spec, NightlyJob job, List<RunEntry> entries) {
    Instant started = Instant.now();
    String interval = spec.from() + " to " + spec.to();
    spark
        .sparkContext()
        .setJobGroup(
            "telltale-" + job.name(),
            "telltale " + job.name() + " " + spec.model().model() + " " + interval,
            false);
    try {
      NightlyJob.Result result = job.run(spark, lake, spec);
      Instant ended = Instant.now();
      entries.add(entry(spec, job, started, ended, Optional.of(result), Optional.empty()));
      return new Outcome(job.name(), result, seconds(started, ended));
    } catch (RuntimeException e) {
      RuntimeException failure = SourceErrors.translate(e);
      entries.add(
          entry(
              spec,
              job,
              started,
              Instant.now(),
              Optional.empty(),
              Optional.of(String.valueOf(failure.getMessage()))));
      throw failure;
    } finally {
      spark.sparkContext().clearJobGroup();
    }
  }

  private static RunEntry entry(
      NightSpec spec,
      NightlyJob job,
      Instant started,
      Instant ended,
      Optional<NightlyJob.Result> result,
      Optional<String> message) {
    return new RunEntry(
        spec.runId(),
        job.name(),
        spec.model().model(),
        spec.from(),
        spec.to(),
        result.isPresent() ? RunEntry.SUCCEEDED : RunEntry.FAILED,
        message,
        arguments(spec, job),
        spec.configHash(),
        CodeVersion.current(),
        result.map(NightlyJob.Result::sources).orElse(Map.of()),
        result.map(NightlyJob.Result::restated).orElse(List.of()),
        result.map(NightlyJob.Result::rowsRead).orElse(0L),
        result.map(NightlyJob.Result::bytesRead).orElse(0L),
        result.map(NightlyJob.Result::rowsWritten).orElse(0L),
        seconds(started, ended),
        spec.asOf(),
        started,
        ended);
  }

  private static String arguments(NightSpec spec, NightlyJob job) {
    return job.name()
        + " --model "
        + spec.model().model()
        + " --from "
        + spec.from()
        + " --to "
        + spec.to()
        + spec.asOf().map(run -> " --as-of " + run).orElse("");
  }

  private static double seconds(Instant started, Instant ended) {
    return Duration.between(started, ended).toNanos() / NANOS_PER_SECOND;
  }
}
