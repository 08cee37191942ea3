package dev.telltale.check;

import java.util.List;

/** What has to be known of a table to judge an expectation. Conditions and values are Spark SQL. */
public sealed interface Measure {
  /** No null is left out. */
  String NOTHING = "false";

  /**
   * Rows for which a condition holds.
   *
   * @param columns columns whose values say what is unexpected
   * @param ignored condition of the rows that count as missing; never null
   * @param unexpected condition of the rows that should not be; of others than ignored ones
   */
  record Rows(List<String> columns, String ignored, String unexpected) implements Measure {}

  /**
   * Rows whose values are those of another row, too.
   *
   * @param columns the columns that have to be unique together; two nulls are equal
   * @param ignored condition of the rows that count as missing; never null
   */
  record Repeated(List<String> columns, String ignored) implements Measure {}

  /**
   * A number over the values that are not missing.
   *
   * @param column the column
   * @param value a double; null where the value is missing
   * @param statistic which number
   */
  record Aggregate(String column, String value, Statistic statistic) implements Measure {}

  /** Numbers over values. */
  enum Statistic {
    /** Mean; none of no values. */
    MEAN,
    /** Sum; none of no values. */
    SUM,
    /** Sample standard deviation; none of fewer than two values. */
    STDEV,
    /** Smallest; none of no values. */
    MIN,
    /** Largest; none of no values. */
    MAX
  }

  /**
   * The values around some places of the order, exactly.
   *
   * @param column the column
   * @param value a double; null where the value is missing
   * @param probabilities 0 to 1; each asks for the values at the places below and above {@code
   *     probability * (n - 1)}, counted from 0
   */
  record OrderStatistics(String column, String value, List<Double> probabilities)
      implements Measure {}

  /**
   * The different values of a column.
   *
   * @param column the column
   * @param value the value; null where it is missing
   * @param member place in a set, from 1; 0 where the value is not in it
   * @param members size of the set; 0 = there is none
   */
  record Distinct(String column, String value, String member, int members) implements Measure {}

  /**
   * Rows, and those of them that are missing.
   *
   * @param ignored condition of the rows that count as missing
   */
  record Count(String ignored) implements Measure {}

  /**
   * Like {@link Rows}, of rows that are made from those of the table.
   *
   * @param relation how
   * @param rows columns and conditions of the rows that are made
   * @param ids columns that name one; empty = those that name a row of the table
   */
  record Made(Relation relation, Rows rows, List<String> ids) implements Measure {
    /** Copies the list. */
    public Made {
      ids = List.copyOf(ids);
    }
  }

  /** The columns of the table, which need no rows. */
  record Structure() implements Measure {}
}
