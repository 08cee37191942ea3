package dev.telltale.jobs.config;

import static dev.telltale.jobs.config.ModelMapping.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.telltale.config.Feedback;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The feedback sources of a model file as {@link Feedback} and back. */
final class FeedbackMapping {
  private FeedbackMapping() {}

  static List<Feedback> read(JsonNode json) {
    List<Feedback> sources = new ArrayList<>();
    for (JsonNode source : json) {
      String kind = source.path("kind").asText();
      JsonNode negative = source.path("negative-up-to");
      sources.add(
          new Feedback(
              source.path("name").asText(kind),
              Feedback.Kind.valueOf(kind.toUpperCase(Locale.ROOT)),
              source.path("table").textValue(),
              source.path("id").textValue(),
              source.path("arrival-time").textValue(),
              text(source.path("value")),
              text(source.path("annotator")),
              Durations.read(source.path("wait"), Duration.ZERO),
              negative.isNumber() ? Optional.of(negative.doubleValue()) : Optional.empty()));
    }
    return List.copyOf(sources);
  }

  static void write(List<Feedback> sources, ArrayNode json) {
    for (Feedback source : sources) {
      ObjectNode one = json.addObject();
      one.put("name", source.name());
      one.put("kind", source.kind().name().toLowerCase(Locale.ROOT));
      one.put("table", source.table());
      one.put("id", source.id());
      one.put("arrival-time", source.arrivalTime());
      source.value().ifPresent(column -> one.put("value", column));
      source.annotator().ifPresent(column -> one.put("annotator", column));
      one.put("wait", Durations.text(source.waitFor()));
      source.negativeUpTo().ifPresent(rating -> one.put("negative-up-to", rating));
    }
  }
}
