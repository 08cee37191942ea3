package dev.telltale.check;

import dev.telltale.config.Check;
import java.util.List;
import java.util.Optional;

/** The parameters min_value, max_value, strict_min and strict_max. */
final class Bounds {
  private Bounds() {}

  static List<Parameter> parameters(Parameter.Kind kind) {
    return List.of(
        Parameter.optional("min_value", kind),
        Parameter.optional("max_value", kind),
        Parameter.optional("strict_min", Parameter.Kind.FLAG),
        Parameter.optional("strict_max", Parameter.Kind.FLAG));
  }

  static Optional<String> contradiction(Check.Expectation expectation) {
    Object least = expectation.parameters().get("min_value");
    Object most = expectation.parameters().get("max_value");
    if (least == null && most == null) {
      return Optional.of("has neither `min_value` nor `max_value`, so that it expects nothing");
    }
    if (least instanceof Number low && most instanceof Number high) {
      int order = Double.compare(low.doubleValue(), high.doubleValue());
      boolean strict = flag(expectation, "strict_min") || flag(expectation, "strict_max");
      if (order > 0 || (order == 0 && strict)) {
        return Optional.of(
            "has the `min_value` "
                + least
                + " and the `max_value` "
                + most
                + ", between which nothing is");
      }
    }
    boolean mixed =
        least != null && most != null && least instanceof String != most instanceof String;
    return mixed
        ? Optional.of(
            "has a `min_value` and a `max_value` of which one is text, the other a number")
        : Optional.empty();
  }

  static boolean flag(Check.Expectation expectation, String name) {
    return Boolean.TRUE.equals(expectation.parameters().get(name));
  }

  /** Whether a number is within the bounds; the bounds of times are in seconds since 1970. */
  static boolean hold(Check.Expectation expectation, String column, double value)
      throws CheckException {
    Object least = expectation.parameters().get("min_value");
    Object most = expectation.parameters().get("max_value");
    boolean above =
        least == null
            || (flag(expectation, "strict_min")
                ? value > number(column, least)
                : value >= number(column, least));
    boolean below =
        most == null
            || (flag(expectation, "strict_max")
                ? value < number(column, most)
                : value <= number(column, most));
    return above && below;
  }

  private static double number(String column, Object bound) throws CheckException {
    return bound instanceof Number number
        ? number.doubleValue()
        : Times.seconds(Times.parse(column, (String) bound));
  }

  /** SQL condition: a value is within the bounds. */
  static String sql(Check.Expectation expectation, String value, SqlLiteral literal)
      throws CheckException {
    Object least = expectation.parameters().get("min_value");
    Object most = expectation.parameters().get("max_value");
    StringBuilder sql = new StringBuilder();
    if (least != null) {
      sql.append(value)
          .append(flag(expectation, "strict_min") ? " > " : " >= ")
          .append(literal.of(least));
    }
    if (most != null) {
      sql.append(sql.isEmpty() ? "" : " AND ")
          .append(value)
          .append(flag(expectation, "strict_max") ? " < " : " <= ")
          .append(literal.of(most));
    }
    return sql.toString();
  }

  /** How a bound is written. */
  interface SqlLiteral {
    String of(Object value) throws CheckException;
  }

  /** The bounds in words. */
  static String words(Check.Expectation expectation) {
    Object least = expectation.parameters().get("min_value");
    Object most = expectation.parameters().get("max_value");
    String above = flag(expectation, "strict_min") ? "more than " : "at least ";
    String below = flag(expectation, "strict_max") ? "less than " : "at most ";
    String low = least == null ? "" : above + Words.shown(least);
    String high = most == null ? "" : below + Words.shown(most);
    return low.isEmpty() || high.isEmpty() ? low + high : low + " and " + high;
  }
}
