package dev.telltale.jobs.lake;

import static dev.telltale.jobs.lake.SourceTable.column;
import static org.apache.spark.sql.functions.lit;

import dev.telltale.config.Privacy;
import dev.telltale.error.Errors;
import dev.telltale.privacy.Pseudonym;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/** The columns of a table as {@link Privacy} lets them be seen. */
final class PrivateColumns {
  private static final int HASH_DIGITS = 32;
  private static final int HASH_BITS = 256;

  private final Privacy privacy;
  private final Optional<String> eventTime;
  private final String location;

  /**
   * Of a table.
   *
   * @param eventTime column that tells the key of a pseudonym; without one, columns of pseudonyms
   *     are dropped
   * @param location of the table, for errors
   */
  PrivateColumns(Privacy privacy, Optional<String> eventTime, String location) {
    this.privacy = privacy;
    this.eventTime = eventTime;
    this.location = location;
  }

  /**
   * The rows with these columns; those that the table does not have are nothing to hide.
   *
   * @throws dev.telltale.error.TelltaleException if a column is of a type that cannot be
   *     generalised as asked (exit 3)
   */
  Dataset<Row> of(Dataset<Row> rows) {
    List<Column> seen = new ArrayList<>();
    for (StructField field : rows.schema().fields()) {
      seen(field.name(), field.dataType()).ifPresent(column -> seen.add(column.as(field.name())));
    }
    return rows.select(seen.toArray(Column[]::new));
  }

  private Optional<Column> seen(String name, DataType type) {
    Column column = column(name);
    if (privacy.drop().contains(name)) {
      return Optional.empty();
    }
    if (privacy.pseudonym().contains(name)) {
      return eventTime.map(time -> pseudonym(column, time));
    }
    if (privacy.hash().contains(name)) {
      return Optional.of(
          functions.substring(
              functions.sha2(column.cast("string").cast("binary"), HASH_BITS), 1, HASH_DIGITS));
    }
    if (privacy.truncate().containsKey(name)) {
      return Optional.of(
          functions.substring(column.cast("string"), 1, privacy.truncate().get(name)));
    }
    if (privacy.generalise().containsKey(name)) {
      return Optional.of(generalised(name, column, type, privacy.generalise().get(name)));
    }
    return Optional.of(column);
  }

  /** A function of ours, since Spark would show the key of one of its own in plans and logs. */
  private Column pseudonym(Column column, String time) {
    Pseudonym pseudonym = new Pseudonym(privacy.keys());
    UDF2<String, Integer, String> function =
        (text, day) -> text == null ? null : pseudonym.of(text, day == null ? 0 : day);
    Column day = functions.unix_date(functions.to_date(column(time)));
    return functions.udf(function, DataTypes.StringType).apply(column.cast("string"), day);
  }

  private Column generalised(String name, Column column, DataType type, String step) {
    boolean toTime = Privacy.TIME_UNITS.contains(step);
    boolean isTime = type instanceof TimestampType || type instanceof TimestampNTZType;
    if (toTime && (isTime || type instanceof DateType)) {
      return functions.date_trunc(step, column).cast(type);
    }
    if (!toTime && type instanceof NumericType) {
      Column width = lit(Double.parseDouble(step));
      return functions.floor(column.cast("double").divide(width)).multiply(width).cast(type);
    }
    throw Errors.wrongType(
        location,
        name,
        "column to generalise to " + step,
        type.simpleString(),
        toTime ? "a date or timestamp" : "a number");
  }
}
