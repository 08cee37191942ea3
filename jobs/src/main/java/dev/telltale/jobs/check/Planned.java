package dev.telltale.jobs.check;

import dev.telltale.check.CheckException;
import dev.telltale.check.Columns;
import dev.telltale.check.Expectations;
import dev.telltale.check.Measure;
import dev.telltale.config.Check;

/**
 * An expectation and what has to be measured for it.
 *
 * @param expectation the expectation
 * @param measure what it needs
 * @param row SQL condition of the rows that are looked at; never null
 */
record Planned(Check.Expectation expectation, Measure measure, String row) {
  /** Every row. */
  static final String EVERY = "true";

  static Planned of(Check.Expectation expectation, Columns columns) throws CheckException {
    return new Planned(
        expectation,
        Expectations.measure(expectation, columns),
        expectation.rowCondition().map(sql -> "coalesce((" + sql + "), false)").orElse(EVERY));
  }

  /** SQL condition: a row is looked at, and more. */
  String and(String... conditions) {
    StringBuilder all = new StringBuilder(row);
    for (String condition : conditions) {
      all.append(" AND (").append(condition).append(')');
    }
    return all.toString();
  }

  /** SQL value: null for rows that are not looked at. */
  String ofRow(String value) {
    return row.equals(EVERY) ? value : "CASE WHEN " + row + " THEN " + value + " END";
  }

  /** Whether rows have to be told apart, which is a scan of its own. */
  boolean needsKeys() {
    return measure instanceof Measure.Repeated
        || measure instanceof Measure.Distinct
        || measure instanceof Measure.OrderStatistics;
  }
}
