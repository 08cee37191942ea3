package dev.telltale.jobs.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.telltale.config.Granularity;
import dev.telltale.finding.Finding;
import dev.telltale.finding.FindingStatus;
import dev.telltale.finding.Kind;
import dev.telltale.finding.Severity;
import dev.telltale.finding.Subject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.spark.sql.Row;

/** Turns results of one window that do not hold into findings. */
final class CheckFindings {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double PERCENT = 100;

  private final String modelId;
  private final String telemetry;
  private final Granularity granularity;

  /**
   * Findings of a model.
   *
   * @param telemetry name of its telemetry, which goes without saying
   */
  CheckFindings(String modelId, String telemetry, Granularity granularity) {
    this.modelId = modelId;
    this.telemetry = telemetry;
    this.granularity = granularity;
  }

  /**
   * Findings of a window.
   *
   * @param rows its rows of {@code check_results}
   * @param before findings of the window before, by key
   */
  List<Finding> of(Instant window, List<Row> rows, Map<String, Finding> before) {
    List<Finding> findings = new ArrayList<>();
    for (Row row : rows) {
      if (Boolean.FALSE.equals(row.<Boolean>getAs("success"))) {
        findings.add(finding(window, row, before));
      }
    }
    return findings;
  }

  private Finding finding(Instant window, Row row, Map<String, Finding> before) {
    String column = row.getAs("column_name");
    String table = row.getAs("table_name");
    boolean elsewhere = !table.equals(telemetry);
    JsonNode kwargs = json(row.getAs("kwargs"));
    Subject subject =
        new Subject(
            modelId,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            column == null ? Subject.TABLE : column,
            Kind.EXPECTATION,
            Optional.empty(),
            (elsewhere ? table + ": " : "") + label(row.getAs("expectation"), kwargs));
    Finding earlier = before.get(subject.key());
    Double percent = row.getAs("unexpected_percent");
    return new Finding(
        subject,
        CheckJob.NAME,
        granularity,
        window,
        granularity.next(window),
        percent == null ? observed(row.getAs("observed_value")) : OptionalDouble.of(percent),
        percent == null
            ? OptionalDouble.empty()
            : OptionalDouble.of(PERCENT * (1 - kwargs.path("mostly").asDouble(1))),
        OptionalDouble.empty(),
        Severity.valueOf(row.getAs("severity")),
        FindingStatus.FIRING,
        earlier == null ? window : earlier.firstSeen(),
        (elsewhere ? "In " + table + ": " : "")
            + row.getAs("expectation")
            + (column == null ? "" : " of " + column)
            + " does not hold. "
            + row.getAs("because"));
  }

  /** The expectation in one line: its name and parameters. */
  private static String label(String expectation, JsonNode kwargs) {
    List<String> parts = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : kwargs.properties()) {
      if (!entry.getKey().equals("column")) {
        JsonNode value = entry.getValue();
        parts.add(entry.getKey() + "=" + (value.isTextual() ? value.asText() : value.toString()));
      }
    }
    return parts.isEmpty() ? expectation : expectation + "(" + String.join(", ", parts) + ")";
  }

  private static OptionalDouble observed(String value) {
    JsonNode json = value == null ? JSON.nullNode() : json(value);
    return json.isNumber() ? OptionalDouble.of(json.asDouble()) : OptionalDouble.empty();
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("check_results holds JSON: " + text, e);
    }
  }
}
