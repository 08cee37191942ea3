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
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

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
    WindowScope scope = WindowScope.of(modelId, granularity, List.of(start));
    List<Row> rows = rows(scope);
    if (rows.isEmpty()) {
      return Optional.empty();
    }
    long duplicates =
        lake.rows(Tables.PROFILE_METRICS, scope, "num_duplicate_ids").stream()
            .filter(row -> !row.isNullAt(0))
            .mapToLong(row -> row.getLong(0))
            .sum();
    String baselineId = rows.get(0).getAs("baseline_id");
    Instant end = granularity.next(start);
    return Optional.of(assemble(start, end, baselineId, duplicates, wrongClocks(start, end), rows));
  }

  /** Rows by reason of the upload days that start in a window. */
  private SortedMap<String, Long> wrongClocks(Instant start, Instant end) {
    SortedMap<String, Long> rows = new TreeMap<>();
    for (Row row :
        lake.rows(
            Tables.CLOCK_QUARANTINE,
            WindowScope.between(modelId, Granularity.DAY, start, end),
            "reason",
            "new_rows")) {
      if (!row.isNullAt(1) && row.getLong(1) > 0) {
        rows.merge(row.getString(0), row.getLong(1), Long::sum);
      }
    }
    return rows;
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
                new TreeMap<>(),
                rows(WindowScope.baseline(modelId)).stream()
                    .filter(row -> row.getAs("baseline_id").equals(id))
                    .toList()));
  }

  private List<Row> rows(WindowScope scope) {
    List<Row> rows =
        lake.rows(
            Tables.PROFILE_STATES,
            scope,
            "baseline_id",
            "model_version",
            "slice_key",
            "slice_value",
            "column_name",
            "column_kind",
            "data_type",
            "state");
    rowsRead += rows.size();
    return rows;
  }

  private WindowStates assemble(
      Instant start,
      Instant end,
      String baselineId,
      long duplicates,
      SortedMap<String, Long> wrongClocks,
      List<Row> rows) {
    Map<String, Anchors> anchorsOfColumn = anchors(baselineId);
    TreeMap<SliceColumn, ColumnState> states = new TreeMap<>(SliceColumn.ORDER);
    Map<String, ColumnKind> kinds = new TreeMap<>();
    Map<String, String> types = new HashMap<>();
    ColumnState all = ColumnState.create(ColumnKind.TABLE, Anchors.NONE);
    for (Row row : rows) {
      SliceColumn key = SliceColumn.of(row);
      byte[] state = row.getAs("state");
      if (key.column().equals(TABLE)) {
        if (key.isWhole()) {
          all = StateFormat.read(state, Anchors.NONE);
        }
        continue;
      }
      kinds.put(key.column(), ColumnKind.valueOf(row.getAs("column_kind")));
      types.put(key.column(), row.getAs("data_type"));
      if (state != null) {
        states.put(key, StateFormat.read(state, anchorsOfColumn.get(key.column())));
      }
    }
    return new WindowStates(
        start,
        end,
        baselineId,
        all.rows(),
        all.effectiveRows(),
        duplicates,
        wrongClocks,
        states,
        kinds,
        types);
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
