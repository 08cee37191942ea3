package dev.telltale.jobs.check;

import dev.telltale.check.Measure;
import dev.telltale.check.Observation;
import dev.telltale.config.Check;
import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.SourceTable;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import dev.telltale.jobs.profile.ProfiledWindows;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedSet;
import org.apache.spark.sql.Row;

/**
 * What the profile of the telemetry knows of a window, where it counted the very rows that are
 * checked: its run covers the window, and no commit since has touched it.
 */
final class ProfileKnowledge {
  /** Below, a whole number is a double exactly. */
  private static final double EXACT = 0x1p53;

  private static final Set<String> EXACT_TYPES =
      Set.of("tinyint", "smallint", "int", "bigint", "float", "double");

  /** A profile keeps texts of at most so many characters whole. */
  private static final int WHOLE_TEXT = 128;

  private static final List<String> METRICS =
      List.of(
          "model_version",
          "slice_key",
          "column_name",
          "data_type",
          "count",
          "num_nulls",
          "num_nan",
          "num_negative_infinity",
          "num_positive_infinity",
          "min",
          "max",
          "avg",
          "stddev",
          "distinct_count",
          "distinct_is_exact",
          "frequent_items",
          "num_duplicate_ids");

  private final Map<Instant, Map<String, Row>> rows = new HashMap<>();

  private ProfileKnowledge() {}

  /** What is known of some windows. */
  static ProfileKnowledge of(
      Lake lake,
      NightSpec spec,
      SourceTable telemetry,
      Granularity granularity,
      Collection<Instant> windows) {
    ProfileKnowledge knowledge = new ProfileKnowledge();
    ModelConfig model = spec.model();
    ModelConfig.Predictions log = model.telemetry();
    if (log.weight().isPresent() || log.clocks().uploadTime().isPresent()) {
      // Rows of a sample are counted as what they stand for, and rows with wrong clocks not at all.
      return knowledge;
    }
    SortedSet<Instant> current =
        ProfiledWindows.current(lake, spec, telemetry, granularity, windows);
    WindowScope scope = WindowScope.of(model.model(), granularity, current);
    for (Row row : lake.rows(Tables.PROFILE_METRICS, scope, METRICS.toArray(String[]::new))) {
      if (row.getAs("slice_key") == null && row.getAs("model_version") == null) {
        knowledge
            .rows
            .computeIfAbsent(
                row.<Timestamp>getAs("window_start").toInstant(), absent -> new HashMap<>())
            .put(row.getAs("column_name"), row);
      }
    }
    // A profile leaves repeats out, and they are rows like any other here.
    knowledge
        .rows
        .values()
        .removeIf(
            columns ->
                !columns.containsKey(":table")
                    || !Long.valueOf(0)
                        .equals(columns.get(":table").<Long>getAs("num_duplicate_ids")));
    return knowledge;
  }

  /** What an expectation needs; empty where the profile of the window does not know. */
  Optional<Observation> of(Instant window, Check.Expectation expectation) {
    Map<String, Row> columns = rows.get(window);
    if (columns == null || expectation.rowCondition().isPresent()) {
      return Optional.empty();
    }
    if (expectation.expectation().startsWith("expect_table_row_count_")) {
      return Optional.ofNullable(columns.get(":table"))
          .map(table -> counted(table.<Long>getAs("count"), 0, 0));
    }
    return expectation
        .text("column")
        .map(columns::get)
        .filter(row -> row.getAs("num_nulls") != null)
        .flatMap(row -> ofColumn(row, expectation));
  }

  private static Optional<Observation> ofColumn(Row row, Check.Expectation expectation) {
    long count = row.<Long>getAs("count");
    long missing = row.<Long>getAs("num_nulls") + whole(row, "num_nan");
    return switch (expectation.expectation()) {
      case "expect_column_values_to_not_be_null" -> Optional.of(counted(count, 0, missing));
      case "expect_column_values_to_be_null" -> Optional.of(counted(count, 0, count - missing));
      case "expect_column_proportion_of_non_null_values_to_be_between" ->
          Optional.of(counted(count, missing, 0));
      case "expect_column_values_to_be_between" ->
          isBetween(row, expectation) ? Optional.of(counted(count, missing, 0)) : Optional.empty();
      case "expect_column_values_to_be_in_set", "expect_column_distinct_values_to_be_in_set" ->
          allIn(row, (List<?>) expectation.parameters().get("value_set"))
              ? Optional.of(
                  expectation.expectation().contains("distinct")
                      ? new Observation.Groups(
                          count - missing, items(row).size(), 0, List.of(), List.of(), List.of())
                      : counted(count, missing, 0))
              : Optional.empty();
      case "expect_column_mean_to_be_between" -> figure(row, Measure.Statistic.MEAN);
      case "expect_column_stdev_to_be_between" -> figure(row, Measure.Statistic.STDEV);
      case "expect_column_min_to_be_between" -> figure(row, Measure.Statistic.MIN);
      case "expect_column_max_to_be_between" -> figure(row, Measure.Statistic.MAX);
      default -> Optional.empty();
    };
  }

  private static Observation.Counted counted(long elements, long missing, long unexpected) {
    return new Observation.Counted(elements, missing, unexpected, List.of(), List.of());
  }

  private static long whole(Row row, String name) {
    Long value = row.getAs(name);
    return value == null ? 0 : value;
  }

  /** A number of the finite values, which are all there are. */
  private static Optional<Observation> figure(Row row, Measure.Statistic statistic) {
    String name =
        switch (statistic) {
          case MEAN -> "avg";
          case STDEV -> "stddev";
          case MIN -> "min";
          case MAX -> "max";
          case SUM -> throw new IllegalArgumentException("A profile has no sums");
        };
    Double value = row.getAs(name);
    return isExact(row) && value != null
        ? Optional.of(new Observation.Figure(OptionalDouble.of(value)))
        : Optional.empty();
  }

  private static boolean isExact(Row row) {
    Double min = row.getAs("min");
    Double max = row.getAs("max");
    return EXACT_TYPES.contains(row.<String>getAs("data_type"))
        && whole(row, "num_negative_infinity") + whole(row, "num_positive_infinity") == 0
        && min != null
        && max != null
        && Math.max(Math.abs(min), Math.abs(max)) < EXACT;
  }

  private static boolean isBetween(Row row, Check.Expectation expectation) {
    if (!isExact(row)) {
      return false;
    }
    double min = row.<Double>getAs("min");
    double max = row.<Double>getAs("max");
    Object least = expectation.parameters().get("min_value");
    Object most = expectation.parameters().get("max_value");
    boolean strictMin = Boolean.TRUE.equals(expectation.parameters().get("strict_min"));
    boolean strictMax = Boolean.TRUE.equals(expectation.parameters().get("strict_max"));
    boolean above =
        least == null
            || (least instanceof Number low
                && (strictMin ? min > low.doubleValue() : min >= low.doubleValue()));
    boolean below =
        most == null
            || (most instanceof Number high
                && (strictMax ? max < high.doubleValue() : max <= high.doubleValue()));
    return above && below;
  }

  private static List<Row> items(Row row) {
    return row.<Row>getList(row.fieldIndex("frequent_items"));
  }

  /** Whether all values of a text column are listed in the profile, and in a set. */
  private static boolean allIn(Row row, List<?> set) {
    Double distinct = row.getAs("distinct_count");
    if (!"string".equals(row.<String>getAs("data_type"))
        || distinct == null
        || !Boolean.TRUE.equals(row.<Boolean>getAs("distinct_is_exact"))
        || items(row).size() != distinct.intValue()) {
      return false;
    }
    return items(row).stream()
        .map(item -> item.getString(0))
        .allMatch(text -> text.length() < WHOLE_TEXT && set.contains(text));
  }
}
