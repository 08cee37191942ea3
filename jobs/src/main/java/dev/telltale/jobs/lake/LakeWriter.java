package dev.telltale.jobs.lake;

import dev.telltale.error.Errors;
import io.delta.exceptions.DeltaConcurrentModificationException;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;

/**
 * The one way to write a result table. Every write is one Delta commit that carries the run id:
 * readers see all of it or nothing, and running it again replaces the same rows.
 */
public final class LakeWriter {
  private static final int ATTEMPTS = 5;
  private static final long FIRST_PAUSE_MILLIS = 200;

  private final Lake lake;
  private final String runId;

  LakeWriter(Lake lake, String runId) {
    this.lake = lake;
    this.runId = runId;
  }

  /**
   * Replaces the rows of {@code scope} by {@code rows}; an empty data set clears them.
   *
   * @param rows columns of the table by name, all within the scope
   */
  public void replace(Tables table, WindowScope scope, Dataset<Row> rows) {
    if (!scope.windows().isEmpty()) {
      replaceWhere(table, scope.predicate(), rows);
    }
  }

  /** Replaces the rows of one baseline; other baselines of the model stay. */
  public void replaceBaseline(Tables table, String modelId, String baselineId, Dataset<Row> rows) {
    String baseline = " AND baseline_id = '" + baselineId.replace("'", "\\'") + "'";
    replaceWhere(table, WindowScope.baseline(modelId).predicate() + baseline, rows);
  }

  /** Appends rows, to a table that only grows. */
  public void append(Tables table, Dataset<Row> rows) {
    save(table, rows.write().mode(SaveMode.Append));
  }

  private void replaceWhere(Tables table, String predicate, Dataset<Row> rows) {
    save(table, rows.write().mode(SaveMode.Overwrite).option("replaceWhere", predicate));
  }

  private void save(Tables table, DataFrameWriter<Row> writer) {
    DataFrameWriter<Row> marked =
        writer.format("delta").option("userMetadata", "{\"run_id\":\"" + runId + "\"}");
    for (int attempt = 1; ; attempt++) {
      try {
        lake.address(table).save(marked);
        return;
      } catch (DeltaConcurrentModificationException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
        pause(attempt);
      }
    }
  }

  /** Random, so that writers that met once do not meet again. */
  private static void pause(int attempt) {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(FIRST_PAUSE_MILLIS << attempt));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Errors.interrupted();
    }
  }
}
