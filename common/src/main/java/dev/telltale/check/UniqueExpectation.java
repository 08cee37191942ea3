package dev.telltale.check;

import dev.telltale.config.Check;
import java.util.List;

/** Expectations that rows differ in some columns: every row of a repeated value is unexpected. */
final class UniqueExpectation implements ExpectationType {
  private final String name;
  private final List<Parameter> parameters;

  private UniqueExpectation(String name, List<Parameter> parameters) {
    this.name = name;
    this.parameters = parameters;
  }

  static List<ExpectationType> all() {
    return List.of(
        new UniqueExpectation(
            "expect_column_values_to_be_unique",
            List.of(Parameter.required("column", Parameter.Kind.COLUMN))),
        new UniqueExpectation(
            "expect_compound_columns_to_be_unique",
            List.of(
                Parameter.required("column_list", Parameter.Kind.COLUMNS),
                Parameter.optional("ignore_row_if", Parameter.Kind.IGNORE_ANY))));
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
  public Measure measure(Check.Expectation expectation, Columns columns) throws CheckException {
    List<String> about = RowExpectation.columns(expectation);
    for (String column : about) {
      columns.require(
          column,
          "numbers, text, times and truth values",
          Columns.Family.NUMBER,
          Columns.Family.TEXT,
          Columns.Family.TIME,
          Columns.Family.BOOLEAN);
    }
    return new Measure.Repeated(about, RowExpectation.ignored(expectation, columns, about));
  }

  @Override
  public CheckResult judge(
      Check.Expectation expectation,
      Columns columns,
      Observation observation,
      CheckContext context) {
    return CheckResult.ofRows(
        (Observation.Counted) observation, expectation.mostly(), false, "row");
  }
}
