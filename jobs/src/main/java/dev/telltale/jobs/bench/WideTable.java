package dev.telltale.jobs.bench;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * A synthetic table of any size with columns of every kind, in Parquet: the columns named {@code
 * COLUMN_n}, an id, an event time within one day, and a segment.
 */
final class WideTable {
  /** Names of the columns besides the measured ones. */
  static final String ID = "prediction_id";

  static final String TIME = "event_ts";
  static final String SEGMENT = "segment";

  private static final int ROWS_PER_FILE = 1_000_000;

  /** In turn; %d is a number of its own for each column. */
  private static final List<String> KINDS =
      List.of(
          "randn(%d)",
          "CAST(10000 * rand(%d) AS INT)",
          "element_at(array('ATL','ORD','DFW','LAX','PHX','DEN','LAS','DTW','STL','MSP'), 1 + CAST(10 * pow(rand(%d), 2) AS INT))",
          "IF(rand(%1$d) < 0.05, NULL, exp(randn(%1$d)))",
          "CAST(1e12 * rand(%d) AS BIGINT)",
          "rand(%d) < 0.2",
          "CAST(100 * randn(%d) AS FLOAT)",
          "concat('customer-', CAST(800 * rand(%d) AS INT))",
          "CAST(1000 * rand(%d) AS DECIMAL(10, 2))",
          "timestamp_seconds(983404800 + CAST(86400 * rand(%d) AS BIGINT))");

  private WideTable() {}

  /** Names of the measured columns. */
  static List<String> columns(int count) {
    List<String> names = new ArrayList<>();
    for (int c = 0; c < count; c++) {
      names.add("column_" + c);
    }
    return names;
  }

  /** Writes a table, replacing what is there. */
  static void write(
      SparkSession spark, String path, long rows, int columns, int segments, int seed) {
    List<Column> expressions = new ArrayList<>();
    expressions.add(functions.expr("concat('prediction-', id)").as(ID));
    expressions.add(
        functions
            .expr("timestamp_seconds(983404800 + CAST(86400 * rand(" + seed + ") AS BIGINT))")
            .as(TIME));
    expressions.add(
        functions
            .expr("concat('segment-', CAST(" + segments + " * rand(" + (seed + 1) + ") AS INT))")
            .as(SEGMENT));
    for (int c = 0; c < columns; c++) {
      String kind = KINDS.get(c % KINDS.size());
      expressions.add(
          functions
              .expr(String.format(java.util.Locale.ROOT, kind, seed + 2 + c))
              .as("column_" + c));
    }
    Dataset<Row> table =
        spark
            .range(0, rows, 1, (int) (1 + (rows - 1) / ROWS_PER_FILE))
            .select(expressions.toArray(Column[]::new));
    table.write().mode(SaveMode.Overwrite).parquet(path);
  }
}
