package dev.telltale.check;

import java.util.List;
import java.util.stream.Collectors;

/** Text of Spark SQL. */
final class Sql {
  private Sql() {}

  /** A column's name. */
  static String name(String column) {
    return "`" + column.replace("`", "``") + "`";
  }

  /** A text literal. */
  static String text(String value) {
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  /** That a condition is not true: false, or unknown. */
  static String not(String condition) {
    return "NOT coalesce(" + condition + ", false)";
  }

  static String any(List<String> conditions) {
    return joined(conditions, " OR ");
  }

  static String all(List<String> conditions) {
    return joined(conditions, " AND ");
  }

  private static String joined(List<String> conditions, String by) {
    return conditions.stream().map(one -> "(" + one + ")").collect(Collectors.joining(by));
  }
}
