package dev.telltale.jobs.check;

import dev.telltale.check.CheckException;
import dev.telltale.check.Columns;
import dev.telltale.check.Relation;
import dev.telltale.config.Check;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A day's rows, with no other tables around them. What needs these is not judged.
 *
 * @param rows the rows
 * @param start start of the day
 * @param rowsBefore how many rows days before had, by their starts
 */
record RowsAlone(Dataset<Row> rows, Instant start, Map<Instant, Long> rowsBefore)
    implements CheckSources {
  @Override
  public Dataset<Row> rows(Duration before, Duration after) {
    return rows;
  }

  @Override
  public Dataset<Row> inWindow(Dataset<Row> made) {
    return made;
  }

  @Override
  public Dataset<Row> other(Relation.Other other) {
    throw new IllegalStateException("No other table is known");
  }

  @Override
  public Instant end() {
    return start.plus(Duration.ofDays(1));
  }

  @Override
  public List<Earlier> earlier(Check.Expectation expectation, Period period, int periods) {
    List<Earlier> known = new ArrayList<>();
    for (int i = 1; i <= periods; i++) {
      Instant day = start.atOffset(ZoneOffset.UTC).minus(period.multipliedBy(i)).toInstant();
      if (rowsBefore.containsKey(day)) {
        known.add(new Earlier(day, rowsBefore.get(day), Optional.empty()));
      }
    }
    return known;
  }

  @Override
  public Columns reference(Optional<String> table, Optional<Long> version) throws CheckException {
    throw new CheckException("No other table is known");
  }
}
