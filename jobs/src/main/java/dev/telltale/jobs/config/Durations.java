package dev.telltale.jobs.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;

/** Durations as they are written in a model file: {@code 3 days}, {@code 12 hours}. */
final class Durations {
  private static final int HOURS_PER_DAY = 24;

  private Durations() {}

  /** A duration that the schema allows. */
  static Duration read(JsonNode json, Duration absent) {
    if (json.isMissingNode()) {
      return absent;
    }
    String text = json.textValue();
    long number = Long.parseLong(text.substring(0, text.indexOf(' ')));
    return text.contains("day") ? Duration.ofDays(number) : Duration.ofHours(number);
  }

  static String text(Duration duration) {
    long hours = duration.toHours();
    return hours % HOURS_PER_DAY == 0
        ? plural(hours / HOURS_PER_DAY, "day")
        : plural(hours, "hour");
  }

  private static String plural(long number, String unit) {
    return number + " " + unit + (number == 1 ? "" : "s");
  }
}
