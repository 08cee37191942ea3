package dev.telltale.jobs.lake;

import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/** Some rows of a table, and what is to be there in their place. */
public interface RowChoice {
  /** The rows that are meant; further columns of them stay. */
  Dataset<Row> chosen(Dataset<Row> rows);

  /** All rows as they are to be: the others, and what takes the place of those. */
  Dataset<Row> instead(Dataset<Row> rows);

  /**
   * Whether a partition may have such rows.
   *
   * @param partition values of the partition columns as text; none of a table without
   */
  default boolean mayBeIn(Map<String, String> partition) {
    return true;
  }

  /** The columns by which {@link #mayBe} tells; empty if only Spark can. */
  default Optional<StructType> toldBy() {
    return Optional.empty();
  }

  /** Whether a row may be meant: true of every row that is, without Spark. */
  default boolean mayBe(Row row) {
    return true;
  }

  /** Rows for which a condition holds; nothing takes their place. */
  static RowChoice of(Column condition) {
    Column holds = functions.coalesce(condition, functions.lit(false));
    return new RowChoice() {
      @Override
      public Dataset<Row> chosen(Dataset<Row> rows) {
        return rows.where(holds);
      }

      @Override
      public Dataset<Row> instead(Dataset<Row> rows) {
        return rows.where(functions.not(holds));
      }
    };
  }
}
