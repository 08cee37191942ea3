package dev.telltale.jobs.report;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;

/** Reads cells of a row by column name; null stays null. */
final class Cells {
  private Cells() {}

  static Instant instant(Row row, String column) {
    Timestamp timestamp = row.getAs(column);
    return timestamp == null ? null : timestamp.toInstant();
  }

  /** Timestamps of an array; null is empty. */
  static List<Instant> instants(Row row, String column) {
    int index = row.fieldIndex(column);
    return row.isNullAt(index)
        ? List.of()
        : row.<Timestamp>getList(index).stream().map(Timestamp::toInstant).toList();
  }

  /** A map; null is empty. */
  static Map<String, Long> map(Row row, String column) {
    int index = row.fieldIndex(column);
    return row.isNullAt(index) ? Map.of() : row.<String, Long>getJavaMap(index);
  }

  /** What the row is about. */
  static Subject subject(Row row) {
    return new Subject(
        row.getAs("model_version"),
        row.getAs("slice_key"),
        row.getAs("slice_value"),
        row.getAs("column_name"));
  }
}
