package dev.telltale.config;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.Arrays;
import java.util.List;

/**
 * Length of a window. Windows are half-open, aligned in UTC, and every coarser one is a whole
 * number of hours, so that it is computed from finer states alone. Weeks start on Monday.
 */
public enum Granularity {
  HOUR("1 hour"),
  DAY("1 day"),
  WEEK("1 week"),
  MONTH("1 month");

  private final String label;

  Granularity(String label) {
    this.label = label;
  }

  /** The name in configuration and in the tables, such as {@code 1 day}. */
  public String label() {
    return label;
  }

  /** The granularity with this label. */
  public static Granularity of(String label) {
    return Arrays.stream(values())
        .filter(granularity -> granularity.label.equals(label))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("Unknown granularity " + label));
  }

  /** Start of the window that holds {@code instant}. */
  public Instant floor(Instant instant) {
    ZonedDateTime utc = instant.atZone(ZoneOffset.UTC);
    LocalDate date = utc.toLocalDate();
    return switch (this) {
      case HOUR -> utc.truncatedTo(ChronoUnit.HOURS).toInstant();
      case DAY -> midnight(date);
      case WEEK -> midnight(date.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)));
      case MONTH -> midnight(date.withDayOfMonth(1));
    };
  }

  /** Start of the window after the one that starts at {@code start}. */
  public Instant next(Instant start) {
    return plus(start, 1);
  }

  /** Start of the window before the one that starts at {@code start}. */
  public Instant previous(Instant start) {
    return plus(start, -1);
  }

  /** Start of the first window that starts at or after {@code instant}. */
  public Instant ceiling(Instant instant) {
    Instant floor = floor(instant);
    return floor.equals(instant) ? instant : next(floor);
  }

  /** Start of the earliest of the windows of some lengths, at least one, that hold an instant. */
  public static Instant earliestStart(List<Granularity> granularities, Instant instant) {
    return granularities.stream()
        .map(granularity -> granularity.floor(instant))
        .min(Instant::compareTo)
        .orElseThrow();
  }

  private Instant plus(Instant start, int windows) {
    ZonedDateTime utc = start.atZone(ZoneOffset.UTC);
    return switch (this) {
      case HOUR -> utc.plusHours(windows).toInstant();
      case DAY -> utc.plusDays(windows).toInstant();
      case WEEK -> utc.plusWeeks(windows).toInstant();
      case MONTH -> utc.plusMonths(windows).toInstant();
    };
  }

  private static Instant midnight(LocalDate date) {
    return date.atStartOfDay(ZoneOffset.UTC).toInstant();
  }
}
