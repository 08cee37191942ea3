package dev.telltale.check;

import dev.telltale.config.Check;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** An expectation of rows that are made from those of the table; see {@link Relation}. */
final class MadeExpectation implements ExpectationType {
  private final String name;
  private final String what;
  private final List<Parameter> parameters;
  private final Function<Check.Expectation, Optional<String>> contradiction;
  private final Made made;

  /** What has to be measured. */
  interface Made {
    Measure.Made of(Check.Expectation expectation, Columns columns) throws CheckException;
  }

  /**
   * A type.
   *
   * @param what what a row is called
   */
  MadeExpectation(
      String name,
      String what,
      List<Parameter> parameters,
      Function<Check.Expectation, Optional<String>> contradiction,
      Made made) {
    this.name = name;
    this.what = what;
    this.parameters = List.copyOf(parameters);
    this.contradiction = contradiction;
    this.made = made;
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
    return made.of(expectation, columns);
  }

  @Override
  public CheckResult judge(
      Check.Expectation expectation,
      Columns columns,
      Observation observation,
      CheckContext context) {
    return CheckResult.ofRows((Observation.Counted) observation, expectation.mostly(), false, what);
  }
}
