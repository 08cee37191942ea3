package dev.telltale.jobs.engine;

import dev.telltale.config.Clocks;
import dev.telltale.config.Granularity;
import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What one fused pass computes. Crosses to executors, hence a class and not a record. */
public final class PassPlan implements Serializable {
  private static final long serialVersionUID = 1L;

  private final ArrayList<ColumnPlan> columns;
  private final GroupPlan groups;
  private final String id;
  private final String weight;
  private final String unit;
  private final int minimumUnits;

  private PassPlan(
      List<ColumnPlan> columns,
      GroupPlan groups,
      String id,
      String weight,
      String unit,
      int minimumUnits) {
    this.columns = new ArrayList<>(columns);
    this.groups = groups;
    this.id = id;
    this.weight = weight;
    this.unit = unit;
    this.minimumUnits = minimumUnits;
  }

  /** A pass over rows without windows and versions: a baseline, or a table of an ad hoc job. */
  public static PassPlan whole(List<ColumnPlan> columns, List<SlicePlan> slices) {
    return new PassPlan(columns, GroupPlan.whole(slices), null, null, null, 0);
  }

  /**
   * A pass over the windows that start at {@code windows}.
   *
   * @param id column whose repeated values are counted
   * @param weight column with the rows that each row stands for, if it stands for several
   * @param modelVersion column that tells versions apart, if any
   */
  public static PassPlan windowed(
      List<ColumnPlan> columns,
      List<SlicePlan> slices,
      String id,
      Optional<String> weight,
      String eventTime,
      Optional<String> modelVersion,
      Granularity granularity,
      Set<Instant> windows) {
    return new PassPlan(
        columns,
        GroupPlan.windowed(slices, eventTime, modelVersion, granularity, windows),
        id,
        weight.orElse(null),
        null,
        0);
  }

  /**
   * The same pass, which gives no states of a slice that is about few units in a window.
   *
   * @param column the units
   * @param minimum fewer are few
   */
  public PassPlan withoutFewUnits(String column, int minimum) {
    return new PassPlan(columns, groups, id, weight, column, minimum);
  }

  Optional<String> unit() {
    return Optional.ofNullable(unit);
  }

  int minimumUnits() {
    return minimumUnits;
  }

  /** The same without rows whose event time is not believed beside their upload time. */
  public PassPlan believing(Clocks clocks) {
    return new PassPlan(columns, groups.believing(clocks), id, weight, unit, minimumUnits);
  }

  /** The same for other windows. */
  PassPlan ofWindows(Set<Instant> windows) {
    return new PassPlan(columns, groups.ofWindows(windows), id, weight, unit, minimumUnits);
  }

  /** The columns; a {@link StateKey} holds the index into them. */
  public List<ColumnPlan> columns() {
    return Collections.unmodifiableList(columns);
  }

  GroupPlan groups() {
    return groups;
  }

  Optional<String> id() {
    return Optional.ofNullable(id);
  }

  /** The column of the weights; only with an id. */
  Optional<String> weight() {
    return Optional.ofNullable(weight);
  }

  /** The source columns that the pass reads, each once. */
  public List<String> sourceColumns() {
    Set<String> names = new LinkedHashSet<>();
    id().ifPresent(names::add);
    weight().ifPresent(names::add);
    unit().ifPresent(names::add);
    names.addAll(groups.sourceColumns());
    columns.forEach(column -> names.add(column.name()));
    return List.copyOf(names);
  }
}
