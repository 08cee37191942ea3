package dev.telltale.jobs.system;

import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.Tables;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** Crash groups of all windows, as they will be once a run is done. */
final class CrashHistory {
  /** What crashes every day is seen within one. */
  private static final Duration WATCHED = Duration.ofDays(1);

  private final TreeMap<Instant, List<CrashGroup>> windows = new TreeMap<>();
  private final Map<String, CrashGroup> firsts = new HashMap<>();

  /** Windows whose stored rows say otherwise when a signature was first seen. */
  private final SortedSet<Instant> outdated = new TreeSet<>();

  private final Optional<Instant> watchedSince;

  /**
   * What is stored of other windows and what a run has measured.
   *
   * @param computed windows of the run, of the finest granularity
   */
  CrashHistory(Lake lake, ModelConfig model, Set<Instant> computed, List<CrashGroup> fresh) {
    Granularity finest = model.granularities().get(0);
    List<Row> stored =
        lake
            .read(Tables.CRASH_GROUPS)
            .where(ofModel(model, finest))
            .select(
                "window_start",
                "model_version",
                "signature",
                "title",
                "crashes",
                "first_crash",
                "last_crash",
                "first_seen")
            .collectAsList()
            .stream()
            .filter(row -> !computed.contains(row.<Timestamp>getAs("window_start").toInstant()))
            .toList();
    List<CrashGroup> all = new ArrayList<>(fresh);
    stored.forEach(row -> all.add(group(row)));
    all.sort(
        Comparator.comparing(CrashGroup::first)
            .thenComparing(CrashGroup::version, Comparator.nullsFirst(String::compareTo)));
    for (CrashGroup group : all) {
      windows.computeIfAbsent(group.window(), absent -> new ArrayList<>()).add(group);
      firsts.putIfAbsent(group.signature(), group);
    }
    for (Row row : stored) {
      Instant said = row.<Timestamp>getAs("first_seen").toInstant();
      if (!said.equals(firsts.get(row.<String>getAs("signature")).first())) {
        outdated.add(row.<Timestamp>getAs("window_start").toInstant());
      }
    }
    Row since =
        lake.read(Tables.SYSTEM_METRICS)
            .where(ofModel(model, finest))
            .where(functions.col("metric").equalTo("crashes_per_thousand"))
            .agg(functions.min("window_start"))
            .head();
    Optional<Instant> before = Optional.ofNullable(since.getTimestamp(0)).map(Timestamp::toInstant);
    this.watchedSince =
        computed.stream()
            .min(Comparator.naturalOrder())
            .filter(first -> before.isEmpty() || first.isBefore(before.get()))
            .or(() -> before);
  }

  private static org.apache.spark.sql.Column ofModel(ModelConfig model, Granularity granularity) {
    return functions
        .col("model_id")
        .equalTo(model.model())
        .and(functions.col("granularity").equalTo(granularity.label()));
  }

  private static CrashGroup group(Row row) {
    return new CrashGroup(
        row.<Timestamp>getAs("window_start").toInstant(),
        row.getAs("model_version"),
        row.getAs("signature"),
        row.getAs("title"),
        row.<Long>getAs("crashes"),
        row.<Timestamp>getAs("first_crash").toInstant(),
        row.<Timestamp>getAs("last_crash").toInstant());
  }

  /** Windows of a granularity that are not of the run and whose rows have to be written again. */
  SortedSet<Instant> outdated(Granularity granularity) {
    SortedSet<Instant> starts = new TreeSet<>();
    outdated.forEach(window -> starts.add(granularity.floor(window)));
    return starts;
  }

  /** The groups of a window of any granularity, the largest first. */
  List<CrashGroup> groups(Granularity granularity, Instant window) {
    Map<List<String>, CrashGroup> merged = new HashMap<>();
    for (List<CrashGroup> some :
        windows.subMap(window, true, granularity.next(window), false).values()) {
      for (CrashGroup group : some) {
        List<String> key = new ArrayList<>();
        key.add(group.version());
        key.add(group.signature());
        merged.merge(key, inWindow(window, group), CrashHistory::together);
      }
    }
    return merged.values().stream()
        .sorted(
            Comparator.comparing(CrashGroup::crashes)
                .reversed()
                .thenComparing(CrashGroup::signature)
                .thenComparing(CrashGroup::version, Comparator.nullsFirst(String::compareTo)))
        .toList();
  }

  private static CrashGroup inWindow(Instant window, CrashGroup group) {
    return new CrashGroup(
        window,
        group.version(),
        group.signature(),
        group.title(),
        group.crashes(),
        group.first(),
        group.last());
  }

  private static CrashGroup together(CrashGroup one, CrashGroup other) {
    CrashGroup earlier = one.first().isAfter(other.first()) ? other : one;
    return new CrashGroup(
        one.window(),
        one.version(),
        one.signature(),
        earlier.title(),
        one.crashes() + other.crashes(),
        earlier.first(),
        one.last().isAfter(other.last()) ? one.last() : other.last());
  }

  /** Crashes of a window; of all versions, or of one. */
  long crashes(Granularity granularity, Instant window, Optional<String> version) {
    return groups(granularity, window).stream()
        .filter(group -> version.isEmpty() || Objects.equals(group.version(), version.get()))
        .mapToLong(CrashGroup::crashes)
        .sum();
  }

  /** The group of the first crash with this signature. */
  CrashGroup first(String signature) {
    return firsts.get(signature);
  }

  /** Whether a signature was first seen in a window, once crashes had been watched for a day. */
  boolean isNew(Instant window, CrashGroup group) {
    return group.isNamed()
        && !first(group.signature()).first().isBefore(window)
        && watchedSince
            .filter(since -> !first(group.signature()).first().isBefore(since.plus(WATCHED)))
            .isPresent();
  }
}
