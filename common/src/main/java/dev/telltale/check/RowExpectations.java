package dev.telltale.check;

import dev.telltale.check.Columns.Family;
import dev.telltale.check.RowExpectation.Condition;
import dev.telltale.check.RowExpectation.Shape;
import dev.telltale.config.Check;
import java.util.ArrayList;
import java.util.List;

/** The expectations of each row that there are. */
final class RowExpectations {
  private static final String COLUMN = "column";

  private RowExpectations() {}

  static List<ExpectationType> all() {
    return List.of(
        RowExpectation.of(
            "expect_column_values_to_not_be_null",
            Shape.NULLS,
            List.of(),
            (expectation, columns) -> columns.missing(column(expectation))),
        RowExpectation.of(
            "expect_column_values_to_be_null",
            Shape.NULLS,
            List.of(),
            (expectation, columns) -> "NOT " + columns.missing(column(expectation))),
        RowExpectation.bounded(
            "expect_column_values_to_be_between",
            Parameter.Kind.BOUND,
            (expectation, columns) -> {
              String column = column(expectation);
              return Sql.not(
                  Bounds.sql(
                      expectation, Sql.name(column), bound -> columns.literal(column, bound)));
            }),
        inSet("expect_column_values_to_be_in_set", true),
        inSet("expect_column_values_to_not_be_in_set", false),
        one("expect_column_values_to_match_regex", "regex", "RLIKE", true),
        one("expect_column_values_to_not_match_regex", "regex", "RLIKE", false),
        several("expect_column_values_to_match_regex_list", "regex_list", "RLIKE", true),
        several("expect_column_values_to_not_match_regex_list", "regex_list", "RLIKE", false),
        one("expect_column_values_to_match_like_pattern", "like_pattern", "LIKE", true),
        one("expect_column_values_to_not_match_like_pattern", "like_pattern", "LIKE", false),
        several(
            "expect_column_values_to_match_like_pattern_list", "like_pattern_list", "LIKE", true),
        several(
            "expect_column_values_to_not_match_like_pattern_list",
            "like_pattern_list",
            "LIKE",
            false),
        RowExpectation.bounded(
            "expect_column_value_lengths_to_be_between",
            Parameter.Kind.COUNT,
            (expectation, columns) ->
                Sql.not(
                    Bounds.sql(
                        expectation,
                        "length(" + text(expectation, columns) + ")",
                        String::valueOf))),
        RowExpectation.of(
            "expect_column_value_lengths_to_equal",
            Shape.COLUMN,
            List.of(Parameter.required("value", Parameter.Kind.COUNT)),
            (expectation, columns) ->
                "length("
                    + text(expectation, columns)
                    + ") != "
                    + expectation.parameters().get("value")),
        RowExpectation.of(
            "expect_column_pair_values_a_to_be_greater_than_b",
            Shape.PAIR,
            List.of(Parameter.optional("or_equal", Parameter.Kind.FLAG)),
            (expectation, columns) ->
                Sql.not(
                    pair(
                        expectation,
                        columns,
                        Bounds.flag(expectation, "or_equal") ? " >= " : " > "))),
        RowExpectation.of(
            "expect_column_pair_values_to_be_equal",
            Shape.PAIR,
            List.of(),
            (expectation, columns) -> Sql.not(pair(expectation, columns, " = "))),
        RowExpectation.of(
            "expect_column_pair_values_to_be_in_set",
            Shape.PAIR,
            List.of(Parameter.required("value_pairs_set", Parameter.Kind.PAIRS)),
            RowExpectations::notInPairs),
        RowExpectation.of(
            "expect_column_pair_values_to_agree",
            Shape.PAIR,
            Agreement.parameters(),
            (expectation, columns) -> {
              List<String> values = comparable(expectation, columns);
              boolean numbers =
                  columns.family(RowExpectation.columns(expectation).get(0)) == Family.NUMBER;
              return "coalesce("
                  + Agreement.differ(expectation, numbers, values.get(0), values.get(1))
                  + ", true)";
            }),
        RowExpectation.of(
            "expect_rows_to_satisfy",
            Shape.CONDITION,
            List.of(Parameter.required("condition", Parameter.Kind.CONDITION)),
            (expectation, columns) -> "NOT (" + expectation.text("condition").orElseThrow() + ")"),
        RowExpectation.of(
            "expect_multicolumn_sum_to_equal",
            Shape.SEVERAL,
            List.of(Parameter.required("sum_total", Parameter.Kind.NUMBER)),
            (expectation, columns) -> {
              List<String> terms = new ArrayList<>();
              for (String column : RowExpectation.columns(expectation)) {
                columns.require(column, "numbers", Family.NUMBER);
                terms.add(columns.value(column));
              }
              return Sql.not(
                  String.join(" + ", terms) + " = " + expectation.parameters().get("sum_total"));
            }),
        RowExpectation.of(
            "expect_multicolumn_values_to_be_equal",
            Shape.SEVERAL,
            List.of(),
            (expectation, columns) -> {
              List<String> values = comparable(expectation, columns);
              return "NOT ("
                  + Sql.all(
                      values.stream().skip(1).map(one -> values.get(0) + " <=> " + one).toList())
                  + ")";
            }),
        RowExpectation.of(
            "expect_select_column_values_to_be_unique_within_record",
            Shape.SEVERAL,
            List.of(),
            (expectation, columns) -> {
              List<String> values = comparable(expectation, columns);
              List<String> equal = new ArrayList<>();
              for (int i = 0; i < values.size(); i++) {
                for (int k = 0; k < i; k++) {
                  equal.add(values.get(k) + " <=> " + values.get(i));
                }
              }
              return Sql.any(equal);
            }));
  }

  private static String column(Check.Expectation expectation) {
    return expectation.text(COLUMN).orElseThrow();
  }

  /** A column as text; of what can be written as text. */
  private static String text(Check.Expectation expectation, Columns columns) throws CheckException {
    String column = column(expectation);
    columns.require(column, "text", Family.TEXT, Family.NUMBER, Family.TIME, Family.BOOLEAN);
    return "CAST(" + Sql.name(column) + " AS STRING)";
  }

  private static RowExpectation inSet(String name, boolean in) {
    Condition condition =
        (expectation, columns) -> {
          String column = column(expectation);
          List<String> literals = columns.literals(column, values(expectation, "value_set"));
          String member =
              literals.isEmpty()
                  ? "false"
                  : Sql.name(column) + " IN (" + String.join(", ", literals) + ")";
          return in ? Sql.not(member) : member;
        };
    return RowExpectation.of(
        name,
        Shape.COLUMN,
        List.of(Parameter.required("value_set", Parameter.Kind.VALUES)),
        condition);
  }

  /** A list of a parameter. */
  static List<?> values(Check.Expectation expectation, String name) {
    return (List<?>) expectation.parameters().get(name);
  }

  private static RowExpectation one(String name, String parameter, String operator, boolean like) {
    Parameter.Kind kind = operator.equals("RLIKE") ? Parameter.Kind.REGEX : Parameter.Kind.TEXT;
    return RowExpectation.of(
        name,
        Shape.COLUMN,
        List.of(Parameter.required(parameter, kind)),
        (expectation, columns) -> {
          String match =
              text(expectation, columns)
                  + " "
                  + operator
                  + " "
                  + Sql.text(expectation.text(parameter).orElseThrow());
          return like ? "NOT " + match : match;
        });
  }

  private static RowExpectation several(
      String name, String parameter, String operator, boolean like) {
    Parameter.Kind kind = operator.equals("RLIKE") ? Parameter.Kind.REGEXES : Parameter.Kind.NAMES;
    List<Parameter> own = new ArrayList<>();
    own.add(Parameter.required(parameter, kind));
    if (like) {
      own.add(Parameter.optional("match_on", Parameter.Kind.MATCH_ON));
    }
    return RowExpectation.of(
        name,
        Shape.COLUMN,
        own,
        (expectation, columns) -> {
          List<String> matches = new ArrayList<>();
          for (Object pattern : values(expectation, parameter)) {
            matches.add(
                text(expectation, columns)
                    + " "
                    + operator
                    + " "
                    + Sql.text(String.valueOf(pattern)));
          }
          boolean all = expectation.text("match_on").orElse("any").equals("all");
          String match = all ? Sql.all(matches) : Sql.any(matches);
          return like ? "NOT (" + match + ")" : match;
        });
  }

  private static String pair(Check.Expectation expectation, Columns columns, String operator)
      throws CheckException {
    List<String> values = comparable(expectation, columns);
    return values.get(0) + operator + values.get(1);
  }

  /** The values of columns that are compared with each other. */
  private static List<String> comparable(Check.Expectation expectation, Columns columns)
      throws CheckException {
    List<String> about = RowExpectation.columns(expectation);
    List<String> values = new ArrayList<>();
    for (String column : about) {
      if (columns.family(column) != columns.family(about.get(0))
          || columns.family(column) == Family.OTHER) {
        throw new CheckException(
            "Columns "
                + about.get(0)
                + " and "
                + column
                + " are of the types "
                + columns.type(about.get(0))
                + " and "
                + columns.type(column)
                + ", which do not compare.");
      }
      values.add(columns.value(column));
    }
    return values;
  }

  private static String notInPairs(Check.Expectation expectation, Columns columns)
      throws CheckException {
    List<String> about = RowExpectation.columns(expectation);
    List<String> pairs = new ArrayList<>();
    for (Object pair : values(expectation, "value_pairs_set")) {
      List<?> two = (List<?>) pair;
      List<String> both = new ArrayList<>();
      for (int i = 0; i < about.size(); i++) {
        both.add(columns.value(about.get(i)) + " <=> " + columns.literal(about.get(i), two.get(i)));
      }
      pairs.add(Sql.all(both));
    }
    return "NOT (" + Sql.any(pairs) + ")";
  }
}
