package dev.telltale.jobs.check;

import dev.telltale.check.CheckException;
import dev.telltale.check.Columns;
import dev.telltale.check.Relation;
import dev.telltale.config.Check;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Rows without anything around them.
 *
 * @param all the rows
 * @param end end of the window that they are of
 */
record RowsAlone(Dataset<Row> all, Instant end) implements CheckSources {
  @Override
  public Dataset<Row> rows(Duration before, Duration after) {
    return all;
  }

  @Override
  public Dataset<Row> inWindow(Dataset<Row> rows) {
    return rows;
  }

  @Override
  public Dataset<Row> other(Relation.Other other) {
    throw new UnsupportedOperationException("There is no table " + other.table() + " here");
  }

  @Override
  public List<Earlier> earlier(Check.Expectation expectation, Period period, int periods) {
    return List.of();
  }

  @Override
  public Columns reference(Optional<String> table, Optional<Long> version) throws CheckException {
    throw new CheckException("There is no table to compare with here.");
  }
}
