package dev.telltale.jobs.analyze;

import static dev.telltale.jobs.engine.OutcomeColumns.column;

import dev.telltale.config.Defaults;
import dev.telltale.error.Errors;
import dev.telltale.error.ExperimentErrors;
import dev.telltale.error.NearestName;
import dev.telltale.experiment.ArmState;
import dev.telltale.experiment.Comparison;
import dev.telltale.jobs.engine.SlicePlan;
import dev.telltale.jobs.engine.SliceValues;
import dev.telltale.jobs.lake.DataPath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;

/** Rows of units: a row is a unit, with its variant and its values. */
final class UnitRows {
  /** More variants than anybody compares. */
  private static final int MOST_VARIANTS = 50;

  private final AnalyzeSpec spec;
  private final Dataset<Row> data;
  private final List<String> names;
  private final List<MetricExpression> metrics = new ArrayList<>();

  private UnitRows(AnalyzeSpec spec, Dataset<Row> data) {
    this.spec = spec;
    this.data = data;
    this.names = Arrays.asList(data.columns());
  }

  /**
   * The rows of a specification.
   *
   * @throws dev.telltale.error.TelltaleException if they cannot be read (exit 3), or lack a column
   *     or have one of another type (exit 2)
   */
  static UnitRows read(SparkSession spark, AnalyzeSpec spec) {
    UnitRows rows = new UnitRows(spec, DataPath.read(spark, spec.path()));
    rows.check();
    return rows;
  }

  private void check() {
    Optional.ofNullable(spec.variantColumn()).ifPresent(this::require);
    // Without rows a CSV has no types: what is missing then are not numbers.
    if (data.isEmpty()) {
      throw Errors.noData(spec.path(), "It has no rows.");
    }
    spec.segments().forEach(this::require);
    spec.pair().ifPresent(this::require);
    spec.cluster().ifPresent(this::require);
    Set<String> seen = new HashSet<>();
    for (String text : spec.metrics()) {
      MetricExpression metric = MetricExpression.of(text, names);
      if (!seen.add(metric.name())) {
        throw ExperimentErrors.metricTwice(metric.name());
      }
      metric.columns().forEach(this::requireNumber);
      metrics.add(metric);
    }
    spec.covariates().forEach(this::requireNumber);
  }

  private void require(String name) {
    if (!names.contains(name)) {
      throw Errors.noSuchColumn(
          name, NearestName.hint(name, names), spec.path(), String.join(", ", names));
    }
  }

  private void requireNumber(String name) {
    require(name);
    DataType type = data.schema().apply(name).dataType();
    if (!(type instanceof NumericType || type instanceof BooleanType)) {
      throw ExperimentErrors.notNumeric(name, type.simpleString());
    }
  }

  /** Rows with a variant: the variant as text, and all numbers as doubles. */
  Dataset<Row> known() {
    return data.filter(column(spec.variantColumn()).isNotNull());
  }

  Column variant() {
    return column(spec.variantColumn()).cast("string");
  }

  static Column number(String name) {
    return column(name).cast("double");
  }

  /** Whether there is a number that is neither NaN nor infinite. */
  static Column isFinite(Column value) {
    return value
        .isNotNull()
        .and(functions.not(functions.isnan(value)))
        .and(functions.abs(value).lt(Double.POSITIVE_INFINITY));
  }

  /** All rows, with a variant or without. */
  Dataset<Row> all() {
    return data;
  }

  /** The numbers of each unit. */
  ValueColumns columns() {
    return spec.cluster().isPresent()
        ? ValueColumns.ofClusters(spec, metrics)
        : ValueColumns.ofUnits(spec, metrics);
  }

  /** Folds all rows in one pass, after one that counts for each segment. */
  Arms arms() {
    List<SlicePlan> slices =
        spec.segments().stream()
            .map(
                name -> SliceValues.mostFrequent(known(), List.of(name), Defaults.MAX_SLICE_VALUES))
            .toList();
    ValueColumns columns = columns();
    Map<ArmGroups.Key, ArmState> states = new HashMap<>();
    if (spec.cluster().isEmpty()) {
      states.putAll(states(columns, slices));
    } else {
      // A cluster may have rows in several segments: in each it is a unit, and in all together one.
      slices.forEach(slice -> states.putAll(states(columns, List.of(slice))));
      states.putAll(states(columns, List.of()));
    }
    return arms(states, columns);
  }

  private Map<ArmGroups.Key, ArmState> states(ValueColumns columns, List<SlicePlan> slices) {
    List<Column> keys = new ArrayList<>();
    keys.add(variant().as("variant"));
    for (int slice = 0; slice < slices.size(); slice++) {
      keys.add(column(slices.get(slice).key()).cast("string").as("segment" + slice));
    }
    return new ArmGroups(columns.blocks(), columns.denominators(), slices)
        .states(columns.of(known(), keys));
  }

  private Arms arms(Map<ArmGroups.Key, ArmState> states, ValueColumns columns) {
    Map<String, ArmState> whole = new TreeMap<>();
    Map<List<String>, Map<String, ArmState>> parts = new LinkedHashMap<>();
    states.forEach(
        (key, state) -> {
          if (key.segment() == null) {
            whole.put(key.variant(), state);
          } else {
            parts
                .computeIfAbsent(List.of(key.segment(), key.value()), any -> new TreeMap<>())
                .put(key.variant(), state);
          }
        });
    check(whole);
    List<Arms.Segment> segments = new ArrayList<>();
    parts.forEach(
        (segment, byVariant) ->
            segments.add(
                new Arms.Segment(
                    segment.get(0), segment.get(1), units(byVariant), sides(byVariant))));
    segments.sort(
        Comparator.comparing((Arms.Segment one) -> spec.segments().indexOf(one.key()))
            .thenComparing(
                Comparator.comparing(
                        (Arms.Segment one) ->
                            one.units().values().stream().mapToLong(Long::longValue).sum())
                    .reversed())
            .thenComparing(Arms.Segment::value));
    return new Arms(units(whole), columns.estimands(), sides(whole), segments, left(whole));
  }

  private void check(Map<String, ArmState> whole) {
    if (whole.isEmpty()) {
      throw Errors.noData(
          spec.path(), "No row has a value in column " + spec.variantColumn() + ".");
    }
    if (whole.size() > MOST_VARIANTS) {
      throw ExperimentErrors.tooManyVariants(spec.variantColumn(), MOST_VARIANTS);
    }
    if (!whole.containsKey(spec.control())) {
      throw ExperimentErrors.noControl(
          spec.control(), spec.variantColumn(), List.copyOf(whole.keySet()));
    }
    if (whole.size() == 1) {
      throw ExperimentErrors.singleVariant(spec.control(), spec.variantColumn());
    }
  }

  private static Map<String, Long> units(Map<String, ArmState> states) {
    Map<String, Long> units = new TreeMap<>();
    states.forEach((variant, state) -> units.put(variant, state.units()));
    return units;
  }

  private Map<String, Map<String, Comparison.Side>> sides(Map<String, ArmState> states) {
    Map<String, Map<String, Comparison.Side>> sides = new TreeMap<>();
    states.forEach(
        (variant, state) -> {
          Map<String, Comparison.Side> byMetric = new LinkedHashMap<>();
          for (int block = 0; block < metrics.size(); block++) {
            byMetric.put(metrics.get(block).name(), state.side(variant, block));
          }
          sides.put(variant, byMetric);
        });
    return sides;
  }

  /** Clusters are assigned whole; where they are not, their rows are no clusters of the arms. */
  private Optional<String> mixed() {
    if (spec.cluster().isEmpty()) {
      return Optional.empty();
    }
    long mixed =
        known()
            .groupBy(column(spec.cluster().get()))
            .agg(functions.countDistinct(variant()).as("variants"))
            .filter("variants > 1")
            .count();
    return mixed == 0
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "Values of %s with rows of several variants: %,d. They were not assigned whole, so"
                    + " the standard errors below are not those of this experiment.",
                spec.cluster().get(),
                mixed));
  }

  private List<String> left(Map<String, ArmState> whole) {
    List<String> left = new ArrayList<>();
    mixed().ifPresent(left::add);
    long without = data.filter(column(spec.variantColumn()).isNull()).count();
    if (without > 0) {
      left.add(
          String.format(
              Locale.ROOT,
              "Rows without %2$s: %1$,d. They are left out.",
              without,
              spec.variantColumn()));
    }
    for (int block = 0; block < metrics.size(); block++) {
      int at = block;
      long missing = whole.values().stream().mapToLong(state -> state.missing(at)).sum();
      if (missing > 0) {
        left.add(
            String.format(
                Locale.ROOT,
                "Units without a finite %2$s: %1$,d. They are left out of it.",
                missing,
                metrics.get(block).name()));
      }
    }
    return left;
  }
}
