package dev.telltale.check;

import dev.telltale.check.Columns.Family;
import dev.telltale.check.Measure.Statistic;
import dev.telltale.config.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** Expectations that one number about a column is within bounds. */
final class NumberExpectation implements ExpectationType {
  private static final String COLUMN = "column";

  private final String name;
  private final String what;
  private final Measured measured;
  private final Observed observed;

  /** What has to be measured. */
  private interface Measured {
    Measure of(String column, Columns columns) throws CheckException;
  }

  /** The number of what was measured; empty where there is none. */
  private interface Observed {
    OptionalDouble of(Observation observation);
  }

  private NumberExpectation(String name, String what, Measured measured, Observed observed) {
    this.name = name;
    this.what = what;
    this.measured = measured;
    this.observed = observed;
  }

  static List<ExpectationType> all() {
    List<ExpectationType> all = new ArrayList<>();
    for (Statistic statistic : Statistic.values()) {
      all.add(
          new NumberExpectation(
              "expect_column_" + statistic.name().toLowerCase(Locale.ROOT) + "_to_be_between",
              statistic.name().toLowerCase(Locale.ROOT),
              (column, columns) ->
                  new Measure.Aggregate(column, number(column, columns, statistic), statistic),
              observation -> ((Observation.Figure) observation).value()));
    }
    all.add(
        new NumberExpectation(
            "expect_column_median_to_be_between",
            "median",
            (column, columns) ->
                new Measure.OrderStatistics(
                    column, number(column, columns, Statistic.MEAN), List.of(0.5)),
            observation -> {
              List<Double> values =
                  QuantileExpectation.quantiles(
                      (Observation.Ordered) observation, List.of(0.5), "midpoint");
              return values.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(values.get(0));
            }));
    all.add(
        new NumberExpectation(
            "expect_column_unique_value_count_to_be_between",
            "number of distinct values",
            NumberExpectation::distinct,
            observation ->
                OptionalDouble.of((double) ((Observation.Groups) observation).distinct())));
    all.add(
        new NumberExpectation(
            "expect_column_proportion_of_unique_values_to_be_between",
            "share of distinct values",
            NumberExpectation::distinct,
            observation -> {
              Observation.Groups groups = (Observation.Groups) observation;
              return OptionalDouble.of(
                  groups.values() == 0 ? 0 : (double) groups.distinct() / groups.values());
            }));
    all.add(
        new NumberExpectation(
            "expect_column_proportion_of_non_null_values_to_be_between",
            "share of values that are not missing",
            (column, columns) -> new Measure.Count(columns.missing(column)),
            observation -> {
              Observation.Counted counted = (Observation.Counted) observation;
              return OptionalDouble.of(
                  counted.elements() == 0
                      ? 0
                      : (double) (counted.elements() - counted.missing()) / counted.elements());
            }));
    return List.copyOf(all);
  }

  private static Measure distinct(String column, Columns columns) throws CheckException {
    return DistinctExpectation.measure(column, columns, List.of());
  }

  /** Times count in seconds since 1970: only their smallest and largest make sense. */
  private static String number(String column, Columns columns, Statistic statistic)
      throws CheckException {
    boolean extreme = statistic == Statistic.MIN || statistic == Statistic.MAX;
    if (extreme && columns.family(column) == Family.TIME) {
      return Times.secondsOf(column);
    }
    columns.require(column, extreme ? "numbers and times" : "numbers", Family.NUMBER);
    return "CAST(" + columns.value(column) + " AS DOUBLE)";
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<Parameter> parameters() {
    List<Parameter> all = new ArrayList<>();
    all.add(Parameter.required(COLUMN, Parameter.Kind.COLUMN));
    all.addAll(Bounds.parameters(Parameter.Kind.BOUND));
    return List.copyOf(all);
  }

  @Override
  public Optional<String> contradiction(Check.Expectation expectation) {
    return Bounds.contradiction(expectation);
  }

  @Override
  public Measure measure(Check.Expectation expectation, Columns columns) throws CheckException {
    String column = expectation.text(COLUMN).orElseThrow();
    Measure measure = measured.of(column, columns);
    boolean times = measure instanceof Measure.Aggregate && isTime(columns, column);
    for (String bound : List.of("min_value", "max_value")) {
      Object value = expectation.parameters().get(bound);
      if (value instanceof String text) {
        if (!times) {
          throw new CheckException(
              "The "
                  + what
                  + " of column "
                  + column
                  + " is a number, and "
                  + bound
                  + " is the text '"
                  + text
                  + "'.");
        }
        Times.parse(column, text);
      } else if (value != null && times) {
        throw new CheckException(
            "Column " + column + " holds times, and " + bound + " is the number " + value + ".");
      }
    }
    return measure;
  }

  private static boolean isTime(Columns columns, String column) throws CheckException {
    return columns.family(column) == Family.TIME;
  }

  @Override
  public CheckResult judge(
      Check.Expectation expectation, Columns columns, Observation observation, CheckContext context)
      throws CheckException {
    String column = expectation.text(COLUMN).orElseThrow();
    OptionalDouble value = observed.of(observation);
    if (value.isEmpty()) {
      return CheckResult.observed(
          false, null, "There are too few values for a " + what + " of " + column + ".");
    }
    boolean times = observation instanceof Observation.Figure && isTime(columns, column);
    Object shown = times ? Times.ofSeconds(value.getAsDouble()).toString() : exact(value);
    return CheckResult.observed(
        Bounds.hold(expectation, column, value.getAsDouble()),
        shown,
        "The "
            + what
            + " of "
            + column
            + " is "
            + Words.shown(shown)
            + "; it should be "
            + Bounds.words(expectation)
            + ".");
  }

  /** Infinite values are legal in a column and not in JSON. */
  private static Object exact(OptionalDouble value) {
    return Double.isFinite(value.getAsDouble())
        ? (Object) value.getAsDouble()
        : String.valueOf(value.getAsDouble());
  }
}
