package dev.telltale.jobs.lake;

import dev.telltale.config.Granularity;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The rows of a result table that one write replaces: some windows of one granularity of one model.
 *
 * @param modelId model
 * @param granularity label of the granularity, or {@link #BASELINE}
 * @param windows starts of the windows
 */
public record WindowScope(String modelId, String granularity, SortedSet<Instant> windows) {
  /** Granularity of the rows that describe a baseline; their window starts at the epoch. */
  public static final String BASELINE = "baseline";

  private static final int HOURS_PER_DAY = 24;

  /** These windows. */
  public static WindowScope of(
      String modelId, Granularity granularity, Collection<Instant> windows) {
    return new WindowScope(modelId, granularity.label(), new TreeSet<>(windows));
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
    return new WindowScope(modelId, granularity.label(), windows);
  }

  /** The rows of the model's baselines. */
  public static WindowScope baseline(String modelId) {
    return new WindowScope(modelId, BASELINE, new TreeSet<>(List.of(Instant.EPOCH)));
  }

  /**
   * SQL condition with every partition column as a literal, so that writers of other windows and
   * models never conflict. Hours that do not fill their days are named one by one.
   */
  public String predicate() {
    TreeSet<LocalDate> dates =
        windows.stream().map(WindowScope::date).collect(Collectors.toCollection(TreeSet::new));
    List<String> ranges = new ArrayList<>();
    LocalDate first = null;
    LocalDate next = null;
    for (LocalDate date : dates) {
      if (!date.equals(next)) {
        if (first != null) {
          ranges.add(range(first, next));
        }
        first = date;
      }
      next = date.plusDays(1);
    }
    ranges.add(range(first, next));
    String condition =
        "model_id = '"
            + modelId.replace("\\", "\\\\").replace("'", "\\'")
            + "' AND granularity = '"
            + granularity
            + "' AND ("
            + String.join(" OR ", ranges)
            + ")";
    boolean partialDays =
        granularity.equals(Granularity.HOUR.label())
            && windows.size() < dates.size() * HOURS_PER_DAY;
    return partialDays ? condition + " AND window_start IN (" + starts() + ")" : condition;
  }

  private String starts() {
    return windows.stream()
        .map(start -> "TIMESTAMP '" + start + "'")
        .collect(Collectors.joining(", "));
  }

  private static String range(LocalDate first, LocalDate end) {
    return end.equals(first.plusDays(1))
        ? "window_date = DATE '" + first + "'"
        : "(window_date >= DATE '" + first + "' AND window_date < DATE '" + end + "')";
  }

  private static LocalDate date(Instant instant) {
    return instant.atZone(ZoneOffset.UTC).toLocalDate();
  }
}
