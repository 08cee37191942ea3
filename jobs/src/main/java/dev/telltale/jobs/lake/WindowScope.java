package dev.telltale.jobs.lake;

import dev.telltale.config.Granularity;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The rows of a result table that one write replaces: some windows of one granularity of one model.
 *
 * @param modelId model
 * @param granularity label of the granularity, or {@link #BASELINE}
 * @param windows starts of the windows
 * @param more values of further partition columns: only rows that have them
 */
public record WindowScope(
    String modelId, String granularity, SortedSet<Instant> windows, Map<String, String> more) {
  /** Granularity of the rows that describe a baseline; their window starts at the epoch. */
  public static final String BASELINE = "baseline";

  private static final int HOURS_PER_DAY = 24;

  /** These windows. */
  public static WindowScope of(
      String modelId, Granularity granularity, Collection<Instant> windows) {
    return new WindowScope(modelId, granularity.label(), new TreeSet<>(windows), Map.of());
  }

  /** The windows that start in {@code [from, to)}. */
  public static WindowScope between(
      String modelId, Granularity granularity, Instant from, Instant to) {
    TreeSet<Instant> windows = new TreeSet<>();
    for (Instant start = granularity.ceiling(from);
        start.isBefore(to);
        start = granularity.next(start)) {
      windows.add(start);
    }
    return of(modelId, granularity, windows);
  }

  /** Starts of the days that windows cover, wholly or in part. */
  public static NavigableSet<Instant> daysOf(Granularity granularity, Collection<Instant> windows) {
    NavigableSet<Instant> days = new TreeSet<>();
    for (Instant start : windows) {
      for (Instant day = Granularity.DAY.floor(start);
          day.isBefore(granularity.next(start));
          day = Granularity.DAY.next(day)) {
        days.add(day);
      }
    }
    return days;
  }

  /** Every window that starts on one of these days. */
  public static WindowScope ofDays(
      String modelId, Granularity granularity, Collection<LocalDate> days) {
    TreeSet<Instant> windows = new TreeSet<>();
    for (LocalDate day : days) {
      Instant midnight = day.atStartOfDay(ZoneOffset.UTC).toInstant();
      Instant end = Granularity.DAY.next(midnight);
      windows.addAll(between(modelId, granularity, midnight, end).windows());
    }
    return of(modelId, granularity, windows);
  }

  /** The rows of the model's baselines. */
  public static WindowScope baseline(String modelId) {
    return new WindowScope(modelId, BASELINE, new TreeSet<>(List.of(Instant.EPOCH)), Map.of());
  }

  /** The same, of the rows of one job, in a table that several jobs write. */
  public WindowScope ofJob(String name) {
    return with("job", name);
  }

  /** The same, of the rows with a value of a further partition column. */
  public WindowScope with(String column, String value) {
    Map<String, String> all = new TreeMap<>(more);
    all.put(column, value);
    return new WindowScope(modelId, granularity, windows, all);
  }

  /** The same, of the rows of all jobs and whatever else. */
  WindowScope ofAllRows() {
    return new WindowScope(modelId, granularity, windows, Map.of());
  }

  /** Whether a partition of a result table may hold rows of these windows. */
  boolean hasPartition(Map<String, String> partition) {
    return modelId.equals(partition.get("model_id"))
        && granularity.equals(partition.get("granularity"))
        && more.entrySet().stream()
            .allMatch(one -> one.getValue().equals(partition.get(one.getKey())))
        && windows.stream()
            .anyMatch(start -> date(start).toString().equals(partition.get("window_date")));
  }

  /**
   * SQL condition on the partition columns, every one as a literal, so that writers of other
   * windows and models never conflict.
   */
  public String partitions() {
    List<String> ranges = new ArrayList<>();
    LocalDate first = null;
    LocalDate next = null;
    for (LocalDate date : dates()) {
      if (!date.equals(next)) {
        if (first != null) {
          ranges.add(range(first, next));
        }
        first = date;
      }
      next = date.plusDays(1);
    }
    ranges.add(range(first, next));
    return equal("model_id", modelId)
        + equal("granularity", granularity)
        + more.entrySet().stream()
            .map(one -> equal(one.getKey(), one.getValue()))
            .collect(Collectors.joining())
        + "("
        + String.join(" OR ", ranges)
        + ")";
  }

  private static String equal(String column, String value) {
    return column + " = '" + value.replace("\\", "\\\\").replace("'", "\\'") + "' AND ";
  }

  /** SQL condition on the rows of these windows: hours that do not fill their days are named. */
  public String predicate() {
    return fillsPartitions()
        ? partitions()
        : partitions() + " AND window_start IN (" + starts() + ")";
  }

  /** Whether these windows are all that their partitions can hold. */
  boolean fillsPartitions() {
    return !granularity.equals(Granularity.HOUR.label())
        || windows.size() == dates().size() * HOURS_PER_DAY;
  }

  /** SQL list of the starts. */
  String starts() {
    return windows.stream()
        .map(start -> "TIMESTAMP '" + start + "'")
        .collect(Collectors.joining(", "));
  }

  private SortedSet<LocalDate> dates() {
    return windows.stream().map(WindowScope::date).collect(Collectors.toCollection(TreeSet::new));
  }

  private static String range(LocalDate first, LocalDate end) {
    return end.equals(first.plusDays(1))
        ? "window_date = DATE '" + first + "'"
        : "(window_date >= DATE '" + first + "' AND window_date < DATE '" + end + "')";
  }

  /** The day of an instant, UTC. */
  public static LocalDate date(Instant instant) {
    return instant.atZone(ZoneOffset.UTC).toLocalDate();
  }
}
