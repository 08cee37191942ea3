package dev.telltale.jobs.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.telltale.config.Retention;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The key {@code retention} of a model file as {@link Retention} and back. */
final class RetentionMapping {
  /** Keys of ages that are counted in days. */
  static final List<String> DAYS = List.of("telemetry", "sample", "labelled", "results");

  private RetentionMapping() {}

  static Retention read(JsonNode json) {
    return new Retention(
        age(json, "telemetry"),
        age(json, "sample"),
        age(json, "labelled"),
        age(json, "results"),
        age(json, "history"));
  }

  private static Optional<Duration> age(JsonNode json, String key) {
    return Optional.ofNullable(Durations.read(json.path(key), null));
  }

  static void write(Retention retention, ObjectNode json) {
    write(json, "telemetry", retention.telemetry());
    write(json, "sample", retention.sample());
    write(json, "labelled", retention.labelled());
    write(json, "results", retention.results());
    write(json, "history", retention.history());
  }

  private static void write(ObjectNode json, String key, Optional<Duration> age) {
    age.ifPresent(duration -> json.put(key, Durations.text(duration)));
  }
}
