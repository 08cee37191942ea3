package dev.telltale.jobs.system;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.config.SystemQuality;
import dev.telltale.jobs.engine.OutcomeColumns;
import dev.telltale.jobs.engine.StateKey;
import dev.telltale.jobs.engine.WindowIndex;
import dev.telltale.jobs.lake.SourceTable;
import dev.telltale.jobs.lake.SqlColumn;
import dev.telltale.jobs.lake.Telemetry;
import dev.telltale.jobs.lake.TimeRange;
import dev.telltale.sampling.WholeWeight;
import dev.telltale.system.SystemState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;
import scala.Tuple2;

/** The telemetry as the service sees it: one scan of the few columns that say how it works. */
final class ServiceRows {
  private static final String PLACE = "telltale_place";

  private final ModelConfig.Predictions log;
  private final Telemetry telemetry;
  private final Granularity granularity;
  private final Column[] columns;

  /**
   * Rows of a log.
   *
   * @throws dev.telltale.error.TelltaleException if the log lacks a column (exit 3), or an
   *     expression is none (exit 2)
   */
  ServiceRows(ModelConfig model, SystemQuality declared, SourceTable table) {
    this.log = model.telemetry();
    this.telemetry = Telemetry.of(table, log);
    this.granularity = model.granularities().get(0);
    table.requireTimestamp(log.eventTime(), "event time");
    table.require(log.id(), "prediction id");
    log.modelVersion().ifPresent(name -> table.require(name, "model version"));
    log.weight().ifPresent(name -> table.requireNumber(name, "weight"));
    Column trained = sql(SqlColumn.TIMESTAMP, "trained-at", declared.trainedAt(), table);
    this.columns =
        new Column[] {
          functions.unix_micros(OutcomeColumns.column(log.eventTime())),
          log.modelVersion().map(OutcomeColumns::column).orElse(lit(null)).cast("string"),
          log.weight().map(OutcomeColumns::column).orElse(lit(1)).cast("double"),
          functions.xxhash64(OutcomeColumns.column(log.id())),
          sql(SqlColumn.CONDITION, "error", declared.error(), table).cast("boolean"),
          sql(SqlColumn.NUMBER, "latency-ms", declared.latencyMs(), table).cast("double"),
          sql(SqlColumn.NUMBER, "cost", declared.cost(), table).cast("double"),
          functions.unix_seconds(trained.cast("timestamp"))
        };
  }

  private static Column sql(
      SqlColumn type, String key, Optional<String> expression, SourceTable table) {
    return expression.map(sql -> type.of("system." + key, sql, table)).orElse(lit(null));
  }

  /** The rows, as any job believes them. */
  Telemetry telemetry() {
    return telemetry;
  }

  /**
   * The states of some windows, also of those without rows.
   *
   * @param repeated those of them in which ids may be repeated
   */
  Map<Instant, ServiceStates> states(SortedSet<Instant> windows, SortedSet<Instant> repeated) {
    Map<Instant, ServiceStates> states = new TreeMap<>();
    windows.forEach(window -> states.put(window, new ServiceStates()));
    if (windows.isEmpty()) {
      return states;
    }
    SortedSet<Instant> others = new TreeSet<>(windows);
    others.removeAll(repeated);
    List<Dataset<Row>> parts = new ArrayList<>();
    if (!others.isEmpty()) {
      parts.add(telemetry.rows(TimeRange.of(granularity, others)).select(columns));
    }
    if (!repeated.isEmpty()) {
      parts.add(once(repeated).select(columns));
    }
    Fold fold = new Fold(new WindowIndex(granularity, windows));
    for (Tuple2<StateKey, byte[]> state :
        parts.stream()
            .reduce(Dataset::union)
            .orElseThrow()
            .javaRDD()
            .mapPartitionsToPair(fold::states)
            .reduceByKey(Fold::merge)
            .collect()) {
      states
          .get(state._1.windowStart())
          .merge(state._1.modelVersion(), SystemState.read(state._2), 0);
    }
    return states;
  }

  /** Of rows with one id in a window that which counts everywhere else, too. */
  private Dataset<Row> once(SortedSet<Instant> windows) {
    Column id = OutcomeColumns.column(log.id());
    Column window =
        functions.date_trunc(granularity.name(), OutcomeColumns.column(log.eventTime()));
    Column[] first = telemetry.first().stream().map(OutcomeColumns::column).toArray(Column[]::new);
    return telemetry
        .arrivals(TimeRange.of(granularity, windows))
        .withColumn(
            PLACE, functions.row_number().over(Window.partitionBy(id, window).orderBy(first)))
        // A row without an id is none of the others again.
        .where(col(PLACE).equalTo(1).or(id.isNull()));
  }

  /** Folds rows. Crosses to executors. */
  private static final class Fold implements java.io.Serializable {
    private static final long serialVersionUID = 1L;
    private static final long MILLIS = 1000;

    private final WindowIndex windows;

    Fold(WindowIndex windows) {
      this.windows = windows;
    }

    Iterator<Tuple2<StateKey, byte[]>> states(Iterator<Row> rows) {
      Map<StateKey, SystemState> states = new HashMap<>();
      while (rows.hasNext()) {
        Row row = rows.next();
        long micros = row.getLong(0);
        long window = windows.start(micros);
        if (window != WindowIndex.OUTSIDE) {
          int minute = (int) TimeUnit.MILLISECONDS.toMinutes(micros / MILLIS - window);
          states
              .computeIfAbsent(
                  new StateKey(window, row.getString(1), null, null, StateKey.TABLE),
                  absent -> new SystemState())
              .add(
                  minute,
                  weight(row),
                  row.isNullAt(4) ? null : row.getBoolean(4),
                  row.isNullAt(5) ? null : row.getDouble(5),
                  row.isNullAt(6) ? null : row.getDouble(6),
                  row.isNullAt(7) ? 0 : Math.max(0, row.getLong(7)));
        }
      }
      return states.entrySet().stream()
          .map(state -> new Tuple2<>(state.getKey(), state.getValue().toBytes()))
          .iterator();
    }

    /** A row without a usable weight stands for itself. */
    private static long weight(Row row) {
      double weight = row.isNullAt(2) ? Double.NaN : row.getDouble(2);
      return WholeWeight.isWeight(weight) ? WholeWeight.of(weight, row.getLong(3)) : 1;
    }

    static byte[] merge(byte[] first, byte[] second) {
      SystemState state = SystemState.read(first);
      state.merge(SystemState.read(second), 0);
      return state.toBytes();
    }
  }
}
