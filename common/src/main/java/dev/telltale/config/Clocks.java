package dev.telltale.config;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Which event times are believed: that of a row was told by the clock of whoever made it, its
 * upload time by that of the lake.
 *
 * @param uploadTime timestamp column with the time when the row reached the lake, if there is one
 * @param skew an event time may be later than the upload time by as much
 * @param allowedLateness an event time may be earlier than the upload time by as much
 */
public record Clocks(Optional<String> uploadTime, Duration skew, Duration allowedLateness) {
  /**
   * No prediction was logged before, in no lake: a clock that starts at 1970 without being set is
   * below, and so are seconds that are taken for milliseconds.
   */
  public static final Instant EARLIEST = Instant.parse("1980-01-01T00:00:00Z");

  /** Of a log without upload times. */
  public static Clocks defaults() {
    return new Clocks(Optional.empty(), Defaults.CLOCK_SKEW, Defaults.ALLOWED_LATENESS);
  }
}
