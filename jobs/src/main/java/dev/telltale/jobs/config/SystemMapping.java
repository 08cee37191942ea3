package dev.telltale.jobs.config;

import static dev.telltale.jobs.config.ModelMapping.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.telltale.config.Defaults;
import dev.telltale.config.SystemQuality;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The key {@code system} of a model file as {@link SystemQuality} and back. */
final class SystemMapping {
  private static final String LATENCY_MS = "latency-ms";
  private static final String ERROR = "error";
  private static final String COST = "cost";
  private static final String TRAINED_AT = "trained-at";

  private SystemMapping() {}

  static Optional<SystemQuality> read(JsonNode json) {
    if (json.isMissingNode()) {
      return Optional.empty();
    }
    Map<String, Double> objectives = new TreeMap<>();
    json.path("objectives")
        .properties()
        .forEach(entry -> objectives.put(entry.getKey(), entry.getValue().doubleValue()));
    JsonNode changes = json.path("changes");
    return Optional.of(
        new SystemQuality(
            text(json.path(LATENCY_MS)),
            text(json.path(ERROR)),
            text(json.path(COST)),
            text(json.path(TRAINED_AT)),
            crashes(json.path("crashes")),
            objectives,
            new SystemQuality.Changes(
                changes.path("latency-ratio").asDouble(Defaults.LATENCY_RATIO),
                changes.path("error-rate").asDouble(Defaults.ERROR_RATE),
                changes.path("crash-ratio").asDouble(Defaults.CRASH_RATIO),
                changes.path("cost-ratio").asDouble(Defaults.COST_RATIO))));
  }

  private static Optional<SystemQuality.Crashes> crashes(JsonNode json) {
    return json.isMissingNode()
        ? Optional.empty()
        : Optional.of(
            new SystemQuality.Crashes(
                json.path("table").textValue(),
                json.path("event-time").textValue(),
                text(json.path("version")),
                text(json.path("message")),
                text(json.path("stack"))));
  }

  static void write(SystemQuality system, ObjectNode json) {
    system.latencyMs().ifPresent(sql -> json.put(LATENCY_MS, sql));
    system.error().ifPresent(sql -> json.put(ERROR, sql));
    system.cost().ifPresent(sql -> json.put(COST, sql));
    system.trainedAt().ifPresent(sql -> json.put(TRAINED_AT, sql));
    system
        .crashes()
        .ifPresent(
            crashes -> {
              ObjectNode table = json.putObject("crashes");
              table.put("table", crashes.table());
              table.put("event-time", crashes.eventTime());
              crashes.version().ifPresent(column -> table.put("version", column));
              crashes.message().ifPresent(column -> table.put("message", column));
              crashes.stack().ifPresent(column -> table.put("stack", column));
            });
    ObjectNode objectives = json.putObject("objectives");
    new TreeMap<>(system.objectives()).forEach(objectives::put);
    json.putObject("changes")
        .put("latency-ratio", system.changes().latencyRatio())
        .put("error-rate", system.changes().errorRate())
        .put("crash-ratio", system.changes().crashRatio())
        .put("cost-ratio", system.changes().costRatio());
  }

  /** What a schema cannot say of {@code system}. */
  static void problems(SystemQuality system, YamlDocument document, List<Problem> problems) {
    for (String key : List.of(LATENCY_MS, ERROR, COST, TRAINED_AT)) {
      SqlRules.check("/system/" + key, "expression", document, problems);
    }
    if (system.crashes().isPresent()
        && system.crashes().get().message().isEmpty()
        && system.crashes().get().stack().isEmpty()) {
      problems.add(
          new Problem(
              document.line("/system/crashes"),
              "`system.crashes` has neither `message` nor `stack`, so that no crash is told from"
                  + " another"));
    }
    system
        .objectives()
        .keySet()
        .forEach(
            metric ->
                needed(metric, system)
                    .ifPresent(
                        key ->
                            problems.add(
                                new Problem(
                                    document.line("/system/objectives/" + metric),
                                    "`system.objectives."
                                        + metric
                                        + "` needs `system."
                                        + key
                                        + "`, without which it is not measured"))));
  }

  /** The key that a metric is measured by, if it is not there. */
  private static Optional<String> needed(String metric, SystemQuality system) {
    if (metric.startsWith("latency_")) {
      return system.latencyMs().isPresent() ? Optional.empty() : Optional.of(LATENCY_MS);
    }
    if (metric.startsWith("cost_")) {
      return system.cost().isPresent() ? Optional.empty() : Optional.of(COST);
    }
    return switch (metric) {
      case "error_rate", "availability" ->
          system.error().isPresent() ? Optional.empty() : Optional.of(ERROR);
      case "crashes_per_thousand" ->
          system.crashes().isPresent() ? Optional.empty() : Optional.of("crashes");
      default -> Optional.empty();
    };
  }
}
