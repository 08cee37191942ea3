package dev.telltale.jobs.config;

import java.util.Optional;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser;

/** What can be said of SQL before there is a table. */
final class SqlRules {
  private SqlRules() {}

  /** Why a text is no SQL expression; its names are looked up when there is a table. */
  static Optional<String> notSql(String expression) {
    try {
      new CatalystSqlParser().parseExpression(expression);
      return Optional.empty();
    } catch (Exception e) {
      // Scala throws checked exceptions without saying so.
      String why =
          String.valueOf(e.getMessage())
              .lines()
              .map(String::strip)
              .filter(line -> !line.isEmpty())
              .findFirst()
              .orElse("");
      return Optional.of(why.replaceFirst("^\\[[A-Z_.]+\\] *", ""));
    }
  }
}
