package dev.telltale.jobs.lake;

import dev.telltale.error.Errors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.TimestampType;

/** SQL of a model file over the columns of a table. */
public enum SqlColumn {
  /** True or false. */
  CONDITION("condition on a row", "true or false, such as amount > 1000"),
  /** A number. */
  NUMBER("number", "a number, such as 1000 * latency_seconds"),
  /** A timestamp. */
  TIMESTAMP("timestamp", "a timestamp, such as to_timestamp(trained_on)");

  private final String what;
  private final String example;

  SqlColumn(String what, String example) {
    this.what = what;
    this.example = example;
  }

  /**
   * The expression as a column.
   *
   * @param key key of the model file that has it
   * @throws dev.telltale.error.TelltaleException if it is not of this type, or names what the table
   *     has not (exit 2)
   */
  public Column of(String key, String sql, SourceTable table) {
    String why;
    try {
      Column column = functions.expr(sql);
      DataType type = table.data().select(column).schema().apply(0).dataType();
      boolean allowed = allows(type);
      if (allowed && isOfOneRow(column, table)) {
        return column;
      }
      why =
          allowed
              ? "It takes rows together, or makes several of one."
              : "It is of type " + type.simpleString() + ".";
    } catch (Exception e) {
      // Spark throws the checked AnalysisException without saying so.
      why =
          String.valueOf(e.getMessage())
              .replaceFirst("^\\[[A-Z_.]+] ", "")
              .lines()
              .filter(line -> !line.isBlank())
              .findFirst()
              .orElse("");
    }
    throw Errors.wrongSql(key, sql, what, why, example);
  }

  /** Whether it could be part of a WHERE, which has no sums, ranks and exploded arrays. */
  private static boolean isOfOneRow(Column column, SourceTable table) {
    try {
      return table.data().where(column.isNotNull()).schema().size() > 0;
    } catch (Exception e) {
      // The checked AnalysisException, again.
      return false;
    }
  }

  private boolean allows(DataType type) {
    return switch (this) {
      case CONDITION -> type instanceof BooleanType;
      case NUMBER -> type instanceof NumericType;
      case TIMESTAMP -> type instanceof TimestampType;
    };
  }
}
