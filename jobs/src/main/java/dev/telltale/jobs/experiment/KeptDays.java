package dev.telltale.jobs.experiment;

import dev.telltale.config.Granularity;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.Maintenance;
import dev.telltale.jobs.lake.ResultDays;
import dev.telltale.jobs.lake.RunEntry;
import dev.telltale.jobs.lake.SourceTable;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.Telemetry;
import dev.telltale.jobs.lake.WindowScope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which days of what is kept between nights have to be computed, so that it always is what the
 * tables say now: days that are missing, those of the interval, and those whose rows have come,
 * gone or changed since the last run. Every run brings all kept days of all declared experiments up
 * to date and drops what is no longer declared, so that the versions the last run read are those
 * that every kept day is of.
 */
final class KeptDays {
  /** What changed in a table since the last run. */
  private record Changes(boolean isAll, SortedSet<Instant> days) {
    static final Changes EVERYTHING = new Changes(true, new TreeSet<>());
  }

  private final Lake lake;
  private final NightSpec spec;
  private final SortedSet<Instant> interval;
  private final Optional<RunEntry> last;
  private final Map<List<String>, Changes> changes = new HashMap<>();
  private final Map<Tables, Map<String, SortedSet<Instant>>> present = new EnumMap<>(Tables.class);

  KeptDays(Lake lake, NightSpec spec, SortedSet<Instant> interval) {
    this.lake = lake;
    this.spec = spec;
    this.interval = interval;
    this.last = lake.ledger().lastSucceeded(spec.model().model(), ExperimentJob.NAME);
  }

  /**
   * A table with the time by which its rows belong to days.
   *
   * @param table the table
   * @param eventTime timestamp column
   */
  record Input(SourceTable table, String eventTime) {}

  /**
   * What has to be done to one source of a table.
   *
   * @param computed days to compute
   * @param dropped days that are kept and no longer hold
   * @param changed days to compute that are kept and whose input has changed
   */
  record Work(SortedSet<Instant> computed, SortedSet<Instant> dropped, SortedSet<Instant> changed) {
    /** Work where nothing is kept. */
    static Work ofAll(SortedSet<Instant> days) {
      return new Work(days, new TreeSet<>(), new TreeSet<>());
    }

    /** All days whose rows are replaced. */
    SortedSet<Instant> replaced() {
      SortedSet<Instant> all = new TreeSet<>(computed);
      all.addAll(dropped);
      return all;
    }
  }

  /**
   * The work on one source.
   *
   * @param kept table that has it
   * @param source value of the partition column {@code source}
   * @param needed days that looks of this run need
   * @param inputs what it is made of
   */
  Work work(Tables kept, String source, SortedSet<Instant> needed, Collection<Input> inputs) {
    SortedSet<Instant> there = present(kept).getOrDefault(source, new TreeSet<>());
    SortedSet<Instant> computed = new TreeSet<>(needed);
    List<Changes> since = inputs.stream().map(this::changes).toList();
    if (since.stream().anyMatch(Changes::isAll)) {
      SortedSet<Instant> dropped = new TreeSet<>(there);
      dropped.removeAll(needed);
      return new Work(computed, dropped, new TreeSet<>());
    }
    SortedSet<Instant> changed = new TreeSet<>(there);
    changed.removeIf(
        day -> !interval.contains(day) && since.stream().noneMatch(one -> one.days.contains(day)));
    computed.removeIf(day -> there.contains(day) && !interval.contains(day));
    computed.addAll(changed);
    return new Work(computed, new TreeSet<>(), changed);
  }

  /** Days of the model that a table has of each source. */
  private Map<String, SortedSet<Instant>> present(Tables kept) {
    return present.computeIfAbsent(kept, this::read);
  }

  private Map<String, SortedSet<Instant>> read(Tables kept) {
    Map<String, SortedSet<Instant>> bySource = new TreeMap<>();
    ResultDays.of(lake, kept, spec.model().model(), Granularity.DAY)
        .presentBy("source")
        .forEach(
            (source, days) ->
                bySource.put(
                    source,
                    WindowScope.ofDays(spec.model().model(), Granularity.DAY, days).windows()));
    return bySource;
  }

  /** Rows of sources that no experiment declares any more. */
  List<WindowScope> undeclared(Tables kept, Collection<String> declared) {
    List<WindowScope> scopes = new ArrayList<>();
    present(kept)
        .forEach(
            (source, days) -> {
              if (!declared.contains(source)) {
                scopes.add(scope(spec, source, days));
              }
            });
    return scopes;
  }

  /** Rows of some days of a source. */
  static WindowScope scope(NightSpec spec, String source, SortedSet<Instant> days) {
    return WindowScope.of(spec.model().model(), Granularity.DAY, days).with("source", source);
  }

  private Changes changes(Input input) {
    return changes.computeIfAbsent(
        List.of(input.table.location(), input.eventTime), any -> since(input));
  }

  private Changes since(Input input) {
    String location = input.table.location();
    Optional<Long> read = last.map(RunEntry::sources).map(sources -> sources.get(location));
    if (read.isEmpty() || read.get() > input.table.version()) {
      return Changes.EVERYTHING;
    }
    if (read.get() == input.table.version()) {
      return new Changes(false, new TreeSet<>());
    }
    Maintenance.Since from = lake.maintenance().since(location, read.get());
    return Telemetry.of(input.table, input.eventTime)
        .touchedSince(from.version(), Granularity.DAY, interval)
        .map(
            days -> {
              SortedSet<Instant> all = new TreeSet<>(days);
              all.addAll(from.restate());
              return new Changes(false, all);
            })
        .orElse(Changes.EVERYTHING);
  }
}
