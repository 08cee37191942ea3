package dev.telltale.config;

import java.time.Duration;
import java.util.Optional;

/**
 * How long rows of a model are kept; what is absent is kept for ever. Ages are counted back from
 * the end of a night, in whole days.
 *
 * @param telemetry rows of the prediction log, by their event time; the log is the team's own table
 * @param sample rows of the sample, by their event time
 * @param labelled rows of {@code labelled}, by the day of the prediction
 * @param results rows of every other result table that has windows, by the day on which they start
 * @param history files that no row is in any more, by the clock: as far back time travel reaches
 */
public record Retention(
    Optional<Duration> telemetry,
    Optional<Duration> sample,
    Optional<Duration> labelled,
    Optional<Duration> results,
    Optional<Duration> history) {
  /** Everything is kept for ever. */
  public static final Retention FOR_EVER =
      new Retention(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
}
