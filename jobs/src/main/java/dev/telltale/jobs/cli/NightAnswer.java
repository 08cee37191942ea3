package dev.telltale.jobs.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.telltale.finding.Severity;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.NightlyJob;
import dev.telltale.jobs.lake.RunEntry;
import dev.telltale.jobs.night.CodeVersion;
import dev.telltale.jobs.night.NightRunner;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a scheduled command answers.
 *
 * @param command name of the command
 * @param spec what it was asked
 * @param outcomes what its jobs did, in order
 * @param findings firing findings of the interval, by severity
 */
record NightAnswer(
    String command,
    NightSpec spec,
    List<NightRunner.Outcome> outcomes,
    Map<Severity, Long> findings) {
  private static final double ROUND = 1000;

  /** The JSON object; keys in this order. */
  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("run_id", spec.runId())
        .put("job", command)
        .put("model", spec.model().model())
        .put("from", spec.from().toString())
        .put("to", spec.to().toString())
        .put("outcome", spec.dryRun() ? "DRY_RUN" : RunEntry.SUCCEEDED)
        .put("seconds", rounded(sum(NightRunner.Outcome::seconds)))
        .put("rows_read", (long) sum(outcome -> outcome.result().rowsRead()))
        .put("bytes_read", (long) sum(outcome -> outcome.result().bytesRead()))
        .put("rows_written", (long) sum(outcome -> outcome.result().rowsWritten()));
    ArrayNode restated = json.putArray("restated");
    outcomes.stream()
        .flatMap(outcome -> outcome.result().restated().stream())
        .collect(Collectors.toCollection(TreeSet::new))
        .forEach(window -> restated.add(window.toString()));
    ObjectNode counts = json.putObject("findings");
    findings.forEach(
        (severity, count) -> counts.put(severity.name().toLowerCase(Locale.ROOT), count));
    json.put("config_hash", spec.configHash()).put("code_version", CodeVersion.current());
    spec.asOf().ifPresent(run -> json.put("as_of", run));
    ArrayNode jobs = json.putArray("jobs");
    outcomes.forEach(outcome -> jobs.add(json(outcome)));
    return json;
  }

  private static ObjectNode json(NightRunner.Outcome outcome) {
    NightlyJob.Result result = outcome.result();
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("job", outcome.job())
        .put("seconds", rounded(outcome.seconds()))
        .put("rows_read", result.rowsRead())
        .put("rows_written", result.rowsWritten());
    ObjectNode sources = json.putObject("sources");
    result.sources().forEach(sources::put);
    json.set("summary", new ObjectMapper().valueToTree(result.summary()));
    return json;
  }

  /** One line a job for people: what it did, and the findings below. */
  Table table() {
    List<List<String>> rows = new ArrayList<>();
    for (NightRunner.Outcome outcome : outcomes) {
      rows.add(
          List.of(
              outcome.job(),
              String.format(Locale.ROOT, "%.1f", outcome.seconds()),
              String.format(Locale.ROOT, "%,d", outcome.result().rowsRead()),
              String.format(Locale.ROOT, "%,d", outcome.result().rowsWritten()),
              words(outcome.result().summary())));
    }

    String counted =
        findings.entrySet().stream()
            .map(entry -> entry.getValue() + " " + entry.getKey().name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
    rows.add(List.of("findings", "", "", "", counted));
    return new Table(
        List.of("JOB", "SECONDS", "ROWS READ", "WRITTEN", spec.dryRun() ? "WOULD" : "SUMMARY"),
        rows);
  }

  private static String words(Map<String, Object> summary) {
    return summary.entrySet().stream()
        .map(entry -> entry.getKey().replace('_', ' ') + " " + entry.getValue())
        .collect(Collectors.joining(", "));
  }

  private double sum(java.util.function.ToDoubleFunction<NightRunner.Outcome> part) {
    return outcomes.stream().mapToDouble(part).sum();
  }

  private static double rounded(double seconds) {
    return Math.round(seconds * ROUND) / ROUND;
  }
}
