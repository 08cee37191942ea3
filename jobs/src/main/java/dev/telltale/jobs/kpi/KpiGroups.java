package dev.telltale.jobs.kpi;

import dev.telltale.config.Granularity;
import dev.telltale.jobs.engine.SlicePlan;
import dev.telltale.jobs.engine.StateKey;
import dev.telltale.jobs.engine.WindowIndex;
import dev.telltale.profile.CategoryState;
import dev.telltale.quality.KpiState;
import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import org.apache.spark.sql.Row;
import scala.Tuple2;
import scala.collection.JavaConverters;

/**
 * Folds rows into states by window, version and slice. Crosses to executors, hence a class and not
 * a record; KPIs are told apart by {@link StateKey#column()}.
 */
final class KpiGroups implements Serializable {
  private static final long serialVersionUID = 1L;

  private final WindowIndex windows;
  private final int[] ofPredictions;
  private final long waitMicros;
  private final ArrayList<Slice> slices = new ArrayList<>();

  /** A slice: where its columns are, and the values that are kept apart. */
  private static final class Slice implements Serializable {
    private static final long serialVersionUID = 1L;
    private final String key;
    private final int[] columns;
    private final HashSet<String> kept = new HashSet<>();

    Slice(SlicePlan plan, List<String> columns) {
      this.key = plan.key();
      this.columns = plan.columns().stream().mapToInt(columns::indexOf).toArray();
      plan.values().forEach(value -> kept.add(SlicePlan.join(value)));
    }

    String value(List<String> row) {
      List<String> parts = new ArrayList<>();
      for (int column : columns) {
        String text = row.get(column);
        parts.add(text == null ? SlicePlan.NULL : CategoryState.bounded(text));
      }
      String value = SlicePlan.join(parts);
      return kept.contains(value) ? value : SlicePlan.OTHER;
    }
  }

  /**
   * @param ofPredictions indexes of the KPIs whose events name predictions
   * @param waitMicros an event counts for a prediction up to so long after it
   * @param columns columns of slices, as rows have them
   */
  KpiGroups(
      Granularity granularity,
      SortedSet<Instant> windows,
      int[] ofPredictions,
      long waitMicros,
      List<SlicePlan> plans,
      List<String> columns) {
    this.windows = new WindowIndex(granularity, windows);
    this.ofPredictions = ofPredictions.clone();
    this.waitMicros = waitMicros;
    plans.forEach(plan -> slices.add(new Slice(plan, columns)));
  }

  /**
   * Predictions with their events.
   *
   * @param rows time, version, weight, values of the columns of slices, and events as structures of
   *     KPI, time and value; null where there are none
   */
  Iterator<Tuple2<StateKey, byte[]>> predictions(Iterator<Row> rows) {
    Map<StateKey, KpiState> states = new HashMap<>();
    while (rows.hasNext()) {
      Row row = rows.next();
      long at = row.getLong(0);
      long window = windows.start(at);
      if (window == WindowIndex.OUTSIDE) {
        continue;
      }
      String version = row.getString(1);
      double weight = row.isNullAt(2) ? 1 : row.getDouble(2);
      List<String> values = JavaConverters.seqAsJavaList(row.<String>getSeq(3));
      List<Row> events =
          row.isNullAt(4)
              ? List.of()
              : new ArrayList<>(JavaConverters.seqAsJavaList(row.<Row>getSeq(4)));
      for (int kpi : ofPredictions) {
        double value = value(events, kpi, at);
        add(states, window, version, null, null, kpi, value, weight);
        for (Slice slice : slices) {
          add(states, window, version, slice.key, slice.value(values), kpi, value, weight);
        }
      }
    }
    return bytes(states);
  }

  /** The sum of a prediction's events, sorted, so that it is rounded the same in any order. */
  private double value(List<Row> events, int kpi, long at) {
    if (events.isEmpty()) {
      return 0;
    }
    return events.stream()
        .filter(event -> event.getInt(0) == kpi)
        .filter(event -> event.getLong(1) >= at && event.getLong(1) < at + waitMicros)
        .mapToDouble(event -> event.getDouble(2))
        .sorted()
        .reduce(0, Double::sum);
  }

  private static void add(
      Map<StateKey, KpiState> states,
      long window,
      String version,
      String key,
      String value,
      int kpi,
      double worth,
      double weight) {
    states
        .computeIfAbsent(new StateKey(window, null, key, value, kpi), absent -> new KpiState())
        .add(worth, weight);
    if (version != null) {
      states
          .computeIfAbsent(new StateKey(window, version, key, value, kpi), absent -> new KpiState())
          .add(worth, weight);
    }
  }

  /**
   * Events of no prediction.
   *
   * @param rows as {@link KpiTable#events} has them
   */
  Iterator<Tuple2<StateKey, byte[]>> events(Iterator<Row> rows) {
    Map<StateKey, KpiState> states = new HashMap<>();
    while (rows.hasNext()) {
      Row row = rows.next();
      long window = windows.start(row.getLong(2));
      if (window != WindowIndex.OUTSIDE) {
        add(states, window, null, null, null, row.getInt(1), row.getDouble(3), 1);
      }
    }
    return bytes(states);
  }

  private static Iterator<Tuple2<StateKey, byte[]>> bytes(Map<StateKey, KpiState> states) {
    return states.entrySet().stream()
        .map(entry -> new Tuple2<>(entry.getKey(), entry.getValue().toBytes()))
        .iterator();
  }

  /** Two states as one. */
  static byte[] merge(byte[] first, byte[] second) {
    KpiState state = KpiState.read(first);
    state.merge(KpiState.read(second));
    return state.toBytes();
  }
}
