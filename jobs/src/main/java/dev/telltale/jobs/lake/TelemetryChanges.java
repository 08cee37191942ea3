package dev.telltale.jobs.lake;

import dev.telltale.config.Granularity;
import dev.telltale.jobs.NightSpec;
import java.time.Instant;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Windows before an interval that a job computed and whose rows have changed since.
 *
 * @param windows their starts
 * @param lateRows rows that came for windows whose other rows are dropped: they are not taken in
 */
public record TelemetryChanges(SortedSet<Instant> windows, long lateRows) {
  private static final Logger LOG = LoggerFactory.getLogger(TelemetryChanges.class);
  private static final TelemetryChanges NONE = new TelemetryChanges(new TreeSet<>(), 0);

  /**
   * Finds them.
   *
   * @param job name of the job that asks
   * @param results table that has rows of each window that the job computed
   * @param interval windows that are computed anyway
   * @throws dev.telltale.error.TelltaleException if rows or results of the interval are dropped
   *     (exit 3)
   */
  public static TelemetryChanges since(
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
      return new TelemetryChanges(lake.ledger().restated(spec.asOf().get(), job), 0);
    }
    Maintenance maintenance = lake.maintenance();
    maintenance.requireKept(table.location(), interval.first());
    maintenance.requireKept(
        lake.path(results),
        Granularity.earliestStart(spec.model().granularities(), interval.first()));
    Optional<Long> since =
        lake.ledger()
            .lastSucceeded(modelId, job)
            .map(RunEntry::sources)
            .map(sources -> sources.get(table.location()));
    if (since.isEmpty() || since.get() >= table.version()) {
      return NONE;
    }
    Maintenance.Since from = maintenance.since(table.location(), since.get());
    Optional<SortedSet<Instant>> touched =
        telemetry.touchedSince(from.version(), granularity, interval);
    if (touched.isEmpty()) {
      LOG.warn(
          "Late input to earlier windows is not looked for: {} no longer has the commits since"
              + " version {}. Run the earlier interval again to be sure.",
          table.location(),
          since.get());
      return NONE;
    }
    NavigableSet<Instant> windows = new TreeSet<>(touched.get());
    from.restate()
        .forEach(
            day ->
                windows.addAll(
                    WindowScope.between(
                            modelId, granularity, granularity.floor(day), Granularity.DAY.next(day))
                        .windows()));
    windows.removeAll(interval);
    NavigableSet<Instant> dropped =
        new TreeSet<>(windows.headSet(maintenance.latestKeptFrom(table.location()), false));
    long lateRows =
        dropped.isEmpty() ? 0 : telemetry.rows(TimeRange.of(granularity, dropped)).count();
    windows.removeAll(dropped);
    maintenance
        .keptFrom(lake.path(results))
        .ifPresent(
            kept ->
                windows.removeIf(
                    start ->
                        Granularity.earliestStart(spec.model().granularities(), start)
                            .isBefore(kept)));
    return windows.isEmpty()
        ? new TelemetryChanges(windows, lateRows)
        : new TelemetryChanges(
            ResultDays.of(lake, results, modelId, granularity).among(windows), lateRows);
  }
}
