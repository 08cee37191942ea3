package dev.telltale.finding;

import dev.telltale.config.Granularity;
import java.time.Instant;
import java.util.OptionalDouble;

/**
 * One judged fact about one window: something in production differs from what was declared or
 * learned and it matters, or there is too little data to say.
 *
 * @param subject what it is about
 * @param job job that judged
 * @param granularity length of the window
 * @param windowStart start of the window
 * @param windowEnd end of the window, exclusive
 * @param value value of the metric; empty where it cannot be computed
 * @param threshold threshold that the value crossed, in its unit; empty where there is none
 * @param pValueAdjusted corrected p-value, where there is a test
 * @param severity how much it matters; INFO for INSUFFICIENT_DATA
 * @param status what was found
 * @param firstSeen start of the first window of the present unbroken run of this fact
 * @param because rule, value and threshold in one sentence
 */
public record Finding(
    Subject subject,
    String job,
    Granularity granularity,
    Instant windowStart,
    Instant windowEnd,
    OptionalDouble value,
    OptionalDouble threshold,
    OptionalDouble pValueAdjusted,
    Severity severity,
    FindingStatus status,
    Instant firstSeen,
    String because) {
  public Finding {
    if (!windowStart.isBefore(windowEnd) || firstSeen.isAfter(windowStart)) {
      throw new IllegalArgumentException(
          "A window starts before it ends, and not before the fact was first seen: "
              + firstSeen
              + ", "
              + windowStart
              + ", "
              + windowEnd);
    }
    if (Double.isNaN(value.orElse(0)) || Double.isNaN(threshold.orElse(0))) {
      throw new IllegalArgumentException("A number that cannot be computed is empty, not NaN");
    }
  }

  /** The same fact in the same window has the same id in every run. */
  public String id() {
    return StableId.of(granularity.label(), subject.key(), windowStart.toString());
  }

  /** Whether something is wrong. */
  public boolean isFiring() {
    return status == FindingStatus.FIRING;
  }
}
