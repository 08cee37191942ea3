package dev.telltale.jobs.check;

import dev.telltale.check.CheckException;
import dev.telltale.check.Columns;
import dev.telltale.check.Relation;
import dev.telltale.config.Check;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Rows that are a table as a whole, and others that are known by name. */
final class TestRows implements CheckSources {
  private final Dataset<Row> rows;
  private final Instant end;
  private final Map<String, Dataset<Row>> others = new HashMap<>();

  TestRows(Dataset<Row> rows, Instant end) {
    this.rows = rows;
    this.end = end;
  }

  /** Another table. */
  TestRows with(String name, Dataset<Row> other) {
    others.put(name, other);
    return this;
  }

  @Override
  public Instant end() {
    return end;
  }

  @Override
  public List<Earlier> earlier(Check.Expectation expectation, Period period, int periods) {
    return List.of();
  }

  @Override
  public Columns reference(Optional<String> table, Optional<Long> version) throws CheckException {
    return TableCheck.columns(table.map(others::get).orElse(rows).schema());
  }

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
    return others.get(other.table());
  }

  /** Checks expectations; the outcomes are in their order. */
  List<TableCheck.Outcome> check(List<String> ids, Check.Expectation... expectations) {
    return new TableCheck(
            rows, TableCheck.columns(rows.schema()), ids, this, one -> Optional.empty())
        .run(List.of(expectations));
  }
}
