package dev.telltale.jobs.profile;

import dev.telltale.config.Granularity;
import dev.telltale.jobs.engine.ColumnPlan;
import dev.telltale.jobs.engine.StateKey;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import dev.telltale.profile.CategoryState;
import dev.telltale.profile.ColumnState;
import dev.telltale.profile.NumericState;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.sql.Row;
import scala.Tuple2;

/** Since when a constant column has had its value: the {@code last_value_change} of the metrics. */
final class ConstantRuns {
  private final Lake lake;
  private final String modelId;
  private final Granularity granularity;
  private final List<ColumnPlan> columns;

  ConstantRuns(Lake lake, String modelId, Granularity granularity, List<ColumnPlan> columns) {
    this.lake = lake;
    this.modelId = modelId;
    this.granularity = granularity;
    this.columns = columns;
  }

  /** The one value that all rows have, as text; null if they differ, or some have none. */
  static String constant(ColumnState state) {
    if (state.rows() == 0 || state.nulls() > 0) {
      return null;
    }
    if (state instanceof NumericState numeric) {
      boolean allFinite = numeric.moments().count() == numeric.rows();
      return allFinite && numeric.min() == numeric.max() ? Double.toString(numeric.min()) : null;
    }
    CategoryState category = (CategoryState) state;
    return category.distinct() == 1 ? category.frequentItems(1).keySet().iterator().next() : null;
  }

  /** Starts of the runs, for each constant column of {@code whole}. */
  Map<StateKey, Instant> starts(List<Tuple2<StateKey, String>> whole) {
    List<Tuple2<StateKey, String>> constants = new ArrayList<>();
    SortedSet<Instant> before = new TreeSet<>();
    for (Tuple2<StateKey, String> state : whole) {
      if (state._1.column() != StateKey.TABLE) {
        constants.add(state);
        before.add(granularity.previous(state._1.windowStart()));
      }
    }
    Map<StateKey, Instant> starts = new HashMap<>();
    if (constants.isEmpty()) {
      return starts;
    }
    constants.sort(Comparator.comparing(state -> state._1.windowStart()));
    Map<StateKey, Run> runs = stored(before);
    for (Tuple2<StateKey, String> constant : constants) {
      StateKey key = constant._1;
      Run earlier = runs.get(at(key, granularity.previous(key.windowStart())));
      boolean goesOn = earlier != null && earlier.value().equals(constant._2);
      Run run = new Run(constant._2, goesOn ? earlier.start() : key.windowStart());
      runs.put(key, run);
      starts.put(key, run.start());
    }
    return starts;
  }

  private record Run(String value, Instant start) {}

  private static StateKey at(StateKey key, Instant window) {
    return new StateKey(window.toEpochMilli(), key.modelVersion(), null, null, key.column());
  }

  private Map<StateKey, Run> stored(SortedSet<Instant> windows) {
    Map<String, Integer> index = new HashMap<>();
    for (int c = 0; c < columns.size(); c++) {
      index.put(columns.get(c).name(), c);
    }
    Map<StateKey, Run> runs = new HashMap<>();
    for (Row row :
        lake.rows(
            Tables.PROFILE_METRICS,
            WindowScope.of(modelId, granularity, windows),
            "window_start",
            "model_version",
            "slice_key",
            "column_name",
            "min",
            "frequent_items",
            "last_value_change")) {
      Integer column = index.get(row.<String>getAs("column_name"));
      Timestamp since = row.getAs("last_value_change");
      if (column != null && since != null && row.getAs("slice_key") == null) {
        Double number = row.getAs("min");
        String value =
            number == null
                ? row.<Row>getList(row.fieldIndex("frequent_items")).get(0).getString(0)
                : Double.toString(number);
        StateKey key =
            new StateKey(
                row.<Timestamp>getAs("window_start").getTime(),
                row.getAs("model_version"),
                null,
                null,
                column);
        runs.put(key, new Run(value, since.toInstant()));
      }
    }
    return runs;
  }
}
