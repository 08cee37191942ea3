package dev.telltale.jobs.lake;

import dev.telltale.config.Granularity;
import dev.telltale.jobs.NightSpec;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Windows before an interval that a job computed and whose rows have changed since. */
public final class TelemetryChanges {
  private static final Logger LOG = LoggerFactory.getLogger(TelemetryChanges.class);

  private TelemetryChanges() {}

  /**
   * The windows.
   *
   * @param job name of the job that asks
   * @param results table that has rows of each window that the job computed
   * @param interval windows that are computed anyway
   */
  public static SortedSet<Instant> windows(
      Lake lake,
      NightSpec spec,
      String job,
      Tables results,
      Telemetry telemetry,
      Granularity granularity,
      SortedSet<Instant> interval) {
    String modelId = spec.model().model();
    SourceTable table = telemetry.table();
    if (spec.asOf().isPresent()) {
      return lake.ledger().restated(spec.asOf().get(), job);
    }
    Optional<Long> since =
        lake.ledger()
            .lastSucceeded(modelId, job)
            .map(RunEntry::sources)
            .map(sources -> sources.get(table.location()));
    if (since.isEmpty() || since.get() >= table.version()) {
      return new TreeSet<>();
    }
    Optional<SortedSet<Instant>> touched =
        telemetry.touchedSince(since.get(), granularity, interval);
    if (touched.isEmpty()) {
      LOG.warn(
          "Late input to earlier windows is not looked for: {} no longer has the commits since"
              + " version {}. Run the earlier interval again to be sure.",
          table.location(),
          since.get());
      return new TreeSet<>();
    }
    return touched.get().isEmpty()
        ? new TreeSet<>()
        : ResultDays.of(lake, results, modelId, granularity).among(touched.get());
  }
}
