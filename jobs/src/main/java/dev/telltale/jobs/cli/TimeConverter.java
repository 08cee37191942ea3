package dev.telltale.jobs.cli;

import dev.telltale.error.Errors;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;

/** Reads the ISO-8601 forms that people and schedulers write; without an offset, UTC. */
final class TimeConverter {
  private TimeConverter() {}

  /**
   * The instant that {@code text} names; a date is its midnight.
   *
   * @param option option that has the value, for the message
   */
  static Instant parse(String option, String text) {
    try {
      if (text.length() <= "2001-03-01".length()) {
        return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
      }

      String iso = text.replace(' ', 'T');
      return iso.matches(".*T.*(Z|[+-][0-9:]+)")
          ? OffsetDateTime.parse(iso).toInstant()
          : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
    } catch (DateTimeParseException e) {
      throw Errors.notAnInstant(option, text);
    }
  }
}
