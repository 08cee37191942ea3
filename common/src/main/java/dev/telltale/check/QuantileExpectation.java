package dev.telltale.check;

import dev.telltale.config.Check;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code expect_column_quantile_values_to_be_between}. A quantile that falls between two values is
 * told as {@code allow_relative_error} says, the nearest by default, as Great Expectations does on
 * pandas; a value within a ten-thousandth of a bound holds, as there.
 */
final class QuantileExpectation implements ExpectationType {
  private static final double CLOSE = 1e-4;

  @Override
  public String name() {
    return "expect_column_quantile_values_to_be_between";
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(
        Parameter.required("column", Parameter.Kind.COLUMN),
        Parameter.required("quantile_ranges", Parameter.Kind.QUANTILES),
        Parameter.optional("allow_relative_error", Parameter.Kind.INTERPOLATION));
  }

  @Override
  public Measure measure(Check.Expectation expectation, Columns columns) throws CheckException {
    String column = expectation.text("column").orElseThrow();
    columns.require(column, "numbers", Columns.Family.NUMBER);
    return new Measure.OrderStatistics(
        column, "CAST(" + columns.value(column) + " AS DOUBLE)", probabilities(expectation));
  }

  private static Map<?, ?> ranges(Check.Expectation expectation) {
    return (Map<?, ?>) expectation.parameters().get("quantile_ranges");
  }

  private static List<Double> probabilities(Check.Expectation expectation) {
    return ((List<?>) ranges(expectation).get("quantiles"))
        .stream().map(one -> ((Number) one).doubleValue()).toList();
  }

  @Override
  public CheckResult judge(
      Check.Expectation expectation,
      Columns columns,
      Observation observation,
      CheckContext context) {
    List<Double> probabilities = probabilities(expectation);
    String way =
        expectation
            .text("allow_relative_error")
            .filter(text -> !text.equals("false"))
            .orElse("nearest");
    List<Double> values = quantiles((Observation.Ordered) observation, probabilities, way);
    List<?> wanted = (List<?>) ranges(expectation).get("value_ranges");
    List<Boolean> holds = new ArrayList<>();
    List<String> outside = new ArrayList<>();
    for (int i = 0; i < probabilities.size(); i++) {
      List<?> range = (List<?>) wanted.get(i);
      boolean inside = !values.isEmpty() && inside(values.get(i), range);
      holds.add(inside);
      if (!inside && !values.isEmpty()) {
        outside.add(
            "the quantile "
                + probabilities.get(i)
                + " is "
                + Words.shown(values.get(i))
                + " and should be in "
                + range);
      }
    }
    boolean success = holds.stream().allMatch(one -> one);
    String because =
        values.isEmpty()
            ? "There are no values."
            : success
                ? "All quantiles are in their ranges."
                : "Of "
                    + expectation.text("column").orElseThrow()
                    + " "
                    + String.join("; ", outside)
                    + ".";
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("quantiles", probabilities);
    shown.put("values", values);
    return CheckResult.observed(success, shown, Map.of("success_details", holds), because);
  }

  private static boolean inside(double value, List<?> range) {
    double low = range.get(0) == null ? Double.NEGATIVE_INFINITY : number(range.get(0));
    double high = range.get(1) == null ? Double.POSITIVE_INFINITY : number(range.get(1));
    return (low <= value && value <= high) || isClose(value, low) || isClose(value, high);
  }

  private static double number(Object value) {
    return ((Number) value).doubleValue();
  }

  /** Relative to the bound, as NumPy's isclose. */
  private static boolean isClose(double value, double bound) {
    return Double.isFinite(bound) && Math.abs(value - bound) <= 1e-8 + CLOSE * Math.abs(bound);
  }

  /** Quantiles, by NumPy's methods of the same names; none of no values. */
  static List<Double> quantiles(
      Observation.Ordered ordered, List<Double> probabilities, String way) {
    List<Double> quantiles = new ArrayList<>();
    if (ordered.values() == 0) {
      return quantiles;
    }
    for (int i = 0; i < probabilities.size(); i++) {
      double place = probabilities.get(i) * (ordered.values() - 1);
      double part = place - Math.floor(place);
      double below = ordered.below().get(i);
      double above = ordered.above().get(i);
      quantiles.add(
          switch (way) {
            case "lower" -> below;
            case "higher" -> part == 0 ? below : above;
            case "midpoint" -> part == 0 ? below : below + (above - below) * 0.5;
            case "linear" ->
                part < 0.5 ? below + (above - below) * part : above - (above - below) * (1 - part);
            default -> Math.rint(place) == Math.floor(place) ? below : above;
          });
    }
    return quantiles;
  }
}
