package dev.telltale.jobs.config;

import static dev.telltale.jobs.config.ModelMapping.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.telltale.config.Kpi;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The key {@code kpis} of a model file as {@link Kpi} and back. */
final class KpiMapping {
  private KpiMapping() {}

  static List<Kpi> read(JsonNode json) {
    List<Kpi> kpis = new ArrayList<>();
    for (JsonNode kpi : json) {
      kpis.add(
          new Kpi(
              kpi.path("name").textValue(),
              kpi.path("table").textValue(),
              kpi.path("event-time").textValue(),
              text(kpi.path("value")),
              text(kpi.path("id")),
              Kpi.Goal.valueOf(
                  text(kpi.path("goal"))
                      .orElse(Kpi.Goal.INCREASE.name())
                      .toUpperCase(Locale.ROOT))));
    }
    return List.copyOf(kpis);
  }

  static void write(List<Kpi> kpis, ArrayNode json) {
    for (Kpi kpi : kpis) {
      ObjectNode one = json.addObject();
      one.put("name", kpi.name());
      one.put("table", kpi.table());
      one.put("event-time", kpi.eventTime());
      kpi.value().ifPresent(column -> one.put("value", column));
      kpi.id().ifPresent(column -> one.put("id", column));
      one.put("goal", kpi.goal().name().toLowerCase(Locale.ROOT));
    }
  }
}
