package dev.telltale.jobs.report;

import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;

/** Reads what is known of the service around a model. */
final class ServiceReader {
  private final Lake lake;
  private final ModelConfig model;
  private final Granularity granularity;
  private final WindowScope windows;
  private long rowsRead;

  /** A reader of the windows that start in {@code [from, to)}. */
  ServiceReader(Lake lake, ModelConfig model, Granularity granularity, Instant from, Instant to) {
    this.lake = lake;
    this.model = model;
    this.granularity = granularity;
    this.windows = WindowScope.between(model.model(), granularity, from, to);
  }

  /** Rows that came to the driver so far. */
  long rowsRead() {
    return rowsRead;
  }

  ServiceRows read() {
    if (model.system().isEmpty()) {
      return ServiceRows.NONE;
    }
    Map<ServiceRows.Key, Row> metrics = new HashMap<>();
    for (Row row : read(Tables.SYSTEM_METRICS, windows)) {
      metrics.put(ServiceRows.Key.of(row), row);
    }
    Instant newest =
        metrics.keySet().stream()
            .map(ServiceRows.Key::window)
            .max(Comparator.naturalOrder())
            .orElse(null);
    if (newest == null) {
      return ServiceRows.NONE;
    }
    WindowScope last = WindowScope.of(model.model(), granularity, List.of(newest));
    Map<ServiceRows.Key, Row> degraded = new HashMap<>();
    for (Row row : read(Tables.SYSTEM_COMPARISONS, last)) {
      if (row.getAs("status").equals("DEGRADED")) {
        // What the team has promised comes before what has changed.
        degraded.merge(
            ServiceRows.Key.of(row),
            row,
            (one, other) -> one.getAs("compared_with").equals("OBJECTIVE") ? one : other);
      }
    }
    return new ServiceRows(
        newest,
        model.system().get().objectives(),
        metrics,
        degraded,
        read(Tables.CRASH_GROUPS, last));
  }

  private List<Row> read(Tables table, WindowScope scope) {
    List<Row> rows = lake.rows(table, scope);
    rowsRead += rows.size();
    return rows;
  }
}
