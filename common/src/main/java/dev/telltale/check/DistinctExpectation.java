package dev.telltale.check;

import dev.telltale.config.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Expectations of the set of values that a column has. */
final class DistinctExpectation implements ExpectationType {
  private static final String COLUMN = "column";
  private static final String VALUE_SET = "value_set";

  private final String name;
  private final Way way;

  /** How the values of the column and the set relate. */
  private enum Way {
    IN,
    CONTAIN,
    EQUAL,
    MOST_COMMON
  }

  private DistinctExpectation(String name, Way way) {
    this.name = name;
    this.way = way;
  }

  static List<ExpectationType> all() {
    return List.of(
        new DistinctExpectation("expect_column_distinct_values_to_be_in_set", Way.IN),
        new DistinctExpectation("expect_column_distinct_values_to_contain_set", Way.CONTAIN),
        new DistinctExpectation("expect_column_distinct_values_to_equal_set", Way.EQUAL),
        new DistinctExpectation("expect_column_most_common_value_to_be_in_set", Way.MOST_COMMON));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<Parameter> parameters() {
    List<Parameter> all = new ArrayList<>();
    all.add(Parameter.required(COLUMN, Parameter.Kind.COLUMN));
    all.add(Parameter.required(VALUE_SET, Parameter.Kind.VALUES));
    if (way == Way.MOST_COMMON) {
      all.add(Parameter.optional("ties_okay", Parameter.Kind.FLAG));
    }
    return List.copyOf(all);
  }

  private static List<?> set(Check.Expectation expectation) {
    return RowExpectations.values(expectation, VALUE_SET);
  }

  @Override
  public Measure measure(Check.Expectation expectation, Columns columns) throws CheckException {
    return measure(expectation.text(COLUMN).orElseThrow(), columns, set(expectation));
  }

  static Measure measure(String column, Columns columns, List<?> set) throws CheckException {
    columns.require(
        column,
        "numbers, text, times and truth values",
        Columns.Family.NUMBER,
        Columns.Family.TEXT,
        Columns.Family.TIME,
        Columns.Family.BOOLEAN);
    List<String> literals = new ArrayList<>();
    for (Object member : set) {
      literals.add("CAST(" + columns.literal(column, member) + " AS " + columns.type(column) + ")");
    }
    String member =
        literals.isEmpty()
            ? "0"
            : "coalesce(array_position(array("
                + String.join(", ", literals)
                + "), "
                + columns.value(column)
                + "), 0)";
    return new Measure.Distinct(column, columns.value(column), member, literals.size());
  }

  @Override
  public CheckResult judge(
      Check.Expectation expectation,
      Columns columns,
      Observation observation,
      CheckContext context) {
    Observation.Groups groups = (Observation.Groups) observation;
    List<?> set = set(expectation);
    String column = expectation.text(COLUMN).orElseThrow();
    if (way == Way.MOST_COMMON) {
      return mostCommon(expectation, groups, column);
    }
    // A value that the set names twice is found at its first place; null is no value.
    List<Object> absent = new ArrayList<>();
    for (int place : groups.absent()) {
      Object value = set.get(place - 1);
      if (value != null && set.indexOf(value) == place - 1) {
        absent.add(value);
      }
    }
    boolean outside = way != Way.CONTAIN && groups.outside() > 0;
    boolean lacking = way != Way.IN && !absent.isEmpty();
    List<String> words = new ArrayList<>();
    if (way != Way.CONTAIN) {
      words.add(
          groups.outside()
              + " of "
              + groups.distinct()
              + " values of "
              + column
              + " are not in the set");
    }
    if (way != Way.IN) {
      words.add(absent.size() + " of the set are not in " + column);
    }
    List<Object> some = absent.subList(0, Math.min(CheckResult.PARTIAL, absent.size()));
    return CheckResult.ofSet(
        !outside && !lacking,
        way == Way.CONTAIN ? OptionalLong.empty() : OptionalLong.of(groups.outside()),
        way == Way.CONTAIN ? List.of() : groups.someOutside(),
        way == Way.IN ? OptionalLong.empty() : OptionalLong.of(absent.size()),
        way == Way.IN ? Map.of() : Map.of("partial_missing_list", List.copyOf(some)),
        String.join("; ", words) + ".");
  }

  private static CheckResult mostCommon(
      Check.Expectation expectation, Observation.Groups groups, String column) {
    List<Object> common = groups.mostCommon();
    long inSet =
        common.stream()
            .filter(value -> set(expectation).stream().anyMatch(one -> same(one, value)))
            .count();
    boolean ties = Bounds.flag(expectation, "ties_okay");
    boolean success = ties ? inSet > 0 : common.size() == 1 && inSet == 1;
    return CheckResult.observed(
        success,
        common,
        "Most rows have "
            + common
            + " in "
            + column
            + (success ? ", which is in the set." : ", which is not what the set says."));
  }

  private static boolean same(Object member, Object value) {
    if (member instanceof Number one && value instanceof Number other) {
      return one.doubleValue() == other.doubleValue();
    }
    return member != null && String.valueOf(member).equals(String.valueOf(value));
  }
}
