package dev.telltale.check;

import dev.telltale.config.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Expectations of each row: of one column, of a pair, or of several. */
final class RowExpectation implements ExpectationType {
  private static final String COLUMN = "column";
  private static final String IGNORE = "ignore_row_if";

  private final String name;
  private final List<Parameter> parameters;
  private final Shape shape;
  private final Condition unexpected;
  private final Function<Check.Expectation, Optional<String>> contradiction;

  /** Which columns an expectation is of, and which rows count as missing. */
  enum Shape {
    COLUMN,
    /** Of one column, and it is nulls that are expected or not. */
    NULLS,
    PAIR,
    SEVERAL,
    /** Of the columns that a condition mentions; where it is unknown, a value is missing. */
    CONDITION
  }

  /** SQL condition of the rows that should not be, among those that are not missing. */
  interface Condition {
    String sql(Check.Expectation expectation, Columns columns) throws CheckException;
  }

  private RowExpectation(
      String name,
      Shape shape,
      List<Parameter> own,
      Function<Check.Expectation, Optional<String>> contradiction,
      Condition unexpected) {
    this.name = name;
    this.shape = shape;
    this.contradiction = contradiction;
    this.unexpected = unexpected;
    List<Parameter> all = new ArrayList<>();
    switch (shape) {
      case COLUMN, NULLS -> all.add(Parameter.required(COLUMN, Parameter.Kind.COLUMN));
      case PAIR -> {
        all.add(Parameter.required("column_A", Parameter.Kind.COLUMN));
        all.add(Parameter.required("column_B", Parameter.Kind.COLUMN));
        all.add(Parameter.optional(IGNORE, Parameter.Kind.IGNORE_PAIR));
      }
      case CONDITION -> {
        // Has no column of its own.
      }
      case SEVERAL -> {
        all.add(Parameter.required("column_list", Parameter.Kind.COLUMNS));
        all.add(Parameter.optional(IGNORE, Parameter.Kind.IGNORE_ANY));
      }
    }
    all.addAll(own);
    this.parameters = List.copyOf(all);
  }

  static RowExpectation of(String name, Shape shape, List<Parameter> own, Condition unexpected) {
    return new RowExpectation(name, shape, own, absent -> Optional.empty(), unexpected);
  }

  /** With min_value, max_value, strict_min and strict_max. */
  static RowExpectation bounded(String name, Parameter.Kind bound, Condition unexpected) {
    return new RowExpectation(
        name, Shape.COLUMN, Bounds.parameters(bound), Bounds::contradiction, unexpected);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<Parameter> parameters() {
    return parameters;
  }

  @Override
  public boolean takesMostly() {
    return true;
  }

  @Override
  public Optional<String> contradiction(Check.Expectation expectation) {
    return contradiction.apply(expectation);
  }

  @Override
  public Measure measure(Check.Expectation expectation, Columns columns) throws CheckException {
    if (shape == Shape.CONDITION) {
      String condition = expectation.text("condition").orElseThrow();
      return new Measure.Rows(
          columns.mentioned(condition),
          "(" + condition + ") IS NULL",
          unexpected.sql(expectation, columns));
    }
    List<String> about = columns(expectation);
    return new Measure.Rows(
        about,
        shape == Shape.NULLS ? Measure.NOTHING : ignored(expectation, columns, about),
        unexpected.sql(expectation, columns));
  }

  @Override
  public CheckResult judge(
      Check.Expectation expectation,
      Columns columns,
      Observation observation,
      CheckContext context) {
    String what = shape == Shape.COLUMN ? "value" : "row";
    return CheckResult.ofRows(
        (Observation.Counted) observation, expectation.mostly(), shape == Shape.NULLS, what);
  }

  static List<String> columns(Check.Expectation expectation) {
    Map<String, Object> given = expectation.parameters();
    if (given.get("column_list") instanceof List<?> list) {
      return list.stream().map(String::valueOf).toList();
    }
    return given.containsKey("column_A")
        ? List.of(String.valueOf(given.get("column_A")), String.valueOf(given.get("column_B")))
        : List.of(String.valueOf(given.get(COLUMN)));
  }

  /** SQL condition of the rows that count as missing. */
  static String ignored(Check.Expectation expectation, Columns columns, List<String> about)
      throws CheckException {
    List<String> missing = new ArrayList<>();
    for (String column : about) {
      missing.add(columns.missing(column));
    }
    return switch (expectation.text(IGNORE).orElse("all_values_are_missing")) {
      case "never", "neither" -> Measure.NOTHING;
      case "any_value_is_missing", "either_value_is_missing" -> Sql.any(missing);
      default -> Sql.all(missing);
    };
  }
}
