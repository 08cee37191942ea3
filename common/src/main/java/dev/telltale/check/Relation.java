package dev.telltale.check;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Rows that are made from those of the table, where a row alone does not tell: the row before it,
 * its match in another table, the rows of its group. Conditions and values are Spark SQL; rows
 * without a value that relates them (an entity, a time, a position) are left out.
 */
public sealed interface Relation {
  /** Stands for {@code PARTITION BY … ORDER BY …} of a sequence; of equal times, ids decide. */
  String IN_ORDER = "${in order}";

  /** Stands for {@code PARTITION BY … ORDER BY …} by the time in microseconds alone. */
  String BY_TIME = "${by time}";

  /**
   * The rows with more columns, from the rows of the same entity in the order of time.
   *
   * @param entity column; empty = all rows are one sequence
   * @param time column of times
   * @param lookback how long before the window rows are looked at, which are not judged
   * @param steps columns by name; a step sees what the ones before it have made
   */
  record Sequence(
      Optional<String> entity, String time, Duration lookback, List<Map<String, String>> steps)
      implements Relation {
    /** Copies the steps. */
    public Sequence {
      steps = steps.stream().map(Relation::copy).toList();
    }
  }

  /**
   * The rows with more columns, from the rows of another table with the same key; null where there
   * are none.
   *
   * @param other the other table
   * @param on columns of the other table by columns of this one
   * @param values columns by name: SQL aggregates over the rows of the other table
   */
  record Match(Other other, Map<String, String> on, Map<String, String> values)
      implements Relation {
    /** Copies the maps. */
    public Match {
      on = copy(on);
      values = copy(values);
    }
  }

  /**
   * A row for each group of rows in either table.
   *
   * @param other the other table
   * @param by columns that both have; empty = one row
   * @param name of the column that is made
   * @param total its SQL aggregate over rows of this table
   * @param otherName of the other column that is made
   * @param otherTotal its SQL aggregate over rows of the other table
   */
  record Totals(
      Other other, List<String> by, String name, String total, String otherName, String otherTotal)
      implements Relation {
    /** Copies the list. */
    public Totals {
      by = List.copyOf(by);
    }
  }

  /**
   * A row for each group.
   *
   * @param group column
   * @param values columns by name: SQL aggregates
   */
  record Groups(String group, Map<String, String> values) implements Relation {
    /** Copies the map. */
    public Groups {
      values = copy(values);
    }
  }

  /**
   * The rows with one more column: how many other rows are near.
   *
   * @param position SQL of the coordinates, as doubles in the unit of the radius
   * @param radius distance up to which a row is near, positive
   * @param time column of times
   * @param within time up to which a row is near, before and after, positive
   * @param group column whose value near rows share; empty = any
   * @param name of the column that is made
   * @param enough more neighbours than so many need not be counted
   */
  record Neighbors(
      List<String> position,
      double radius,
      String time,
      Duration within,
      Optional<String> group,
      String name,
      long enough)
      implements Relation {
    /** Copies the list. */
    public Neighbors {
      position = List.copyOf(position);
    }
  }

  /**
   * Another table.
   *
   * @param table Delta path, absolute or relative to the lake, or catalog name
   * @param eventTime its column of times; empty = all its rows
   * @param within how far beyond the window its rows may be
   */
  record Other(String table, Optional<String> eventTime, Duration within) {}

  private static Map<String, String> copy(Map<String, String> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }
}
