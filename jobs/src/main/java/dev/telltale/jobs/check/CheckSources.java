package dev.telltale.jobs.check;

import dev.telltale.check.CheckContext;
import dev.telltale.check.Relation;
import java.time.Duration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What is around the rows that are checked: those before and after them, and other tables. */
interface CheckSources extends CheckContext {
  /** Rows of the window, and of some time before and after it. */
  Dataset<Row> rows(Duration before, Duration after);

  /** Of rows with the columns of the table those of the window. */
  Dataset<Row> inWindow(Dataset<Row> rows);

  /** Rows of another table. */
  Dataset<Row> other(Relation.Other other);
}
