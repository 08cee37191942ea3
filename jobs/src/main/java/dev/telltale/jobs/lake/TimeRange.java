package dev.telltale.jobs.lake;

import dev.telltale.config.Granularity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;

/**
 * A time range, half-open.
 *
 * @param from start, inclusive
 * @param to end, exclusive
 */
public record TimeRange(Instant from, Instant to) {
  /** Windows as ranges: those of adjacent windows are one, so that there are few. */
  public static List<TimeRange> of(Granularity granularity, SortedSet<Instant> windows) {
    List<TimeRange> ranges = new ArrayList<>();
    Instant from = null;
    Instant to = null;
    for (Instant start : windows) {
      if (!start.equals(to)) {
        if (from != null) {
          ranges.add(new TimeRange(from, to));
        }
        from = start;
      }
      to = granularity.next(start);
    }
    if (from != null) {
      ranges.add(new TimeRange(from, to));
    }
    return ranges;
  }
}
