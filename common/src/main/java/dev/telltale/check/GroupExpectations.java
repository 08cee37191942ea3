package dev.telltale.check;

import dev.telltale.check.Columns.Family;
import dev.telltale.config.Check;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Expectations of rows that belong together: near-duplicates that must be answered alike, events
 * that never come alone.
 */
final class GroupExpectations {
  private static final int MOST_DIMENSIONS = 3;

  private GroupExpectations() {}

  static List<ExpectationType> all() {
    List<Parameter> stable =
        new ArrayList<>(
            List.of(
                Parameter.required("column", Parameter.Kind.COLUMN),
                Parameter.required("group", Parameter.Kind.COLUMN)));
    stable.addAll(Agreement.parameters());
    return List.of(
        new MadeExpectation(
            "expect_column_values_to_be_stable_within_group",
            "group",
            stable,
            absent -> Optional.empty(),
            GroupExpectations::stable),
        new MadeExpectation(
            "expect_events_to_have_neighbors",
            "event",
            List.of(
                Parameter.required("position", Parameter.Kind.NAMES),
                Parameter.required("radius", Parameter.Kind.POSITIVE),
                Parameter.optional("geographic", Parameter.Kind.FLAG),
                Parameter.required("time", Parameter.Kind.COLUMN),
                Parameter.required("within", Parameter.Kind.AGE),
                Parameter.optional("min_neighbors", Parameter.Kind.COUNT),
                Parameter.optional("group", Parameter.Kind.COLUMN)),
            GroupExpectations::badPosition,
            GroupExpectations::neighbors));
  }

  private static Measure.Made stable(Check.Expectation expectation, Columns columns)
      throws CheckException {
    String column = expectation.text("column").orElseThrow();
    String group = expectation.text("group").orElseThrow();
    columns.type(group);
    boolean numbers = columns.family(column) == Family.NUMBER;
    columns.require(
        column, "single values", Family.NUMBER, Family.TEXT, Family.TIME, Family.BOOLEAN);
    String value = columns.value(column);
    Map<String, String> values = new LinkedHashMap<>();
    values.put("values", "count(" + value + ")");
    values.put("min_" + column, "min(" + value + ")");
    values.put("max_" + column, "max(" + value + ")");
    String least = Sql.name("min_" + column);
    String most = Sql.name("max_" + column);
    return new Measure.Made(
        new Relation.Groups(group, values),
        new Measure.Rows(
            List.of(group, "min_" + column, "max_" + column),
            "`values` < 2",
            Agreement.differ(expectation, numbers, least, most)),
        List.of(group));
  }

  private static Optional<String> badPosition(Check.Expectation expectation) {
    int dimensions = RowExpectations.values(expectation, "position").size();
    if (Bounds.flag(expectation, "geographic") && dimensions != 2) {
      return Optional.of("is geographic, and its `position` is not [latitude, longitude]");
    }
    return dimensions > MOST_DIMENSIONS
        ? Optional.of("has a `position` of more than three columns")
        : Optional.empty();
  }

  private static Measure.Made neighbors(Check.Expectation expectation, Columns columns)
      throws CheckException {
    List<String> position =
        RowExpectations.values(expectation, "position").stream().map(String::valueOf).toList();
    List<String> values = new ArrayList<>();
    for (String column : position) {
      columns.require(column, "positions", Family.NUMBER);
      values.add("CAST(" + columns.value(column) + " AS DOUBLE)");
    }
    String time = expectation.text("time").orElseThrow();
    columns.require(time, "times", Family.TIME);
    if (expectation.text("group").isPresent()) {
      columns.type(expectation.text("group").get());
    }
    long least = (Long) expectation.parameters().getOrDefault("min_neighbors", 1L);
    String neighbors = columns.free("neighbors");
    List<String> shown = new ArrayList<>(position);
    shown.add(time);
    shown.add(neighbors);
    return new Measure.Made(
        new Relation.Neighbors(
            Bounds.flag(expectation, "geographic") ? onSphere(values) : values,
            ((Number) expectation.parameters().get("radius")).doubleValue(),
            time,
            Parameter.age(expectation.text("within").orElseThrow()),
            expectation.text("group"),
            neighbors,
            least),
        new Measure.Rows(shown, Measure.NOTHING, Sql.name(neighbors) + " < " + least),
        List.of());
  }

  /**
   * Degrees as kilometres from the centre of the earth; the chord of two places is their distance
   * to a millionth up to 30 km.
   */
  private static List<String> onSphere(List<String> degrees) {
    String latitude = "radians(" + degrees.get(0) + ")";
    String longitude = "radians(" + degrees.get(1) + ")";
    String radius = SequenceExpectations.EARTH_KM + "D * ";
    return List.of(
        radius + "cos(" + latitude + ") * cos(" + longitude + ")",
        radius + "cos(" + latitude + ") * sin(" + longitude + ")",
        radius + "sin(" + latitude + ")");
  }
}
