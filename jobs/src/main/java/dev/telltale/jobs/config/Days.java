package dev.telltale.jobs.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;

/** Days as they are written in a configuration file: {@code 2026-10-01}. */
final class Days {
  /** The last day of a month that has fewer, where the schema allows one more. */
  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("uuuu-MM-dd");

  private Days() {}

  /** A day that the schema allows. */
  static LocalDate read(JsonNode json) {
    return LocalDate.parse(json.textValue(), DAY);
  }
}
