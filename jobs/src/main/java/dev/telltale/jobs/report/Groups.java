package dev.telltale.jobs.report;

import dev.telltale.jobs.report.Report.Column;
import dev.telltale.jobs.report.Report.Metric;
import dev.telltale.jobs.report.Report.Run;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Groups the lines of long tables under what they share. */
final class Groups {
  private Groups() {}

  /** The jobs of one run. */
  record RunGroup(
      String runId,
      Instant startedAt,
      Instant intervalStart,
      Instant intervalEnd,
      String codeVersion,
      String asOf,
      List<Run> jobs) {}

  /** The metrics of one comparison, all of the same two samples. */
  record MetricGroup(
      String against, Long referenceCount, Long currentCount, List<Metric> metrics) {}

  /** Runs as they come, newest first; the jobs of one in the order in which they ran. */
  static List<RunGroup> runs(Report report) {
    Map<String, List<Run>> runs = new LinkedHashMap<>();
    for (Run run : report.runs()) {
      runs.computeIfAbsent(run.runId(), key -> new ArrayList<>()).add(0, run);
    }
    return runs.values().stream().map(Groups::run).toList();
  }

  private static RunGroup run(List<Run> jobs) {
    Run first = jobs.get(0);
    return new RunGroup(
        first.runId(),
        first.startedAt(),
        first.intervalStart(),
        first.intervalEnd(),
        first.codeVersion(),
        first.asOf(),
        jobs);
  }

  /** The metrics of a column, by what it is compared with. */
  static List<MetricGroup> metrics(Column column) {
    Map<String, List<Metric>> groups = new LinkedHashMap<>();
    for (Metric metric : column.metrics()) {
      String against = "CONSECUTIVE".equals(metric.driftType()) ? "window before" : "baseline";
      groups.computeIfAbsent(against, key -> new ArrayList<>()).add(metric);
    }
    List<MetricGroup> result = new ArrayList<>();
    groups.forEach(
        (against, metrics) ->
            result.add(
                new MetricGroup(
                    against,
                    metrics.get(0).referenceCount(),
                    metrics.get(0).currentCount(),
                    metrics)));
    return result;
  }
}
