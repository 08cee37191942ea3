package dev.telltale.jobs.experiment;

import dev.telltale.config.Experiment;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.look.Decision;
import dev.telltale.look.LookMetric;
import dev.telltale.look.LookReport;
import dev.telltale.look.PastLook;
import dev.telltale.look.Segment;
import dev.telltale.look.Subject;
import dev.telltale.look.VariantDecision;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.spark.sql.Row;

/**
 * The looks at an experiment before a run: those at the same declaration, as they are stored. What
 * an earlier look saw and decided is a matter of record, whatever has come to light since.
 */
final class PastLooks {
  private final String experimentId;
  private final String declaration;
  private final TreeMap<LocalDate, PastLook> looks = new TreeMap<>();
  private final Map<LocalDate, String> decidedBy = new HashMap<>();
  private final Map<LocalDate, Map<String, String>> reasons = new HashMap<>();
  private Optional<LocalDate> otherDeclaration = Optional.empty();

  private PastLooks(String experimentId, String declaration) {
    this.experimentId = experimentId;
    this.declaration = declaration;
  }

  /**
   * The stored looks.
   *
   * @param declaration hash of what is declared now
   * @param before only looks after earlier days
   */
  static PastLooks of(
      Lake lake, NightSpec spec, Experiment experiment, String declaration, LocalDate before) {
    PastLooks past = new PastLooks(experiment.id(), declaration);
    Predicate<Map<String, String>> partitions =
        partition -> {
          LocalDate day = LocalDate.parse(partition.get("window_date"));
          return spec.model().model().equals(partition.get("model_id"))
              && day.isBefore(before)
              && !day.isBefore(experiment.from());
        };
    past.decisions(
        lake.rows(
            Tables.EXPERIMENT_LOOKS,
            partitions,
            "window_date",
            "experiment_id",
            "variant",
            "decision",
            "decided_by",
            "because",
            "declaration"));
    past.readings(
        lake.rows(
            Tables.EXPERIMENT_RESULTS,
            partitions,
            "window_date",
            "slice_key",
            "slice_value",
            "experiment_id",
            "metric",
            "variant",
            "z",
            "information"));
    return past;
  }

  private void decisions(List<Row> rows) {
    Map<LocalDate, Map<String, Decision>> decisions = new TreeMap<>();
    for (Row row : rows) {
      if (!row.getAs("experiment_id").equals(experimentId)) {
        continue;
      }
      LocalDate day = day(row);
      if (!row.getAs("declaration").equals(declaration)) {
        if (otherDeclaration.map(day::isAfter).orElse(true)) {
          otherDeclaration = Optional.of(day);
        }
        continue;
      }
      decisions
          .computeIfAbsent(day, any -> new HashMap<>())
          .put(row.getAs("variant"), Decision.valueOf(row.getAs("decision")));
      reason(day, row.getAs("variant"), row.getAs("because"));
      if (row.getAs("decided_by") != null) {
        decidedBy.putIfAbsent(day, row.getAs("decided_by"));
      }
    }
    decisions.forEach(
        (day, ofDay) -> looks.put(day, new PastLook(day.plusDays(1), Map.of(), ofDay)));
  }

  private void readings(List<Row> rows) {
    Map<LocalDate, Map<Subject, PastLook.Reading>> readings = new TreeMap<>();
    for (Row row : rows) {
      if (row.getAs("experiment_id").equals(experimentId)
          && row.getAs("information") != null
          && looks.containsKey(day(row))) {
        Optional<Segment> segment =
            Optional.<String>ofNullable(row.getAs("slice_key"))
                .map(key -> new Segment(key, row.getAs("slice_value")));
        readings
            .computeIfAbsent(day(row), any -> new HashMap<>())
            .put(
                new Subject(row.getAs("metric"), row.getAs("variant"), segment),
                new PastLook.Reading(row.<Double>getAs("information"), row.<Double>getAs("z")));
      }
    }
    readings.forEach(
        (day, ofDay) ->
            looks.put(day, new PastLook(day.plusDays(1), ofDay, looks.get(day).decisions())));
  }

  private static LocalDate day(Row row) {
    return row.<Date>getAs("window_date").toLocalDate();
  }

  /** The looks, oldest first. */
  List<PastLook> looks() {
    return new ArrayList<>(looks.values());
  }

  /** Day of the last look at another declaration, if the declaration has changed since. */
  Optional<LocalDate> otherDeclaration() {
    return otherDeclaration;
  }

  /**
   * Who fixed a decision.
   *
   * @param decision of the look after {@code day}
   * @param runId the run that takes this look
   */
  Optional<String> decidedBy(VariantDecision decision, String runId) {
    return decision
        .fixed()
        .map(end -> Optional.ofNullable(decidedBy.get(end.minusDays(1))))
        .orElse(decision.decision().isTerminal() ? Optional.of(runId) : Optional.empty());
  }

  /** Why a decision was taken, by the look that did. */
  String because(VariantDecision decision) {
    return decision
        .fixed()
        .map(end -> reasons.getOrDefault(end.minusDays(1), Map.of()))
        .map(ofDay -> ofDay.get(decision.variant()))
        .map(reason -> decision.because() + " " + reason)
        .orElse(decision.because());
  }

  private void reason(LocalDate day, String variant, String because) {
    reasons.computeIfAbsent(day, any -> new HashMap<>()).put(variant, because);
  }

  /** Adds a look that a run has taken. */
  void add(LocalDate day, LookReport report, String runId) {
    Map<Subject, PastLook.Reading> readings = new HashMap<>();
    for (LookMetric metric : report.metrics()) {
      metric
          .reading()
          .ifPresent(
              reading ->
                  readings.put(
                      metric.subject(), new PastLook.Reading(reading.information(), reading.z())));
    }
    Map<String, Decision> decisions = new HashMap<>();
    for (VariantDecision one : report.decisions()) {
      decisions.put(one.variant(), one.decision());
      reason(day, one.variant(), one.because());
      if (one.decision().isTerminal()) {
        decidedBy.putIfAbsent(day, runId);
      }
    }
    looks.put(day, new PastLook(day.plusDays(1), readings, decisions));
  }
}
