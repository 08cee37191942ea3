package dev.telltale.jobs.drift;

import dev.telltale.drift.Measurement;
import dev.telltale.profile.ColumnKind;
import dev.telltale.profile.ColumnState;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * The states of one window, or of a baseline.
 *
 * @param start start of the window; the epoch for a baseline
 * @param end end of the window
 * @param baselineId the baseline whose values anchor the states
 * @param rows rows of telemetry in all
 * @param effectiveRows that they are worth
 * @param duplicateIds rows beyond the first with the same id
 * @param wrongClocks rows uploaded in the window whose event time cannot be, by reason
 * @param states by version, slice and column
 * @param kinds how each column is summarised
 * @param types types of the columns
 */
record WindowStates(
    Instant start,
    Instant end,
    String baselineId,
    long rows,
    double effectiveRows,
    long duplicateIds,
    SortedMap<String, Long> wrongClocks,
    NavigableMap<SliceColumn, ColumnState> states,
    Map<String, ColumnKind> kinds,
    Map<String, String> types) {
  private static final double SECONDS_PER_HOUR = 3600;

  /** The rows and the time in which they came. */
  Measurement.Count count() {
    return new Measurement.Count(
        rows, effectiveRows, Duration.between(start, end).toSeconds() / SECONDS_PER_HOUR);
  }

  /** Versions of the model that the window has. */
  Set<String> versions() {
    return states.keySet().stream()
        .flatMap(key -> key.modelVersion().stream())
        .collect(Collectors.toSet());
  }
}
