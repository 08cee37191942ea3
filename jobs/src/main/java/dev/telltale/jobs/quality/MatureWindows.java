package dev.telltale.jobs.quality;

import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.engine.StateKey;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.ResultDays;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.NavigableSet;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaPairRDD;

/**
 * The windows of the finest granularity that estimates are learned from: those of the last 28 days
 * whose wait was over when the interval ended.
 */
final class MatureWindows {
  /** What was learned longer ago may no longer hold. */
  private static final Duration LEARNED_FROM = Duration.ofDays(28);

  private final Lake lake;
  private final ModelConfig model;
  private final Granularity finest;
  private final Instant last;
  private final NavigableSet<Instant> fresh = new TreeSet<>();
  private JavaPairRDD<StateKey, byte[]> freshStates;

  MatureWindows(Lake lake, NightSpec spec, SourcePlan source) {
    this.lake = lake;
    this.model = spec.model();
    this.finest = model.granularities().get(0);
    this.last = finest.floor(spec.to().minus(source.waitFor()));
  }

  /** States of the finest granularity that are new, instead of those that are stored. */
  void learn(SortedSet<Instant> windows, JavaPairRDD<StateKey, byte[]> states) {
    fresh.addAll(windows);
    freshStates = freshStates == null ? states : freshStates.union(states);
  }

  /** Their starts. */
  NavigableSet<Instant> windows() {
    SortedSet<LocalDate> present =
        ResultDays.of(lake, Tables.QUALITY_STATES, model.model(), finest).present();
    NavigableSet<Instant> windows = new TreeSet<>();
    Instant first = finest.floor(last.minus(LEARNED_FROM));
    for (Instant start : WindowScope.between(model.model(), finest, first, last).windows()) {
      if (fresh.contains(start) || present.contains(WindowScope.date(start))) {
        windows.add(start);
      }
    }
    return windows;
  }

  /** Their states, as they will have been stored once this run is done; only if there are any. */
  JavaPairRDD<StateKey, byte[]> states(QualityData data) {
    NavigableSet<Instant> stored = windows();
    TreeSet<Instant> wanted = new TreeSet<>(stored);
    stored.removeAll(fresh);
    if (freshStates == null) {
      return data.stored(finest, stored);
    }
    JavaPairRDD<StateKey, byte[]> states =
        freshStates.filter(state -> wanted.contains(state._1.windowStart()));
    return stored.isEmpty() ? states : states.union(data.stored(finest, stored));
  }

  /** The labels of windows, in words. */
  String words(NavigableSet<Instant> windows) {
    return "labels of " + windows.first() + " to " + finest.next(windows.last());
  }
}
