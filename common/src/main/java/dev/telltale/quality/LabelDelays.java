package dev.telltale.quality;

import dev.telltale.bytes.StateBytes;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * How long labels took to arrive: counts by whole hours for three days, by whole days after, the
 * last for all beyond. Not safe for concurrent use.
 */
public final class LabelDelays {
  private static final int HOURS = 72;
  private static final int DAYS_AFTER = 398;
  private static final int BINS = HOURS + DAYS_AFTER;
  private static final long HOUR_MICROS = 3_600_000_000L;
  private static final int HOURS_PER_DAY = 24;

  private final long[] counts = new long[BINS];

  LabelDelays() {}

  void add(long delayMicros) {
    long hours = Math.max(0, delayMicros / HOUR_MICROS);
    counts[bin(hours)]++;
  }

  private static int bin(long hours) {
    return (int)
        (hours < HOURS ? hours : Math.min(BINS - 1, HOURS + (hours - HOURS) / HOURS_PER_DAY));
  }

  void merge(LabelDelays other) {
    for (int bin = 0; bin < BINS; bin++) {
      counts[bin] += other.counts[bin];
    }
  }

  /** Labels. */
  public long total() {
    return Arrays.stream(counts).sum();
  }

  /** Labels that had arrived after so many whole hours; beyond three days, whole days. */
  public long within(long hours) {
    long sum = 0;
    for (int bin = 0; bin < bin(Math.max(0, hours)); bin++) {
      sum += counts[bin];
    }
    return sum;
  }

  void write(DataOutput out) throws IOException {
    StateBytes.writeCounts(out, counts);
  }

  void read(DataInputStream in) throws IOException {
    long[] read = StateBytes.readCounts(in, BINS);
    System.arraycopy(read, 0, counts, 0, read.length);
  }
}
