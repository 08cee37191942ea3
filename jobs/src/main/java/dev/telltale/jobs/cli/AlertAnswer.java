package dev.telltale.jobs.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.telltale.finding.Alert;
import dev.telltale.finding.Subject;
import java.util.List;
import java.util.Locale;

/** Alerts as an answer; the names are those of the table {@code alerts}. */
final class AlertAnswer {
  private AlertAnswer() {}

  static ArrayNode json(List<Alert> alerts) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    alerts.forEach(alert -> array.add(json(alert)));
    return array;
  }

  static ObjectNode json(Alert alert) {
    Subject subject = alert.subject();
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("alert_id", alert.id()).put("model_id", subject.modelId());
    subject.modelVersion().ifPresent(version -> json.put("model_version", version));
    subject.sliceKey().ifPresent(key -> json.put("slice_key", key));
    subject.sliceValue().ifPresent(value -> json.put("slice_value", value));
    json.put("column_name", subject.column()).put("kind", subject.kind().name());
    subject.driftType().ifPresent(type -> json.put("drift_type", type));
    json.put("metric", subject.metric())
        .put("granularity", alert.granularity().label())
        .put("severity", alert.severity().name())
        .put("status", alert.status().name())
        .put("first_seen", alert.firstSeen().toString());
    alert.opened().ifPresent(opened -> json.put("opened", opened.toString()));
    json.put("last_seen", alert.lastSeen().toString());
    alert.acknowledgement().ifPresent(who -> json.put("acknowledged_by", who.by()));
    return json.put("windows_firing", alert.windowsFiring()).put("because", alert.because());
  }

  static Table table(List<Alert> alerts) {
    return new Table(
        List.of("ALERT", "SEVERITY", "SINCE", "WHAT AND WHY"),
        alerts.stream()
            .map(
                alert ->
                    List.of(
                        alert.id(),
                        alert.severity().name().toLowerCase(Locale.ROOT)
                            + (alert.acknowledgement().isPresent() ? " (known)" : ""),
                        alert.firstSeen().toString().substring(0, "2001-03-01".length()),
                        alert.subject().describe() + ". " + alert.because()))
            .toList());
  }
}
