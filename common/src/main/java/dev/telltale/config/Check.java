package dev.telltale.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is expected of one table.
 *
 * @param table Delta path, absolute or relative to the lake, or catalog name; empty = the telemetry
 * @param eventTime timestamp column: rows of the window are checked; empty = of the telemetry its
 *     own, of any other table all rows are checked
 * @param id columns that name a row in the sample of offending rows; empty = of the telemetry its
 *     id, else none
 * @param expectations at least one
 */
public record Check(
    Optional<String> table,
    Optional<String> eventTime,
    List<String> id,
    List<Expectation> expectations) {
  /** Copies the lists. */
  public Check {
    id = List.copyOf(id);
    expectations = List.copyOf(expectations);
  }

  /**
   * One expectation, as Great Expectations names it and its parameters.
   *
   * @param expectation name, such as {@code expect_column_values_to_be_between}
   * @param parameters by name, in the order given: text, numbers, truth values, lists of these,
   *     null, and mappings of text to these
   * @param mostly share of the rows for which it has to hold, 0 to 1
   * @param rowCondition SQL condition; only rows for which it is true are looked at
   * @param severity of the finding when it fails: INFO, WARNING or CRITICAL
   */
  public record Expectation(
      String expectation,
      Map<String, Object> parameters,
      double mostly,
      Optional<String> rowCondition,
      String severity) {
    /** Copies the parameters, nulls among them. */
    public Expectation {
      parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    /** A parameter that is text; empty where it is not given. */
    public Optional<String> text(String name) {
      return Optional.ofNullable(parameters.get(name)).map(String::valueOf);
    }
  }
}
