package dev.telltale.check;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What became of an expectation, with the names and rules of Great Expectations.
 *
 * @param success whether it holds; false where it could not be judged
 * @param tooLittle whether there is too little data to judge by, so that {@code success} says
 *     nothing
 * @param observedValue the number, list or mapping that was judged; empty where rows were
 * @param elementCount rows that were looked at
 * @param missingCount rows left out as a value is missing; of a set of distinct values its members
 *     that no row has
 * @param unexpectedCount rows, of distinct values values, that should not be
 * @param unexpectedPercent of the rows that are not missing, 0 to 100
 * @param unexpectedPercentTotal of all rows, 0 to 100
 * @param missingPercent of all rows, 0 to 100
 * @param partialUnexpectedList values of at most {@link #PARTIAL} rows that should not be
 * @param partialUnexpectedIds ids of the same rows; empty where rows have none
 * @param details more, by name; JSON-friendly
 * @param exception why it could not be judged
 * @param because value and limit in one sentence
 */
public record CheckResult(
    boolean success,
    boolean tooLittle,
    Optional<Object> observedValue,
    OptionalLong elementCount,
    OptionalLong missingCount,
    OptionalLong unexpectedCount,
    OptionalDouble unexpectedPercent,
    OptionalDouble unexpectedPercentTotal,
    OptionalDouble missingPercent,
    List<Object> partialUnexpectedList,
    List<String> partialUnexpectedIds,
    Map<String, Object> details,
    Optional<String> exception,
    String because) {
  /** Rows that are shown; as many as Great Expectations shows. */
  public static final int PARTIAL = 20;

  private static final double PERCENT = 100;

  /** Copies the collections, nulls among them. */
  public CheckResult {
    partialUnexpectedList = Collections.unmodifiableList(new ArrayList<>(partialUnexpectedList));
    partialUnexpectedIds = List.copyOf(partialUnexpectedIds);
    details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
  }

  /** Of an expectation that could not be judged. */
  public static CheckResult failed(String exception) {
    return new CheckResult(
        false,
        false,
        Optional.empty(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        List.of(),
        List.of(),
        Map.of(),
        Optional.of(exception),
        "It could not be judged: " + exception);
  }

  /** Of one observed value. */
  static CheckResult observed(boolean success, Object value, String because) {
    return observed(success, value, Map.of(), because);
  }

  /** Of one observed value, with details. */
  static CheckResult observed(
      boolean success, Object value, Map<String, Object> details, String because) {
    return observed(success, false, value, details, because);
  }

  private static CheckResult observed(
      boolean success,
      boolean tooLittle,
      Object value,
      Map<String, Object> details,
      String because) {
    return new CheckResult(
        success,
        tooLittle,
        Optional.ofNullable(value),
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        List.of(),
        List.of(),
        details,
        Optional.empty(),
        because);
  }

  /** Of an observed value that there is nothing to compare with. */
  static CheckResult tooLittle(Object value, String because) {
    return observed(false, true, value, Map.of(), because);
  }

  /** Of different values: how many should not be, and how many are missed. */
  static CheckResult ofSet(
      boolean success,
      OptionalLong unexpected,
      List<Object> someUnexpected,
      OptionalLong missing,
      Map<String, Object> details,
      String because) {
    return new CheckResult(
        success,
        false,
        Optional.empty(),
        OptionalLong.empty(),
        missing,
        unexpected,
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        someUnexpected,
        List.of(),
        details,
        Optional.empty(),
        because);
  }

  /**
   * Of rows. Where no row is left to look at, the expectation holds.
   *
   * @param mostly share of the rows that are not missing that has to be expected
   * @param ofNulls whether it is nulls that are expected or not, so that no row is left out
   */
  static CheckResult ofRows(
      Observation.Counted counted, double mostly, boolean ofNulls, String what) {
    long elements = counted.elements();
    long values = ofNulls ? elements : elements - counted.missing();
    long unexpected = counted.unexpected();
    // Written as Great Expectations does, so that rounding decides the same.
    boolean success = values == 0 || (double) (values - unexpected) / values >= mostly;
    return ofRows(
        counted, success, ofNulls, Map.of(), Words.rows(what, unexpected, values, mostly));
  }

  /** Of rows, judged by a test. */
  static CheckResult ofRows(
      Observation.Counted counted, boolean success, Map<String, Object> details, String because) {
    return ofRows(counted, success, false, details, because);
  }

  private static CheckResult ofRows(
      Observation.Counted counted,
      boolean success,
      boolean ofNulls,
      Map<String, Object> details,
      String because) {
    long elements = counted.elements();
    long values = ofNulls ? elements : elements - counted.missing();
    long unexpected = counted.unexpected();
    return new CheckResult(
        success,
        false,
        Optional.empty(),
        OptionalLong.of(elements),
        ofNulls ? OptionalLong.empty() : OptionalLong.of(counted.missing()),
        OptionalLong.of(unexpected),
        percent(unexpected, values),
        ofNulls ? OptionalDouble.empty() : percent(unexpected, elements),
        ofNulls ? OptionalDouble.empty() : percent(counted.missing(), elements),
        counted.values(),
        counted.ids(),
        details,
        Optional.empty(),
        because);
  }

  private static OptionalDouble percent(long part, long whole) {
    return whole == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) part / whole * PERCENT);
  }
}
