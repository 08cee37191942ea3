package dev.telltale.jobs.lake;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** Some rows of a table, and what is to be there in their place. */
public interface RowChoice {
  /** The rows that are meant; further columns of them stay. */
  Dataset<Row> chosen(Dataset<Row> rows);

  /** All rows as they are to be: the others, and what takes the place of those. */
  Dataset<Row> instead(Dataset<Row> rows);

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
