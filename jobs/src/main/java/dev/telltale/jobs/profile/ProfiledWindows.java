package dev.telltale.jobs.profile;

import dev.telltale.config.Granularity;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.RunEntry;
import dev.telltale.jobs.lake.SourceTable;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.Telemetry;
import dev.telltale.jobs.lake.WindowScope;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.sql.Row;

/** Windows of which a profile tells what the rows are that are there now. */
public final class ProfiledWindows {
  private ProfiledWindows() {}

  /**
   * Windows whose profile counted the rows that the telemetry has now: its run covers the window,
   * and no commit since has touched it.
   */
  public static SortedSet<Instant> current(
      Lake lake,
      NightSpec spec,
      SourceTable telemetry,
      Granularity granularity,
      Collection<Instant> windows) {
    Optional<RunEntry> run =
        lake.doneInThisRun(ProfileJob.NAME)
            .or(
                () ->
                    spec.asOf().isPresent()
                        ? lake.ledger().find(spec.asOf().get(), ProfileJob.NAME)
                        : lake.ledger().lastSucceeded(spec.model().model(), ProfileJob.NAME));
    Long version = run.map(entry -> entry.sources().get(telemetry.location())).orElse(null);
    if (version == null || version > telemetry.version()) {
      return new TreeSet<>();
    }
    SortedSet<Instant> current = new TreeSet<>();
    for (Instant window : windows) {
      boolean inInterval =
          !window.isBefore(run.get().from()) && !granularity.next(window).isAfter(run.get().to());
      if (inInterval || run.get().restated().contains(window)) {
        current.add(window);
      }
    }
    if (version < telemetry.version() && !current.isEmpty()) {
      Optional<SortedSet<Instant>> touched =
          Telemetry.of(telemetry, spec.model().telemetry())
              .touchedSince(version, granularity, new TreeSet<>());
      if (touched.isEmpty()) {
        return new TreeSet<>();
      }
      current.removeAll(touched.get());
    }
    return current;
  }

  /** Windows in which ids may be repeated: all but those of which a profile knows that none is. */
  public static SortedSet<Instant> mayRepeatIds(
      Lake lake,
      NightSpec spec,
      SourceTable telemetry,
      Granularity granularity,
      SortedSet<Instant> windows) {
    SortedSet<Instant> mayRepeat = new TreeSet<>(windows);
    SortedSet<Instant> current = current(lake, spec, telemetry, granularity, windows);
    if (current.isEmpty()) {
      return mayRepeat;
    }
    for (Row row :
        lake.rows(
            Tables.PROFILE_METRICS,
            WindowScope.of(spec.model().model(), granularity, current),
            "window_start",
            "num_duplicate_ids")) {
      if (Long.valueOf(0).equals(row.<Long>getAs("num_duplicate_ids"))) {
        mayRepeat.remove(row.<Timestamp>getAs("window_start").toInstant());
      }
    }
    return mayRepeat;
  }
}
