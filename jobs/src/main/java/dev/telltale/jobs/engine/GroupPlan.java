package dev.telltale.jobs.engine;

import dev.telltale.config.Clocks;
import dev.telltale.config.Granularity;
import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

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
  private final String uploadTime;
  private final long skewMicros;
  private final long latenessMicros;

  private GroupPlan(
      List<SlicePlan> slices,
      String eventTime,
      String modelVersion,
      Granularity granularity,
      Set<Instant> windows,
      String uploadTime,
      long skewMicros,
      long latenessMicros) {
    this.slices = new ArrayList<>(slices);
    this.eventTime = eventTime;
    this.modelVersion = modelVersion;
    this.granularity = granularity;
    this.windows = new TreeSet<>(windows);
    this.uploadTime = uploadTime;
    this.skewMicros = skewMicros;
    this.latenessMicros = latenessMicros;
  }

  /** Rows without windows and versions: a baseline, or a table of an ad hoc job. */
  public static GroupPlan whole(List<SlicePlan> slices) {
    return new GroupPlan(slices, null, null, Granularity.DAY, Set.of(Instant.EPOCH), null, 0, 0);
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
    return new GroupPlan(
        slices, eventTime, modelVersion.orElse(null), granularity, windows, null, 0, 0);
  }

  /** The same for other windows. */
  GroupPlan ofWindows(Set<Instant> others) {
    return new GroupPlan(
        slices,
        eventTime,
        modelVersion,
        granularity,
        others,
        uploadTime,
        skewMicros,
        latenessMicros);
  }

  /** The same, where a row has to be believed to be in a window. */
  GroupPlan believing(Clocks clocks) {
    return new GroupPlan(
        slices,
        eventTime,
        modelVersion,
        granularity,
        windows,
        clocks.uploadTime().orElse(null),
        TimeUnit.MICROSECONDS.convert(clocks.skew()),
        TimeUnit.MICROSECONDS.convert(clocks.allowedLateness()));
  }

  Optional<String> uploadTime() {
    return Optional.ofNullable(uploadTime);
  }

  /** The same rule as that of {@code Telemetry}, on microseconds of batches. */
  boolean believes(long event, long uploaded) {
    return event <= uploaded + skewMicros && event >= uploaded - latenessMicros;
  }

  /** The columns that decide whether a row is in a window. */
  Set<String> timeColumns() {
    Set<String> names = new LinkedHashSet<>();
    eventTime().ifPresent(names::add);
    uploadTime().ifPresent(names::add);
    return names;
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
    Set<String> names = timeColumns();
    modelVersion().ifPresent(names::add);
    slices.forEach(slice -> names.addAll(slice.sourceColumns()));
    return List.copyOf(names);
  }
}
