package dev.telltale.jobs.engine;

import dev.telltale.config.Granularity;
import java.io.Serializable;
import java.time.Instant;
import java.util.Arrays;
import java.util.SortedSet;

/** Finds the window of a time among some windows. Crosses to executors, hence a class. */
public final class WindowIndex implements Serializable {
  /** In none of the windows. */
  public static final long OUTSIDE = Long.MIN_VALUE;

  private static final long serialVersionUID = 1L;
  private static final long MICROS = 1000;

  private final long[] starts;
  private final long[] ends;

  /** Of these windows. */
  public WindowIndex(Granularity granularity, SortedSet<Instant> windows) {
    this.starts = windows.stream().mapToLong(Instant::toEpochMilli).toArray();
    this.ends = windows.stream().map(granularity::next).mapToLong(Instant::toEpochMilli).toArray();
  }

  /** Start of the window of a time in microseconds since 1970, in milliseconds; or OUTSIDE. */
  public long start(long micros) {
    long millis = Math.floorDiv(micros, MICROS);
    int found = Arrays.binarySearch(starts, millis);
    int index = found >= 0 ? found : -found - 2;
    return index >= 0 && millis < ends[index] ? starts[index] : OUTSIDE;
  }
}
