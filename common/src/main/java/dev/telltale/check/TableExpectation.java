package dev.telltale.check;

import dev.telltale.config.Check;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Expectations of a table: its rows, its columns, their types and its age. */
final class TableExpectation implements ExpectationType {
  private static final Measure STRUCTURE = new Measure.Structure();
  private static final Measure ROWS = new Measure.Count(Measure.NOTHING);

  private final String name;
  private final List<Parameter> parameters;

  /** Empty of what needs no rows. */
  private final Optional<Measured> measured;

  private final Judged judged;

  /** What has to be measured. */
  private interface Measured {
    Measure of(Check.Expectation expectation, Columns columns) throws CheckException;
  }

  /** What follows. */
  private interface Judged {
    CheckResult of(
        Check.Expectation expectation,
        Columns columns,
        Observation observation,
        CheckContext context)
        throws CheckException;
  }

  private TableExpectation(
      String name, List<Parameter> parameters, Optional<Measured> measured, Judged judged) {
    this.name = name;
    this.parameters = parameters;
    this.measured = measured;
    this.judged = judged;
  }

  static List<ExpectationType> all() {
    Parameter column = Parameter.required("column", Parameter.Kind.COLUMN);
    Parameter value = Parameter.required("value", Parameter.Kind.COUNT);
    return List.of(
        new TableExpectation(
            "expect_table_row_count_to_be_between",
            Bounds.parameters(Parameter.Kind.COUNT),
            Optional.of((expectation, columns) -> ROWS),
            (expectation, columns, observation, context) ->
                between(expectation, rows(observation), "rows")),
        new TableExpectation(
            "expect_table_row_count_to_equal",
            List.of(value),
            Optional.of((expectation, columns) -> ROWS),
            (expectation, columns, observation, context) ->
                equal(expectation, rows(observation), "rows")),
        structural(
            "expect_table_column_count_to_be_between",
            Bounds.parameters(Parameter.Kind.COUNT),
            (expectation, columns, observation, context) ->
                between(expectation, columns.names().size(), "columns")),
        structural(
            "expect_table_column_count_to_equal",
            List.of(value),
            (expectation, columns, observation, context) ->
                equal(expectation, columns.names().size(), "columns")),
        structural(
            "expect_table_columns_to_match_set",
            List.of(
                Parameter.required("column_set", Parameter.Kind.NAMES),
                Parameter.optional("exact_match", Parameter.Kind.FLAG)),
            TableExpectation::matchSet),
        structural(
            "expect_table_columns_to_match_ordered_list",
            List.of(Parameter.required("column_list", Parameter.Kind.NAMES)),
            TableExpectation::matchList),
        structural(
            "expect_column_to_exist",
            List.of(column, Parameter.optional("column_index", Parameter.Kind.COUNT)),
            TableExpectation::exists),
        structural(
            "expect_column_values_to_be_of_type",
            List.of(column, Parameter.required("type_", Parameter.Kind.TEXT)),
            (expectation, columns, observation, context) ->
                ofType(expectation, columns, List.of(expectation.text("type_").orElseThrow()))),
        structural(
            "expect_column_values_to_be_in_type_list",
            List.of(column, Parameter.required("type_list", Parameter.Kind.NAMES)),
            (expectation, columns, observation, context) ->
                ofType(expectation, columns, RowExpectations.values(expectation, "type_list"))),
        new TableExpectation(
            "expect_table_to_be_fresh",
            List.of(column, Parameter.required("max_age", Parameter.Kind.AGE)),
            Optional.of(
                (expectation, columns) -> {
                  String time = expectation.text("column").orElseThrow();
                  columns.require(time, "times", Columns.Family.TIME);
                  return new Measure.Aggregate(time, Times.secondsOf(time), Measure.Statistic.MAX);
                }),
            TableExpectation::fresh));
  }

  private static TableExpectation structural(
      String name, List<Parameter> parameters, Judged judged) {
    return new TableExpectation(name, parameters, Optional.empty(), judged);
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
  public boolean takesRowCondition() {
    return measured.isPresent();
  }

  @Override
  public Optional<String> contradiction(Check.Expectation expectation) {
    boolean bounded = parameters.stream().anyMatch(one -> one.name().equals("min_value"));
    return bounded ? Bounds.contradiction(expectation) : Optional.empty();
  }

  @Override
  public Measure measure(Check.Expectation expectation, Columns columns) throws CheckException {
    return measured.isPresent() ? measured.get().of(expectation, columns) : STRUCTURE;
  }

  @Override
  public CheckResult judge(
      Check.Expectation expectation, Columns columns, Observation observation, CheckContext context)
      throws CheckException {
    return judged.of(expectation, columns, observation, context);
  }

  private static long rows(Observation observation) {
    return ((Observation.Counted) observation).elements();
  }

  private static CheckResult between(Check.Expectation expectation, long count, String what)
      throws CheckException {
    return CheckResult.observed(
        Bounds.hold(expectation, what, (double) count),
        count,
        String.format(
            Locale.ROOT,
            "There are %,d %s; there should be %s.",
            count,
            what,
            Bounds.words(expectation)));
  }

  private static CheckResult equal(Check.Expectation expectation, long count, String what) {
    long wanted = (Long) expectation.parameters().get("value");
    return CheckResult.observed(
        count == wanted,
        count,
        String.format(Locale.ROOT, "There are %,d %s; there should be %,d.", count, what, wanted));
  }

  private static CheckResult matchSet(
      Check.Expectation expectation,
      Columns columns,
      Observation observation,
      CheckContext context) {
    List<?> wanted = RowExpectations.values(expectation, "column_set");
    List<String> missing =
        wanted.stream()
            .map(String::valueOf)
            .filter(name -> !columns.has(name))
            .distinct()
            .sorted()
            .toList();
    List<String> unexpected =
        columns.names().stream().filter(name -> !wanted.contains(name)).sorted().toList();
    boolean exact = !Boolean.FALSE.equals(expectation.parameters().get("exact_match"));
    Map<String, Object> mismatched = new LinkedHashMap<>();
    if (!unexpected.isEmpty()) {
      mismatched.put("unexpected", unexpected);
    }
    if (!missing.isEmpty()) {
      mismatched.put("missing", missing);
    }
    return CheckResult.observed(
        missing.isEmpty() && (unexpected.isEmpty() || !exact),
        columns.names().stream().sorted().toList(),
        mismatched.isEmpty() ? Map.of() : Map.of("mismatched", mismatched),
        "Of the set "
            + (missing.isEmpty() ? "all columns are there" : missing + " are missing")
            + (unexpected.isEmpty() ? "." : "; beyond it there are " + unexpected + "."));
  }

  private static CheckResult matchList(
      Check.Expectation expectation,
      Columns columns,
      Observation observation,
      CheckContext context) {
    List<?> wanted = RowExpectations.values(expectation, "column_list");
    List<String> found = columns.names();
    List<Map<String, Object>> mismatched = new ArrayList<>();
    for (int i = 0; i < Math.max(wanted.size(), found.size()); i++) {
      Object expected = i < wanted.size() ? wanted.get(i) : null;
      String actual = i < found.size() ? found.get(i) : null;
      if (expected == null || !expected.equals(actual)) {
        Map<String, Object> place = new LinkedHashMap<>();
        place.put("Expected Column Position", i);
        place.put("Expected", expected);
        place.put("Found", actual);
        mismatched.add(place);
      }
    }
    return CheckResult.observed(
        mismatched.isEmpty(),
        found,
        mismatched.isEmpty() ? Map.of() : Map.of("mismatched", mismatched),
        mismatched.isEmpty()
            ? "The columns are those of the list, in its order."
            : "At place "
                + mismatched.get(0).get("Expected Column Position")
                + " the column "
                + mismatched.get(0).get("Found")
                + " is found where "
                + mismatched.get(0).get("Expected")
                + " should be.");
  }

  private static CheckResult exists(
      Check.Expectation expectation,
      Columns columns,
      Observation observation,
      CheckContext context) {
    String column = expectation.text("column").orElseThrow();
    Object place = expectation.parameters().get("column_index");
    int found = columns.names().indexOf(column);
    // Great Expectations takes place 0 for none.
    boolean anywhere = place == null || (Long) place == 0;
    boolean success = found >= 0 && (anywhere || found == (Long) place);
    return CheckResult.observed(
        success,
        null,
        found < 0
            ? "There is no column " + column + "."
            : "Column " + column + " is at place " + found + ".");
  }

  private static CheckResult ofType(Check.Expectation expectation, Columns columns, List<?> allowed)
      throws CheckException {
    String column = expectation.text("column").orElseThrow();
    String type = columns.type(column);
    boolean success = allowed.stream().anyMatch(one -> SparkTypes.same(type, String.valueOf(one)));
    return CheckResult.observed(
        success,
        SparkTypes.className(type),
        "Column "
            + column
            + " is of type "
            + type
            + "; it should be "
            + String.join(" or ", allowed.stream().map(String::valueOf).toList())
            + ".");
  }

  private static CheckResult fresh(
      Check.Expectation expectation,
      Columns columns,
      Observation observation,
      CheckContext context) {
    OptionalDouble newest = ((Observation.Figure) observation).value();
    String column = expectation.text("column").orElseThrow();
    String limit = expectation.text("max_age").orElseThrow();
    if (newest.isEmpty()) {
      return CheckResult.observed(false, null, "Column " + column + " has no time at all.");
    }
    Instant last = Times.ofSeconds(newest.getAsDouble());
    Duration age = Duration.between(last, context.end());
    return CheckResult.observed(
        age.compareTo(Parameter.age(limit)) <= 0,
        last.toString(),
        "The newest "
            + column
            + " is "
            + last
            + ", of "
            + context.end()
            + " it should be at most "
            + limit
            + " away.");
  }
}
