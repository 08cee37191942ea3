package dev.telltale.jobs.drift;

import dev.telltale.config.Granularity;
import dev.telltale.jobs.engine.ColumnPlan;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import dev.telltale.jobs.profile.BaselineStore;
import dev.telltale.profile.Anchors;
import dev.telltale.profile.ColumnKind;
import dev.telltale.profile.ColumnState;
import dev.telltale.profile.StateFormat;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** Reads the states of windows and baselines, each baseline once. */
final class StatesReader {
  private static final String TABLE = ":table";

  private final Lake lake;
  private final String modelId;
  private final BaselineStore store;
  private final Map<String, WindowStates> baselines = new HashMap<>();
  private final Map<String, Map<String, Anchors>> anchors = new HashMap<>();
  private long rowsRead;

  StatesReader(SparkSession spark, Lake lake, String modelId) {
    this.lake = lake;
    this.modelId = modelId;
    this.store = new BaselineStore(spark, lake);
  }

  /** Rows of states read so far. */
  long rowsRead() {
    return rowsRead;
  }

  /** The states of a window, if it was profiled. */
  Optional<WindowStates> window(Granularity granularity, Instant start) {
    Column scope =
        functions
            .expr(WindowScope.of(modelId, granularity, List.of(start)).predicate())
            .and(functions.col("window_start").equalTo(functions.lit(Timestamp.from(start))));
    List<Row> rows = rows(scope);
    if (rows.isEmpty()) {
      return Optional.empty();
    }
    long duplicates =
        lake
            .read(Tables.PROFILE_METRICS)
            .where(scope)
            .where("column_name = ':table' AND num_duplicate_ids > 0")
            .select("num_duplicate_ids")
            .collectAsList()
            .stream()
            .mapToLong(row -> row.getLong(0))
            .sum();
    String baselineId = rows.get(0).getAs("baseline_id");
    return Optional.of(assemble(start, granularity.next(start), baselineId, duplicates, rows));
  }

  /** The states of a baseline. */
  WindowStates baseline(String baselineId) {
    return baselines.computeIfAbsent(
        baselineId,
        id ->
            assemble(
                Instant.EPOCH,
                Instant.EPOCH,
                id,
                0,
                rows(
                    functions
                        .expr(WindowScope.baseline(modelId).predicate())
                        .and(functions.col("baseline_id").equalTo(id)))));
  }

  private List<Row> rows(Column scope) {
    List<Row> rows =
        lake.read(Tables.PROFILE_STATES)
            .where(scope)
            .select(
                "baseline_id",
                "model_version",
                "slice_key",
                "slice_value",
                "column_name",
                "column_kind",
                "data_type",
                "state")
            .collectAsList();
    rowsRead += rows.size();
    return rows;
  }

  private WindowStates assemble(
      Instant start, Instant end, String baselineId, long duplicates, List<Row> rows) {
    Map<String, Anchors> anchorsOfColumn = anchors(baselineId);
    TreeMap<SliceColumn, ColumnState> states = new TreeMap<>(SliceColumn.ORDER);
    Map<String, ColumnKind> kinds = new TreeMap<>();
    Map<String, String> types = new HashMap<>();
    long count = 0;
    for (Row row : rows) {
      SliceColumn key = SliceColumn.of(row);
      byte[] state = row.getAs("state");
      if (key.column().equals(TABLE)) {
        if (key.isWhole()) {
          count = StateFormat.read(state, Anchors.NONE).rows();
        }
        continue;
      }
      kinds.put(key.column(), ColumnKind.valueOf(row.getAs("column_kind")));
      types.put(key.column(), row.getAs("data_type"));
      if (state != null) {
        states.put(key, StateFormat.read(state, anchorsOfColumn.get(key.column())));
      }
    }
    return new WindowStates(start, end, baselineId, count, duplicates, states, kinds, types);
  }

  private Map<String, Anchors> anchors(String baselineId) {
    return anchors.computeIfAbsent(
        baselineId,
        id -> {
          Map<String, Anchors> found = new HashMap<>();
          store
              .load(modelId, id)
              .ifPresent(
                  baseline -> {
                    for (ColumnPlan column : baseline.columns()) {
                      found.put(column.name(), column.anchors());
                    }
                  });
          return found;
        });
  }
}
