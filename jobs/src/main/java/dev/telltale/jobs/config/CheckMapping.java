package dev.telltale.jobs.config;

import static dev.telltale.jobs.config.ModelMapping.text;
import static dev.telltale.jobs.config.ModelMapping.texts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.telltale.config.Check;
import dev.telltale.config.Defaults;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The key {@code checks} of a model file as {@link Check} and back. */
final class CheckMapping {
  /** Keys of an expectation that every expectation has. */
  private static final Set<String> COMMON =
      Set.of("expectation", "mostly", "row_condition", "severity");

  private CheckMapping() {}

  static List<Check> read(JsonNode json) {
    List<Check> checks = new ArrayList<>();
    for (JsonNode check : json) {
      List<Check.Expectation> expectations = new ArrayList<>();
      check.path("expectations").forEach(one -> expectations.add(expectation(one)));
      checks.add(
          new Check(
              text(check.path("table")),
              text(check.path("event-time")),
              texts(check.path("id")),
              expectations));
    }
    return List.copyOf(checks);
  }

  private static Check.Expectation expectation(JsonNode json) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : json.properties()) {
      if (!COMMON.contains(entry.getKey())) {
        parameters.put(entry.getKey(), value(entry.getValue()));
      }
    }
    return new Check.Expectation(
        json.path("expectation").textValue(),
        parameters,
        json.path("mostly").asDouble(Defaults.MOSTLY),
        text(json.path("row_condition")),
        text(json.path("severity")).orElse(Defaults.CHECK_SEVERITY).toUpperCase(Locale.ROOT));
  }

  private static Object value(JsonNode json) {
    if (json.isArray()) {
      List<Object> list = new ArrayList<>();
      json.forEach(one -> list.add(value(one)));
      return list;
    }
    if (json.isObject()) {
      Map<String, Object> map = new LinkedHashMap<>();
      json.properties().forEach(entry -> map.put(entry.getKey(), value(entry.getValue())));
      return map;
    }
    if (json.isNumber()) {
      return json.canConvertToLong() && json.isIntegralNumber()
          ? (Object) json.longValue()
          : (Object) json.doubleValue();
    }
    return json.isBoolean() ? (Object) json.booleanValue() : json.textValue();
  }

  static void write(List<Check> checks, ArrayNode json) {
    for (Check check : checks) {
      ObjectNode one = json.addObject();
      check.table().ifPresent(table -> one.put("table", table));
      check.eventTime().ifPresent(column -> one.put("event-time", column));
      texts(one.putArray("id"), check.id());
      ArrayNode expectations = one.putArray("expectations");
      for (Check.Expectation expectation : check.expectations()) {
        ObjectNode written = expectations.addObject();
        written.put("expectation", expectation.expectation());
        ObjectMapper mapper = new ObjectMapper();
        expectation
            .parameters()
            .forEach((name, value) -> written.set(name, mapper.valueToTree(value)));
        if (expectation.mostly() < Defaults.MOSTLY) {
          written.put("mostly", expectation.mostly());
        }
        expectation.rowCondition().ifPresent(condition -> written.put("row_condition", condition));
        written.put("severity", expectation.severity().toLowerCase(Locale.ROOT));
      }
    }
  }
}
