package dev.telltale.jobs.profile;

import dev.telltale.bytes.StateBytes;
import dev.telltale.config.Granularity;
import dev.telltale.jobs.engine.ColumnPlan;
import dev.telltale.jobs.engine.StateKey;
import dev.telltale.jobs.lake.TableRow;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import dev.telltale.profile.Anchors;
import dev.telltale.profile.ColumnKind;
import dev.telltale.profile.ColumnState;
import dev.telltale.profile.StateFormat;
import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Turns states into rows of {@code profile_states} and {@code profile_metrics}. Crosses to
 * executors, hence a class.
 */
final class StateRows implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final String TABLE = ":table";
  private static final StructType STATES = Tables.PROFILE_STATES.schema();
  private static final StructType METRICS = Tables.PROFILE_METRICS.schema();

  private final String modelId;
  private final String runId;
  private final Instant computedAt;
  private final String baselineId;
  private final String granularity;
  private final ArrayList<ColumnPlan> columns;

  /**
   * Rows of one model, run and granularity.
   *
   * @param granularity label, or {@link WindowScope#BASELINE}
   * @param columns the columns that have states, as the keys index them
   */
  StateRows(
      String modelId,
      String runId,
      Instant computedAt,
      String baselineId,
      String granularity,
      List<ColumnPlan> columns) {
    this.modelId = modelId;
    this.runId = runId;
    this.computedAt = computedAt;
    this.baselineId = baselineId;
    this.granularity = granularity;
    this.columns = new ArrayList<>(columns);
  }

  private boolean ofBaseline() {
    return granularity.equals(WindowScope.BASELINE);
  }

  private TableRow keys(StructType schema, StateKey key) {
    Instant start = key.windowStart();
    Instant end = ofBaseline() ? start : Granularity.of(granularity).next(start);
    return new TableRow(schema)
        .window(start, end)
        .set("granularity", granularity)
        .set("model_id", modelId)
        .set("model_version", key.modelVersion())
        .set("slice_key", key.sliceKey())
        .set("slice_value", key.sliceValue())
        .set("run_id", runId)
        .set("computed_at", computedAt)
        .set("baseline_id", baselineId);
  }

  private static TableRow column(TableRow row, String name, ColumnKind kind, String type) {
    return row.set("column_name", name).set("column_kind", kind.name()).set("data_type", type);
  }

  private TableRow column(TableRow row, StateKey key) {
    if (key.column() == StateKey.TABLE) {
      return column(row, TABLE, ColumnKind.TABLE, null);
    }
    ColumnPlan plan = columns.get(key.column());
    return column(row, plan.name(), plan.kind(), plan.type().catalogString());
  }

  /** The row of a state. */
  Row state(StateKey key, byte[] bytes) {
    TableRow row =
        column(keys(STATES, key), key).set("state_version", StateBytes.VERSION).set("state", bytes);
    boolean anchored = ofBaseline() && key.column() != StateKey.TABLE && key.sliceKey() == null;
    if (anchored) {
      row.set("anchors", StateFormat.write(columns.get(key.column()).anchors()));
    }
    return row.build();
  }

  /**
   * The row of a column that is not summarised, in one window.
   *
   * @param start start of the window; the epoch for a baseline
   */
  Row notSummarised(Instant start, ColumnPlan plan) {
    StateKey key = new StateKey(start.toEpochMilli(), null, null, null, StateKey.TABLE);
    return column(keys(STATES, key), plan.name(), plan.kind(), plan.type().catalogString()).build();
  }

  /** The same in {@code profile_metrics}. */
  Row notSummarisedMetrics(Instant start, ColumnPlan plan) {
    StateKey key = new StateKey(start.toEpochMilli(), null, null, null, StateKey.TABLE);
    return column(keys(METRICS, key), plan.name(), plan.kind(), plan.type().catalogString())
        .build();
  }

  /**
   * The metrics of a state.
   *
   * @param lastChanges start of the run of equal constant values, of constant columns
   * @param duplicateIds rows beyond the first with the same id, by window
   */
  Row metrics(
      StateKey key,
      byte[] bytes,
      Map<StateKey, Instant> lastChanges,
      Map<Instant, Long> duplicateIds) {
    TableRow row = column(keys(METRICS, key), key);
    if (key.column() != StateKey.TABLE) {
      StateMetrics.fill(row, read(key, bytes));
      return row.set("last_value_change", lastChanges.get(key)).build();
    }
    StateMetrics.fillRows(row, read(key, bytes));
    if (key.sliceKey() == null && key.modelVersion() == null) {
      row.set("num_duplicate_ids", duplicateIds.getOrDefault(key.windowStart(), 0L));
    }
    return row.build();
  }

  /** The state of a key. */
  ColumnState read(StateKey key, byte[] bytes) {
    Anchors anchors =
        key.column() == StateKey.TABLE ? Anchors.NONE : columns.get(key.column()).anchors();
    return StateFormat.read(bytes, anchors);
  }
}
