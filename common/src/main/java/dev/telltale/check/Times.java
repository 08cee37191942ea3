package dev.telltale.check;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Times in parameters and results. */
final class Times {
  private static final double MICROS = 1e6;
  private static final long NANOS_PER_MICRO = 1000;

  private Times() {}

  /** A date or time in ISO 8601, with a blank or a T; UTC where it has no offset. */
  static Instant parse(String column, String text) throws CheckException {
    String iso = text.strip().replaceFirst(" (?=\\d)", "T");
    try {
      if (iso.length() == "2001-03-01".length()) {
        return LocalDate.parse(iso).atStartOfDay(ZoneOffset.UTC).toInstant();
      }
      return iso.matches(".*(Z|[+-]\\d\\d:?\\d\\d)")
          ? OffsetDateTime.parse(iso).toInstant()
          : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      throw new CheckException(
          "Column " + column + " holds times, and '" + text + "' is none, such as 2001-03-01.");
    }
  }

  /** Seconds since 1970 as an instant, to the microsecond. */
  static Instant ofSeconds(double seconds) {
    long micros = Math.round(seconds * MICROS);
    long perSecond = (long) MICROS;
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, perSecond), Math.floorMod(micros, perSecond) * NANOS_PER_MICRO);
  }

  /** SQL: a column of times in seconds since 1970. */
  static String secondsOf(String column) {
    return "unix_micros(CAST(" + Sql.name(column) + " AS TIMESTAMP)) / 1000000D";
  }

  /** An instant as seconds since 1970. */
  static double seconds(Instant instant) {
    return instant.getEpochSecond() + instant.getNano() / (NANOS_PER_MICRO * MICROS);
  }
}
