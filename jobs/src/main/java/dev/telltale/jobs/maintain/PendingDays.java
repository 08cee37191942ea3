package dev.telltale.jobs.maintain;

import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.NightlyJob;
import dev.telltale.jobs.join.JoinJob;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.ResultDays;
import dev.telltale.jobs.lake.RunEntry;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.profile.ProfileJob;
import dev.telltale.jobs.quality.QualityJob;
import dev.telltale.jobs.sample.SampleJob;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.spark.sql.SparkSession;

/**
 * Days that changed since the last night and that the next night would compute again, as the jobs
 * themselves say: once history is gone, nobody can tell any more.
 */
record PendingDays(NavigableSet<Instant> days) {
  private static final List<NightlyJob> READERS =
      List.of(new SampleJob(), new ProfileJob(), new JoinJob());

  static PendingDays of(SparkSession spark, Lake lake, ModelConfig model, String runId) {
    NavigableSet<Instant> days = new TreeSet<>();
    for (NightlyJob job : READERS) {
      Optional<RunEntry> last = lake.ledger().lastSucceeded(model.model(), job.name());
      if (last.isPresent()) {
        // The night to come; its own days it computes anyway.
        Instant from = last.get().to();
        NightSpec next =
            new NightSpec(
                lake.location(),
                model,
                "",
                from,
                model.granularities().get(0).next(from),
                runId,
                Optional.empty(),
                true);
        job.run(spark, lake.latest(), next).restated().stream()
            .map(Granularity.DAY::floor)
            .forEach(days::add);
      }
    }
    // What join has written and quality not yet read.
    lake.ledger()
        .lastSucceeded(model.model(), QualityJob.NAME)
        .map(entry -> entry.sources().get(lake.path(Tables.LABELLED)))
        .flatMap(
            since ->
                ResultDays.of(lake.latest(), Tables.LABELLED, model.model(), Granularity.DAY)
                    .touchedSince(since))
        .ifPresent(
            dates -> dates.forEach(day -> days.add(day.atStartOfDay(ZoneOffset.UTC).toInstant())));
    return new PendingDays(days);
  }
}
