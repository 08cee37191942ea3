package dev.telltale.check;

import dev.telltale.check.Columns.Family;
import dev.telltale.config.Check;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Expectations of a table beside another one: matches, values that agree, totals that reconcile.
 */
final class SourceExpectations {
  private static final Parameter OTHER = Parameter.required("other", Parameter.Kind.TEXT);
  private static final Parameter ON = Parameter.required("on", Parameter.Kind.ON);
  private static final Parameter OTHER_TIME =
      Parameter.optional("other_event_time", Parameter.Kind.COLUMN);
  private static final Parameter WITHIN = Parameter.optional("within", Parameter.Kind.AGE);

  private SourceExpectations() {}

  static List<ExpectationType> all() {
    return List.of(
        new MadeExpectation(
            "expect_rows_to_have_match_in",
            "row",
            List.of(OTHER, ON, OTHER_TIME, WITHIN),
            absent -> Optional.empty(),
            SourceExpectations::match),
        new MadeExpectation(
            "expect_column_values_to_agree_with",
            "value",
            List.of(
                Parameter.required("column", Parameter.Kind.COLUMN),
                OTHER,
                ON,
                Parameter.optional("other_column", Parameter.Kind.COLUMN),
                Agreement.ABSOLUTE,
                Agreement.RELATIVE,
                OTHER_TIME,
                WITHIN),
            absent -> Optional.empty(),
            SourceExpectations::agree),
        new MadeExpectation(
            "expect_totals_to_reconcile_with",
            "total",
            List.of(
                OTHER,
                Parameter.optional("column", Parameter.Kind.COLUMN),
                Parameter.optional("other_column", Parameter.Kind.COLUMN),
                Parameter.optional("by", Parameter.Kind.NAMES),
                Agreement.ABSOLUTE,
                Agreement.RELATIVE,
                OTHER_TIME,
                WITHIN),
            absent -> Optional.empty(),
            SourceExpectations::totals));
  }

  private static Relation.Other other(Check.Expectation expectation) {
    return new Relation.Other(
        expectation.text("other").orElseThrow(),
        expectation.text("other_event_time"),
        expectation.text("within").map(Parameter::age).orElse(Duration.ZERO));
  }

  private static Map<String, String> on(Check.Expectation expectation, Columns columns)
      throws CheckException {
    Map<String, String> on = new LinkedHashMap<>();
    if (expectation.parameters().get("on") instanceof Map<?, ?> map) {
      map.forEach((here, there) -> on.put(String.valueOf(here), String.valueOf(there)));
    } else {
      RowExpectations.values(expectation, "on")
          .forEach(name -> on.put(String.valueOf(name), String.valueOf(name)));
    }
    for (String here : on.keySet()) {
      columns.type(here);
    }
    return on;
  }

  private static String noKey(Map<String, String> on, Columns columns) throws CheckException {
    List<String> missing = new ArrayList<>();
    for (String column : on.keySet()) {
      missing.add(columns.missing(column));
    }
    return Sql.any(missing);
  }

  private static Measure.Made match(Check.Expectation expectation, Columns columns)
      throws CheckException {
    Map<String, String> on = on(expectation, columns);
    String matches = columns.free("matches");
    return new Measure.Made(
        new Relation.Match(other(expectation), on, Map.of(matches, "count(*)")),
        new Measure.Rows(
            List.copyOf(on.keySet()), noKey(on, columns), Sql.name(matches) + " IS NULL"),
        List.of());
  }

  private static Measure.Made agree(Check.Expectation expectation, Columns columns)
      throws CheckException {
    Map<String, String> on = on(expectation, columns);
    String column = expectation.text("column").orElseThrow();
    boolean numbers = columns.family(column) == Family.NUMBER;
    String there = Sql.name(expectation.text("other_column").orElse(column));
    String cast = numbers ? "nanvl(CAST(" + there + " AS DOUBLE), NULL)" : there;
    String least = columns.free("other_" + column);
    String most = columns.free("other_" + column + "_max");
    Map<String, String> values = new LinkedHashMap<>();
    values.put(least, "min(" + cast + ")");
    values.put(most, "max(" + cast + ")");
    String here = columns.value(column);
    return new Measure.Made(
        new Relation.Match(other(expectation), on, values),
        new Measure.Rows(
            List.of(column, least),
            here + " IS NULL OR " + Sql.name(least) + " IS NULL",
            Agreement.differ(expectation, numbers, here, Sql.name(least))
                + " OR "
                + Agreement.differ(expectation, numbers, here, Sql.name(most))),
        List.of());
  }

  private static Measure.Made totals(Check.Expectation expectation, Columns columns)
      throws CheckException {
    Optional<String> column = expectation.text("column");
    Optional<String> otherColumn = expectation.text("other_column").or(() -> column);
    List<String> by =
        expectation.parameters().containsKey("by")
            ? RowExpectations.values(expectation, "by").stream().map(String::valueOf).toList()
            : List.of();
    for (String name : by) {
      columns.type(name);
    }
    if (column.isPresent()) {
      columns.require(column.get(), "numbers", Family.NUMBER);
    }
    String here = columns.free(column.map(name -> "total_" + name).orElse("rows"));
    String there =
        columns.free(otherColumn.map(name -> "other_total_" + name).orElse("other_rows"));
    List<String> shown = new ArrayList<>(by);
    shown.add(here);
    shown.add(there);
    return new Measure.Made(
        new Relation.Totals(other(expectation), by, here, total(column), there, total(otherColumn)),
        new Measure.Rows(
            shown,
            Measure.NOTHING,
            Agreement.differ(
                expectation,
                true,
                "coalesce(" + Sql.name(here) + ", 0)",
                "coalesce(" + Sql.name(there) + ", 0)")),
        by);
  }

  private static String total(Optional<String> column) {
    return column
        .map(name -> "sum(nanvl(CAST(" + Sql.name(name) + " AS DOUBLE), NULL))")
        .orElse("count(*)");
  }
}
