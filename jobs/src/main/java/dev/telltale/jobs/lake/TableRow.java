package dev.telltale.jobs.lake;

import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.types.StructType;

/** Builds a row of a result table by column name; what is not set is null. */
public final class TableRow {
  private final StructType schema;
  private final Object[] values;

  /** An empty row of this schema. */
  public TableRow(StructType schema) {
    this.schema = schema;
    this.values = new Object[schema.size()];
  }

  /**
   * Sets a column.
   *
   * @param value null, NaN and empty optionals become null; instants become timestamps
   * @throws IllegalArgumentException if the table has no such column
   */
  public TableRow set(String column, Object value) {
    values[schema.fieldIndex(column)] = convert(value);
    return this;
  }

  /** Sets window_start, window_end and window_date. */
  public TableRow window(Instant start, Instant end) {
    return set("window_start", start)
        .set("window_end", end)
        .set("window_date", Date.valueOf(WindowScope.date(start)));
  }

  private static Object convert(Object value) {
    if (value instanceof Optional<?> optional) {
      return convert(optional.orElse(null));
    }
    if (value instanceof OptionalDouble optional) {
      return optional.isPresent() ? convert(optional.getAsDouble()) : null;
    }
    if (value instanceof OptionalInt optional) {
      return optional.isPresent() ? optional.getAsInt() : null;
    }
    if (value instanceof Instant instant) {
      return Timestamp.from(instant);
    }
    return value instanceof Double number && number.isNaN() ? null : value;
  }

  /** The row. */
  public Row build() {
    return new GenericRowWithSchema(values, schema);
  }
}
