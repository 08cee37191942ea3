package dev.telltale.jobs.system;

import static org.apache.spark.sql.functions.not;

import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.ResultDays;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import dev.telltale.system.SystemState;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** States of the service by window: those of a run, and stored ones beside them. */
final class SystemWindows {
  private static final String VERSION = "model_version";

  private final Lake lake;
  private final String modelId;
  private final Granularity finest;
  private final Map<Instant, ServiceStates> fresh;
  private final SortedSet<Instant> outdated = new TreeSet<>();
  private final Map<String, Instant> firstSeen;

  /**
   * Around a run.
   *
   * @param fresh the windows of the run, of the finest granularity
   */
  SystemWindows(Lake lake, ModelConfig model, Map<Instant, ServiceStates> fresh) {
    this.lake = lake;
    this.modelId = model.model();
    this.finest = model.granularities().get(0);
    this.fresh = fresh;
    this.firstSeen = findFirstSeen();
  }

  /** The windows of a granularity that the run computes: coarse ones whose last part is there. */
  Map<Instant, ServiceStates> computed(Granularity granularity) {
    if (granularity.equals(finest)) {
      return fresh;
    }
    Map<Instant, ServiceStates> coarse = new TreeMap<>();
    SortedSet<Instant> others = new TreeSet<>();
    for (Instant start :
        ResultDays.of(lake, Tables.SYSTEM_STATES, modelId, finest)
            .complete(granularity, fresh.keySet())) {
      coarse.put(start, new ServiceStates());
      others.addAll(WindowScope.between(modelId, finest, start, granularity.next(start)).windows());
    }
    others.removeAll(fresh.keySet());
    Map<Instant, ServiceStates> parts = new TreeMap<>(stored(finest, others));
    parts.putAll(fresh);
    parts.forEach(
        (window, states) -> {
          Instant start = granularity.floor(window);
          if (coarse.containsKey(start)) {
            coarse.get(start).merge(states, (int) Duration.between(start, window).toMinutes());
          }
        });
    return coarse;
  }

  /** Those of some windows that are stored. */
  SortedSet<Instant> present(Granularity granularity, Collection<Instant> windows) {
    return windows.isEmpty()
        ? new TreeSet<>()
        : ResultDays.of(lake, Tables.SYSTEM_STATES, modelId, granularity).among(windows);
  }

  /** Stored states of some windows, of those that have any. */
  Map<Instant, ServiceStates> stored(Granularity granularity, SortedSet<Instant> windows) {
    Map<Instant, ServiceStates> states = new TreeMap<>();
    if (windows.isEmpty()) {
      return states;
    }
    for (Row row :
        lake.rows(
            Tables.SYSTEM_STATES,
            WindowScope.of(modelId, granularity, windows),
            "window_start",
            "model_version",
            "state")) {
      states
          .computeIfAbsent(
              row.<Timestamp>getAs("window_start").toInstant(), absent -> new ServiceStates())
          .stored(row.getAs("model_version"), SystemState.read(row.<byte[]>getAs("state")));
    }
    return states;
  }

  /** When each version was first seen: the start of its first window of all. */
  Map<String, Instant> firstSeen() {
    return firstSeen;
  }

  /** Windows that are not of the run and whose stored rows take a version for older or younger. */
  SortedSet<Instant> outdated(Granularity granularity) {
    SortedSet<Instant> starts = new TreeSet<>();
    outdated.forEach(window -> starts.add(granularity.floor(window)));
    return starts;
  }

  private Map<String, Instant> findFirstSeen() {
    Column start = functions.col("window_start");
    Object[] computed = fresh.keySet().stream().map(Timestamp::from).toArray();
    Map<String, Instant> first = new TreeMap<>();
    fresh.forEach(
        (window, states) ->
            states
                .versions()
                .keySet()
                .forEach(version -> first.merge(version, window, SystemWindows::earlier)));
    Map<String, Instant> said = new TreeMap<>();
    for (Row row :
        versions()
            .groupBy(VERSION)
            .agg(
                functions.min(start),
                functions.min(functions.when(not(start.isin(computed)), start)))
            .collectAsList()) {
      said.put(row.getString(0), row.getTimestamp(1).toInstant());
      if (!row.isNullAt(2)) {
        first.merge(row.getString(0), row.getTimestamp(2).toInstant(), SystemWindows::earlier);
      }
    }
    said.entrySet().removeIf(entry -> entry.getValue().equals(first.get(entry.getKey())));
    if (!said.isEmpty()) {
      versions()
          .where(functions.col(VERSION).isin(said.keySet().toArray()))
          .where(not(start.isin(computed)))
          .select(start)
          .distinct()
          .collectAsList()
          .forEach(row -> outdated.add(row.getTimestamp(0).toInstant()));
    }
    return first;
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  /** Stored windows in which a version answers. */
  private Dataset<Row> versions() {
    return lake.read(Tables.SYSTEM_STATES)
        .where(functions.col("model_id").equalTo(modelId))
        .where(functions.col("granularity").equalTo(finest.label()))
        .where(functions.col(VERSION).isNotNull());
  }
}
