package dev.telltale.check;

import dev.telltale.check.Columns.Family;
import dev.telltale.config.Check;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Expectations of rows beside the row before them of the same entity: counters, rates of change,
 * movements, values that flicker. A row without a value, an entity or a time, and the first of an
 * entity, count as missing or are left out; the row before is looked for up to {@code lookback}
 * before the window.
 */
final class SequenceExpectations {
  /** Mean radius of the earth in kilometres (IUGG). */
  static final double EARTH_KM = 6371.0088;

  private static final String LOOKBACK = "1 hour";
  private static final double MICROS = 1e6;
  private static final double SECONDS_PER_HOUR = 3600;
  private static final Parameter COLUMN = Parameter.required("column", Parameter.Kind.COLUMN);
  private static final Parameter TIME = Parameter.required("time", Parameter.Kind.COLUMN);
  private static final Parameter ENTITY = Parameter.optional("entity", Parameter.Kind.COLUMN);
  private static final Parameter BEFORE = Parameter.optional("lookback", Parameter.Kind.AGE);

  private SequenceExpectations() {}

  static List<ExpectationType> all() {
    return List.of(
        monotonic("expect_column_values_to_be_increasing", "<"),
        monotonic("expect_column_values_to_be_decreasing", ">"),
        new MadeExpectation(
            "expect_column_change_rate_to_be_between",
            "value",
            List.of(
                COLUMN,
                TIME,
                ENTITY,
                Parameter.required("per", Parameter.Kind.AGE),
                Parameter.optional("min_value", Parameter.Kind.NUMBER),
                Parameter.optional("max_value", Parameter.Kind.NUMBER),
                BEFORE),
            Bounds::contradiction,
            SequenceExpectations::changeRate),
        new MadeExpectation(
            "expect_movement_to_be_within",
            "row",
            List.of(
                Parameter.required("latitude", Parameter.Kind.COLUMN),
                Parameter.required("longitude", Parameter.Kind.COLUMN),
                TIME,
                ENTITY,
                Parameter.optional("max_speed_kmh", Parameter.Kind.POSITIVE),
                Parameter.optional("max_distance_km", Parameter.Kind.POSITIVE),
                BEFORE),
            SequenceExpectations::unlimited,
            SequenceExpectations::movement),
        new MadeExpectation(
            "expect_column_values_to_not_flicker",
            "value",
            List.of(
                COLUMN,
                TIME,
                ENTITY,
                Parameter.required("max_changes", Parameter.Kind.COUNT),
                Parameter.required("within", Parameter.Kind.AGE)),
            absent -> Optional.empty(),
            SequenceExpectations::flicker));
  }

  private static MadeExpectation monotonic(String name, String wrongWay) {
    return new MadeExpectation(
        name,
        "value",
        List.of(
            COLUMN,
            TIME,
            ENTITY,
            Parameter.optional("strictly", Parameter.Kind.FLAG),
            Parameter.optional("reset_value", Parameter.Kind.NUMBER),
            BEFORE),
        absent -> Optional.empty(),
        (expectation, columns) -> {
          String column = expectation.text("column").orElseThrow();
          columns.require(column, "numbers and times", Family.NUMBER, Family.TIME);
          String previous = columns.free("previous_" + column);
          String value = columns.value(column);
          String before = Sql.name(previous);
          String equal = Bounds.flag(expectation, "strictly") ? "=" : "";
          String wrong = value + " " + wrongWay + equal + " " + before;
          Object reset = expectation.parameters().get("reset_value");
          return made(
              expectation,
              columns,
              Map.of(previous, lag(value)),
              List.of(),
              new Measure.Rows(
                  List.of(column, previous),
                  missing(value, before),
                  reset == null
                      ? wrong
                      : wrong + " AND " + value + " != " + columns.literal(column, reset)));
        });
  }

  private static Measure.Made changeRate(Check.Expectation expectation, Columns columns)
      throws CheckException {
    String column = expectation.text("column").orElseThrow();
    columns.require(column, "numbers", Family.NUMBER);
    String value = "CAST(" + columns.value(column) + " AS DOUBLE)";
    String previous = columns.free("previous_" + column);
    String rate = columns.free("change_rate");
    String since = columns.free("seconds_since");
    double per = Parameter.age(expectation.text("per").orElseThrow()).toSeconds();
    Map<String, String> first = new LinkedHashMap<>();
    first.put(previous, lag(value));
    first.put(since, secondsSince(expectation, value));
    String change = "(" + value + " - " + Sql.name(previous) + ")";
    return made(
        expectation,
        columns,
        first,
        List.of(Map.of(rate, perSecond(change, Sql.name(since)) + " * " + number(per))),
        new Measure.Rows(
            List.of(column, previous, since, rate),
            missing(value, Sql.name(previous)),
            Sql.not(Bounds.sql(expectation, Sql.name(rate), String::valueOf))));
  }

  private static Optional<String> unlimited(Check.Expectation expectation) {
    return expectation.parameters().containsKey("max_speed_kmh")
            || expectation.parameters().containsKey("max_distance_km")
        ? Optional.empty()
        : Optional.of(
            "has neither `max_speed_kmh` nor `max_distance_km`, so that it expects nothing");
  }

  private static Measure.Made movement(Check.Expectation expectation, Columns columns)
      throws CheckException {
    String latitude = expectation.text("latitude").orElseThrow();
    String longitude = expectation.text("longitude").orElseThrow();
    columns.require(latitude, "degrees", Family.NUMBER);
    columns.require(longitude, "degrees", Family.NUMBER);
    String there = columns.value(latitude) + " + " + columns.value(longitude);
    String fromLatitude = columns.free("previous_" + latitude);
    String fromLongitude = columns.free("previous_" + longitude);
    String distance = columns.free("distance_km");
    String since = columns.free("seconds_since");
    String speed = columns.free("speed_kmh");
    Map<String, String> first = new LinkedHashMap<>();
    first.put(fromLatitude, lagWhere(there, Sql.name(latitude)));
    first.put(fromLongitude, lagWhere(there, Sql.name(longitude)));
    first.put(since, secondsSince(expectation, there));
    String haversine =
        haversineKm(
            Sql.name(fromLatitude),
            Sql.name(fromLongitude),
            Sql.name(latitude),
            Sql.name(longitude));
    List<String> wrong = new ArrayList<>();
    limit(expectation, "max_speed_kmh", speed).ifPresent(wrong::add);
    limit(expectation, "max_distance_km", distance).ifPresent(wrong::add);
    return made(
        expectation,
        columns,
        first,
        List.of(
            Map.of(distance, haversine),
            Map.of(
                speed,
                perSecond(Sql.name(distance), Sql.name(since)) + " * " + number(SECONDS_PER_HOUR))),
        new Measure.Rows(
            List.of(latitude, longitude, fromLatitude, fromLongitude, distance, speed),
            missing(there, Sql.name(fromLatitude)),
            Sql.any(wrong)));
  }

  private static Optional<String> limit(
      Check.Expectation expectation, String parameter, String column) {
    return expectation.text(parameter).map(most -> Sql.name(column) + " > " + most + "D");
  }

  /**
   * Great-circle distance in kilometres of two places in degrees (haversine formula, Sinnott 1984,
   * Sky and Telescope 68:159).
   */
  static String haversineKm(String lat1, String lon1, String lat2, String lon2) {
    String half =
        "pow(sin(radians(%2$s - %1$s) / 2), 2)".formatted(lat1, lat2)
            + " + cos(radians(%1$s)) * cos(radians(%2$s))".formatted(lat1, lat2)
            + " * pow(sin(radians(%2$s - %1$s) / 2), 2)".formatted(lon1, lon2);
    return number(2 * EARTH_KM) + " * asin(sqrt(least(1D, " + half + ")))";
  }

  private static Measure.Made flicker(Check.Expectation expectation, Columns columns)
      throws CheckException {
    String column = expectation.text("column").orElseThrow();
    columns.require(
        column, "single values", Family.NUMBER, Family.TEXT, Family.TIME, Family.BOOLEAN);
    String value = columns.value(column);
    String previous = columns.free("previous_" + column);
    String changes = columns.free("changes");
    Duration within = Parameter.age(expectation.text("within").orElseThrow());
    String changed = "CASE WHEN " + value + " != " + Sql.name(previous) + " THEN 1 ELSE 0 END";
    String counted =
        "sum("
            + changed
            + ") OVER ("
            + Relation.BY_TIME
            + " RANGE BETWEEN "
            + (long) (within.toSeconds() * MICROS)
            + " PRECEDING AND CURRENT ROW)";
    return new Measure.Made(
        new Relation.Sequence(
            expectation.text("entity"),
            time(expectation, columns),
            within,
            List.of(Map.of(previous, lag(value)), Map.of(changes, counted))),
        new Measure.Rows(
            List.of(column, previous, changes),
            value + " IS NULL",
            changed
                + " = 1 AND "
                + Sql.name(changes)
                + " > "
                + expectation.parameters().get("max_changes")),
        List.of());
  }

  private static Measure.Made made(
      Check.Expectation expectation,
      Columns columns,
      Map<String, String> first,
      List<Map<String, String>> then,
      Measure.Rows rows)
      throws CheckException {
    List<Map<String, String>> steps = new ArrayList<>(List.of(first));
    steps.addAll(then);
    return new Measure.Made(
        new Relation.Sequence(
            expectation.text("entity"),
            time(expectation, columns),
            Parameter.age(expectation.text("lookback").orElse(LOOKBACK)),
            steps),
        rows,
        List.of());
  }

  private static String time(Check.Expectation expectation, Columns columns) throws CheckException {
    String time = expectation.text("time").orElseThrow();
    columns.require(time, "times", Family.TIME);
    if (expectation.text("entity").isPresent()) {
      columns.type(expectation.text("entity").get());
    }
    return time;
  }

  /** The value of the row before that has one. */
  private static String lag(String value) {
    return "lag(" + value + ") IGNORE NULLS OVER (" + Relation.IN_ORDER + ")";
  }

  private static String lagWhere(String there, String value) {
    return lag("CASE WHEN " + there + " IS NOT NULL THEN " + value + " END");
  }

  private static String secondsSince(Check.Expectation expectation, String value) {
    String seconds = Times.secondsOf(expectation.text("time").orElseThrow());
    return seconds + " - " + lagWhere(value, seconds);
  }

  /** A change over a time that may be none: any change at once is infinitely fast. */
  private static String perSecond(String change, String seconds) {
    return "CASE WHEN %2$s > 0 THEN %1$s / %2$s WHEN %1$s > 0 THEN double('inf')"
            .formatted(change, seconds)
        + " WHEN %1$s < 0 THEN double('-inf') ELSE 0D END".formatted(change);
  }

  private static String missing(String value, String previous) {
    return value + " IS NULL OR " + previous + " IS NULL";
  }

  private static String number(double value) {
    return value + "D";
  }
}
