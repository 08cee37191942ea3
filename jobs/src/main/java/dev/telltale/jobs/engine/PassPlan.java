package dev.telltale.jobs.engine;

import dev.telltale.config.Granularity;
import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What one fused pass computes. Crosses to executors, hence a class and not a record.
 *
 * <p>Without an event time everything is one window that starts at the epoch.
 */
public final class PassPlan implements Serializable {
  private static final long serialVersionUID = 1L;

  private final ArrayList<ColumnPlan> columns;
  private final ArrayList<SlicePlan> slices;
  private final String id;
  private final String eventTime;
  private final String modelVersion;
  private final Granularity granularity;
  private final TreeSet<Instant> windows;

  private PassPlan(
      List<ColumnPlan> columns,
      List<SlicePlan> slices,
      String id,
      String eventTime,
      String modelVersion,
      Granularity granularity,
      Set<Instant> windows) {
    this.columns = new ArrayList<>(columns);
    this.slices = new ArrayList<>(slices);
    this.id = id;
    this.eventTime = eventTime;
    this.modelVersion = modelVersion;
    this.granularity = granularity;
    this.windows = new TreeSet<>(windows);
  }

  /** A pass over rows without windows and versions: a baseline, or a table of an ad hoc job. */
  public static PassPlan whole(List<ColumnPlan> columns, List<SlicePlan> slices) {
    return new PassPlan(columns, slices, null, null, null, Granularity.DAY, Set.of(Instant.EPOCH));
  }

  /**
   * A pass over the windows that start at {@code windows}.
   *
   * @param id column whose repeated values are counted
   * @param modelVersion column that tells versions apart, if any
   */
  public static PassPlan windowed(
      List<ColumnPlan> columns,
      List<SlicePlan> slices,
      String id,
      String eventTime,
      Optional<String> modelVersion,
      Granularity granularity,
      Set<Instant> windows) {
    return new PassPlan(
        columns, slices, id, eventTime, modelVersion.orElse(null), granularity, windows);
  }

  /** The columns; a {@link StateKey} holds the index into them. */
  public List<ColumnPlan> columns() {
    return Collections.unmodifiableList(columns);
  }

  List<SlicePlan> slices() {
    return slices;
  }

  Optional<String> id() {
    return Optional.ofNullable(id);
  }

  Optional<String> eventTime() {
    return Optional.ofNullable(eventTime);
  }

  Optional<String> modelVersion() {
    return Optional.ofNullable(modelVersion);
  }

  Granularity granularity() {
    return granularity;
  }

  Set<Instant> windows() {
    return windows;
  }

  /** The source columns that the pass reads, each once. */
  public List<String> sourceColumns() {
    Set<String> names = new LinkedHashSet<>();
    id().ifPresent(names::add);
    eventTime().ifPresent(names::add);
    modelVersion().ifPresent(names::add);
    slices.forEach(slice -> names.addAll(slice.columns()));
    columns.forEach(column -> names.add(column.name()));
    return List.copyOf(names);
  }
}
