package dev.telltale.jobs.maintain;

import dev.telltale.config.Feedback;
import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.error.Errors;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.ResultDays;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Whether everything that the nights compute from the rows of some days is computed. */
final class Summarised {
  private final Lake lake;
  private final NightSpec spec;
  private final ModelConfig model;

  Summarised(Lake lake, NightSpec spec) {
    this.lake = lake;
    this.spec = spec;
    this.model = spec.model();
  }

  /**
   * Refuses to drop telemetry of which something is not computed.
   *
   * @param days that have rows which would be dropped
   * @throws dev.telltale.error.TelltaleException if a night is missing, or labels may come (exit 3)
   */
  void requireTelemetry(String location, Instant keptFrom, NavigableSet<Instant> days) {
    require(location, keptFrom, profiled(model.model(), days, finest()), "profile has not run for");
    if (model.system().isPresent()) {
      require(
          location,
          keptFrom,
          without(Tables.SYSTEM_STATES, model.model(), days, finest()),
          "system has not run for");
    }
    if (model.sampling().isPresent()) {
      require(
          location,
          keptFrom,
          without(Tables.SAMPLING_VOLUMES, model.model(), days, Granularity.DAY),
          "sample has not run for");
    } else {
      requirePredictions(location, keptFrom, days);
    }
    for (String other : lake.ledger().modelsThatRead(location, "profile")) {
      if (!other.equals(model.model())) {
        require(
            location,
            keptFrom,
            profiled(other, days, finest(other)),
            "the model " + other + " reads them, too, and profile has not run for");
      }
    }
  }

  /** The same of what join and quality read: the sample, or the telemetry without one. */
  void requirePredictions(String location, Instant keptFrom, NavigableSet<Instant> days) {
    if (model.feedback().isEmpty()) {
      return;
    }
    require(
        location,
        keptFrom,
        without(Tables.LABELLED, model.model(), days, Granularity.DAY),
        "join has not run for");
    requireLabelled(location, keptFrom, days);
  }

  /** The same of labelled rows. */
  void requireLabelled(String location, Instant keptFrom, NavigableSet<Instant> days) {
    require(
        location,
        keptFrom,
        without(Tables.QUALITY_STATES, model.model(), days, finest()),
        "quality has not run for");
    NavigableSet<Instant> awaited = new TreeSet<>(days);
    awaited.removeIf(day -> !over(day).isAfter(spec.to()));
    require(location, keptFrom, awaited, "labels may still come, or the week is not searched, of");
  }

  /** When labels of a day are no longer waited for, nor those of the rest of its week. */
  private Instant over(Instant day) {
    Duration wait =
        model.feedback().stream()
            .map(Feedback::waitFor)
            .max(Duration::compareTo)
            .orElse(Duration.ZERO);
    return Granularity.WEEK.next(Granularity.WEEK.floor(day)).plus(wait);
  }

  private Granularity finest() {
    return model.granularities().get(0);
  }

  /** Of another model only its results are known. */
  private Granularity finest(String other) {
    return ResultDays.newest(lake, Tables.PROFILE_METRICS).stream()
        .filter(newest -> newest.modelId().equals(other))
        .map(ResultDays.Newest::granularity)
        .min(Granularity::compareTo)
        .orElse(Granularity.DAY);
  }

  private NavigableSet<Instant> profiled(
      String modelId, NavigableSet<Instant> days, Granularity finest) {
    return without(Tables.PROFILE_METRICS, modelId, days, finest);
  }

  /** Those of the days that a window without rows holds. */
  private NavigableSet<Instant> without(
      Tables table, String modelId, NavigableSet<Instant> days, Granularity granularity) {
    SortedSet<Instant> windows = new TreeSet<>();
    for (Instant day : days) {
      windows.addAll(windowsOf(day, granularity));
    }
    SortedSet<Instant> present = ResultDays.of(lake, table, modelId, granularity).among(windows);
    NavigableSet<Instant> without = new TreeSet<>(days);
    without.removeIf(day -> present.containsAll(windowsOf(day, granularity)));
    return without;
  }

  private static Collection<Instant> windowsOf(Instant day, Granularity granularity) {
    List<Instant> windows = new ArrayList<>();
    for (Instant start = granularity.floor(day);
        start.isBefore(Granularity.DAY.next(day));
        start = granularity.next(start)) {
      windows.add(start);
    }
    return windows;
  }

  private static void require(
      String location, Instant keptFrom, NavigableSet<Instant> missing, String why) {
    Optional<String> days =
        missing.stream()
            .map(WindowScope::date)
            .map(Object::toString)
            .reduce((first, last) -> first.substring(0, 10) + " to " + last);
    if (days.isPresent()) {
      throw Errors.notSummarised(location, days.get(), keptFrom.toString(), why + " " + days.get());
    }
  }
}
