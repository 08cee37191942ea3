package dev.telltale.jobs.engine;

import dev.telltale.config.Granularity;
import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * How a pass divides rows: by window, model version and the values of each slice. Crosses to
 * executors, hence a class and not a record.
 *
 * <p>Without an event time everything is one window that starts at the epoch.
 */
public final class GroupPlan implements Serializable {
  private static final long serialVersionUID = 1L;

  private final ArrayList<SlicePlan> slices;
  private final String eventTime;
  private final String modelVersion;
  private final Granularity granularity;
  private final TreeSet<Instant> windows;

  private GroupPlan(
      List<SlicePlan> slices,
      String eventTime,
      String modelVersion,
      Granularity granularity,
      Set<Instant> windows) {
    this.slices = new ArrayList<>(slices);
    this.eventTime = eventTime;
    this.modelVersion = modelVersion;
    this.granularity = granularity;
    this.windows = new TreeSet<>(windows);
  }

  /** Rows without windows and versions: a baseline, or a table of an ad hoc job. */
  public static GroupPlan whole(List<SlicePlan> slices) {
    return new GroupPlan(slices, null, null, Granularity.DAY, Set.of(Instant.EPOCH));
  }

  /**
   * The windows that start at {@code windows}.
   *
   * @param eventTime timestamp column
   * @param modelVersion column that tells versions apart, if any
   */
  public static GroupPlan windowed(
      List<SlicePlan> slices,
      String eventTime,
      Optional<String> modelVersion,
      Granularity granularity,
      Set<Instant> windows) {
    return new GroupPlan(slices, eventTime, modelVersion.orElse(null), granularity, windows);
  }

  /** The same for other windows. */
  GroupPlan ofWindows(Set<Instant> others) {
    return new GroupPlan(slices, eventTime, modelVersion, granularity, others);
  }

  List<SlicePlan> slices() {
    return slices;
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

  List<Instant> windows() {
    return List.copyOf(windows);
  }

  /** The source columns that the division reads, each once. */
  List<String> sourceColumns() {
    Set<String> names = new LinkedHashSet<>();
    eventTime().ifPresent(names::add);
    modelVersion().ifPresent(names::add);
    slices.forEach(slice -> names.addAll(slice.sourceColumns()));
    return List.copyOf(names);
  }
}
