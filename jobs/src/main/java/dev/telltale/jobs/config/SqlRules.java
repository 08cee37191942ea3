package dev.telltale.jobs.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser;

/** What can be said of SQL before there is a table. */
final class SqlRules {
  private SqlRules() {}

  /**
   * Adds what is wrong with the SQL at a pointer, if there is any.
   *
   * @param what {@code expression} or {@code condition}
   */
  static void check(String pointer, String what, YamlDocument document, List<Problem> problems) {
    JsonNode sql = document.root().at(pointer);
    if (sql.isTextual()) {
      notSql(sql.textValue())
          .ifPresent(
              why ->
                  problems.add(
                      new Problem(
                          document.line(pointer),
                          "`"
                              + SchemaCheck.name(pointer)
                              + "` is `"
                              + sql.textValue()
                              + "`, which is no SQL "
                              + what
                              + ": "
                              + why)));
    }
  }

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
