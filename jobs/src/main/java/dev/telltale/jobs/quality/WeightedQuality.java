package dev.telltale.jobs.quality;

import dev.telltale.config.Feedback;
import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.Together;
import dev.telltale.jobs.engine.ColumnPlan;
import dev.telltale.jobs.engine.StateKey;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.WindowScope;
import dev.telltale.quality.QualityState;
import dev.telltale.quality.Task;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Quality of windows part of whose predictions have a label, corrected for which part that is: each
 * labelled row counts one over the probability that it is labelled.
 *
 * <p>The weighted mean is Hájek's (Särndal, Swensson and Wretman, Model Assisted Survey Sampling
 * (1992), section 5.7), the ratio of two sums of Horvitz and Thompson, which a common factor of all
 * weights leaves as it is.
 */
final class WeightedQuality {
  /** With so large a part labelled the rest cannot move a metric by what matters. */
  private static final double NEARLY_ALL = 0.98;

  /** A fit is many small Spark jobs, between which cores are idle. */
  private static final int AT_ONCE = 4;

  private final Lake lake;
  private final ModelConfig model;
  private final Granularity finest;
  private final List<SourcePlan> sources;
  private final QualityData data;
  private final List<ColumnPlan> known;
  private QualityRows realizedRows;
  private JavaPairRDD<StateKey, byte[]> realized;

  /**
   * Of the finest windows of a model.
   *
   * @param known columns of the baseline; none where it is not profiled
   */
  WeightedQuality(
      Lake lake,
      ModelConfig model,
      List<SourcePlan> sources,
      QualityData data,
      List<ColumnPlan> known) {
    this.lake = lake;
    this.model = model;
    this.finest = model.granularities().get(0);
    this.sources = sources;
    this.data = data;
    this.known = known;
  }

  /**
   * Takes note of windows of the finest granularity.
   *
   * @param rows makes their realized rows
   * @param states as they are, kept in memory
   */
  void add(QualityRows rows, JavaPairRDD<StateKey, byte[]> states) {
    realizedRows = rows;
    realized = realized == null ? states : realized.union(states);
  }

  /** Rows of {@code quality_metrics} of those windows of all that were added that need them. */
  List<Row> rows() {
    if (realized == null) {
      return List.of();
    }
    List<Supplier<List<Row>>> fits = new ArrayList<>();
    Map<Integer, SortedMap<Instant, long[]>> partly = partly();
    for (int i = 0; i < sources.size(); i++) {
      int source = i;
      // A day at a time, so that a day's rows are the same whichever others are computed with it.
      for (SortedMap<Instant, long[]> day : byDay(partly.getOrDefault(source, new TreeMap<>()))) {
        fits.add(() -> rows(source, day));
      }
    }
    return fits.isEmpty()
        ? List.of()
        : Together.all(AT_ONCE, fits).stream().flatMap(List::stream).toList();
  }

  private static Collection<SortedMap<Instant, long[]>> byDay(SortedMap<Instant, long[]> windows) {
    SortedMap<Instant, SortedMap<Instant, long[]>> byDay = new TreeMap<>();
    windows.forEach(
        (start, counts) ->
            byDay
                .computeIfAbsent(Granularity.DAY.floor(start), absent -> new TreeMap<>())
                .put(start, counts));
    return byDay.values();
  }

  /**
   * By source the windows with enough labels and yet not all, with their predictions and labels.
   */
  private Map<Integer, SortedMap<Instant, long[]>> partly() {
    int[] least = new int[sources.size()];
    boolean none = true;
    for (int i = 0; i < least.length; i++) {
      SourcePlan source = sources.get(i);
      boolean truth =
          source.kind() == Feedback.Kind.OUTCOME || source.kind() == Feedback.Kind.ANNOTATION;
      // A query is labelled by its items, which have features of their own.
      boolean weighted = truth && source.task() != Task.RANKING;
      least[i] = weighted ? source.minimumLabels() : Integer.MAX_VALUE;
      none &= !weighted;
    }
    Map<Integer, SortedMap<Instant, long[]>> partly = new HashMap<>();
    if (none) {
      return partly;
    }
    realized
        .filter(
            state ->
                state._1.sliceKey() == null
                    && state._1.modelVersion() == null
                    && least[state._1.column()] < Integer.MAX_VALUE)
        .mapValues(WeightedQuality::counts)
        .filter(
            state ->
                state._2[1] >= Math.max(1, least[state._1.column()])
                    && state._2[1] < NEARLY_ALL * state._2[0])
        .collect()
        .forEach(
            state ->
                partly
                    .computeIfAbsent(state._1.column(), absent -> new TreeMap<>())
                    .put(state._1.windowStart(), state._2));
    return partly;
  }

  /** On executors: predictions and labels. */
  private static long[] counts(byte[] bytes) {
    QualityState state = QualityState.read(bytes);
    return new long[] {state.predictions().rows(), state.labelled().rows()};
  }

  private List<Row> rows(int source, SortedMap<Instant, long[]> windows) {
    NavigableSet<Instant> starts = new TreeSet<>(windows.keySet());
    WindowRows rowsOf = new WindowRows(lake, model);
    PropensityColumns columns =
        new PropensityColumns(model, sources.get(source).task(), known, rowsOf.log().schema());
    Dataset<Row> labelled = rowsOf.labelled(sources.get(source).name(), starts);
    Dataset<Row> features = rowsOf.logged(starts, columns.ofLog());
    long predictions = windows.values().stream().mapToLong(counts -> counts[0]).sum();
    long labels = windows.values().stream().mapToLong(counts -> counts[1]).sum();
    LabelPropensity propensity;
    try (PropensitySample sample =
        PropensitySample.of(labelled, features, columns.names(), predictions, labels)) {
      List<LocalDate> dates =
          WindowScope.daysOf(finest, starts).stream().map(day -> WindowScope.date(day)).toList();
      propensity =
          new LabelPropensity(
              sample, columns.learn(sample.rows(), dates), (double) labels / predictions, finest);
    }
    JavaPairRDD<StateKey, byte[]> weighted =
        data.fold(finest, starts, source, propensity.weighted(labelled, features));
    WeightedRows rows =
        new WeightedRows(
            realizedRows, sources.get(source), propensity.names(), propensity.balances());
    return realized
        .filter(state -> state._1.column() == source && starts.contains(state._1.windowStart()))
        .join(weighted)
        .flatMap(both -> rows.of(both._1, both._2._1, both._2._2).iterator())
        .collect();
  }
}
