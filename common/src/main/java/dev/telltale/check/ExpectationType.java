package dev.telltale.check;

import dev.telltale.config.Check;
import java.util.List;
import java.util.Optional;

/**
 * A kind of expectation. A new one is an instance of this, or of one of the families, and a line in
 * {@link Expectations}; whoever reads data needs no change as long as the measures suffice.
 */
interface ExpectationType {
  /** Name, as Great Expectations has it where it has the expectation. */
  String name();

  /** What it takes besides mostly, row_condition and severity. */
  List<Parameter> parameters();

  /** Whether {@code mostly} has a meaning. */
  default boolean takesMostly() {
    return false;
  }

  /** Whether {@code row_condition} has a meaning. */
  default boolean takesRowCondition() {
    return true;
  }

  /** How the parameters, each right in itself, contradict each other. */
  default Optional<String> contradiction(Check.Expectation expectation) {
    return Optional.empty();
  }

  /**
   * What has to be measured.
   *
   * @throws CheckException if the table does not have what the expectation is about
   */
  Measure measure(Check.Expectation expectation, Columns columns) throws CheckException;

  /**
   * What follows.
   *
   * @param observation of the kind that {@link #measure} asked for
   * @param context what is known beside the rows
   */
  CheckResult judge(
      Check.Expectation expectation, Columns columns, Observation observation, CheckContext context)
      throws CheckException;
}
