package dev.telltale.jobs.maintain;

import dev.telltale.jobs.lake.Maintenance;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.Upkeep;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;

/**
 * What was done to one table, or would be.
 *
 * @param table path or catalog name
 * @param action one of those of {@link Maintenance}
 * @param keptFrom of a retention: rows before are dropped
 * @param change files and rows
 */
record Done(String table, String action, Optional<Instant> keptFrom, Upkeep.Change change) {
  /** For an answer; keys in this order. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("table", table);
    json.put("action", action);
    keptFrom.ifPresent(time -> json.put("kept_from", time.toString()));
    json.put("rows", change.rows());
    json.put("files_before", change.filesBefore());
    json.put("files_after", change.filesAfter());
    json.put("bytes_before", change.bytesBefore());
    json.put("bytes_after", change.bytesAfter());
    return json;
  }

  /** A row of {@code maintenance}. */
  Row row(String runId, String modelId, Instant computedAt) {
    return Maintenance.row(runId, modelId, table, action, computedAt)
        .set("kept_from", keptFrom)
        .set("rows", action.equals(Maintenance.RETENTION) ? change.rows() : null)
        .set("files_before", change.filesBefore())
        .set("files_after", change.filesAfter())
        .set("bytes_before", change.bytesBefore())
        .set("bytes_after", change.bytesAfter())
        .build();
  }

  /** Tables with windows whose rows are results and nobody's predictions. */
  static boolean isResult(Tables table) {
    return table.partitionColumns().contains("window_date") && table != Tables.LABELLED;
  }
}
