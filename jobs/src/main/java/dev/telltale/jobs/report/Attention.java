package dev.telltale.jobs.report;

import dev.telltale.finding.AlertStatus;
import dev.telltale.jobs.report.Report.Alert;
import dev.telltale.jobs.report.Report.Concern;
import dev.telltale.jobs.report.Report.Distribution;
import dev.telltale.jobs.report.Report.Elsewhere;
import dev.telltale.jobs.report.ReportData.AlertRow;
import dev.telltale.jobs.report.ReportData.FindingRow;
import dev.telltale.profile.ColumnState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Puts together what needs attention: open alerts, then findings of the newest window without one.
 * The same fact about the same column in several parts of the rows is one concern, led by the rows
 * as a whole if they show it and by the worst part otherwise.
 */
final class Attention {
  private static final String EXPERIMENT = "EXPERIMENT";

  /** The rows as a whole, then the worst part: alerts, severity, how far over the threshold. */
  private static final Comparator<Candidate> LEAD_FIRST =
      Comparator.comparing((Candidate c) -> !c.subject().isWhole())
          .thenComparing(c -> c.alert == null)
          .thenComparing(c -> severityRank(c.severity()))
          .thenComparing(c -> -c.excess())
          .thenComparing(c -> String.valueOf(c.subject().part()));

  /**
   * Alerts, severity, all rows before a part, how far over the threshold. The last is that of the
   * lead: over all parts it would be that of the smallest, since distances are large where rows are
   * few.
   */
  private static final Comparator<List<Candidate>> WORST_FIRST =
      Comparator.comparing((List<Candidate> group) -> alerts(group).isEmpty())
          .thenComparing(group -> severityRank(worst(group)))
          .thenComparing(group -> !group.get(0).subject().isWhole())
          .thenComparing(group -> -group.get(0).excess())
          .thenComparing(group -> group.get(0).subject().column())
          .thenComparing(group -> group.get(0).kind())
          .thenComparing(group -> String.valueOf(group.get(0).driftType()));

  private final ReportData data;
  private final Instant newest;

  private Attention(ReportData data, Instant newest) {
    this.data = data;
    this.newest = newest;
  }

  /** What needs attention, most important first. */
  static List<Concern> of(ReportData data, Instant newest) {
    return new Attention(data, newest).concerns();
  }

  /** Alerts that are open or acknowledged, as last written. */
  static List<AlertRow> openAlerts(List<AlertRow> alerts) {
    Map<String, AlertRow> latest = new LinkedHashMap<>();
    for (AlertRow alert : alerts) {
      latest.merge(
          alert.alertId(), alert, (a, b) -> b.windowStart().isBefore(a.windowStart()) ? a : b);
    }
    return latest.values().stream()
        .filter(alert -> AlertStatus.valueOf(alert.status()).isActive())
        .toList();
  }

  /** 0 for CRITICAL, 1 for WARNING, 2 for all else. */
  static int severityRank(String severity) {
    return switch (severity) {
      case "CRITICAL" -> 0;
      case "WARNING" -> 1;
      default -> 2;
    };
  }

  /** How many times the threshold; 0 where unknown. */
  static double excess(Double value, Double threshold) {
    return value == null || threshold == null || threshold == 0
        ? 0
        : Math.abs(value) / Math.abs(threshold);
  }

  private List<Concern> concerns() {
    Map<String, List<Candidate>> groups = new LinkedHashMap<>();
    for (Candidate candidate : candidates()) {
      String group =
          candidate.kind()
              + '\u0000'
              + candidate.driftType()
              + '\u0000'
              + candidate.subject().column()
              + '\u0000'
              + candidate.check();
      groups.computeIfAbsent(group, key -> new ArrayList<>()).add(candidate);
    }
    List<List<Candidate>> ordered = new ArrayList<>(groups.values());
    ordered.forEach(group -> group.sort(LEAD_FIRST));
    ordered.sort(WORST_FIRST);
    List<Concern> concerns = new ArrayList<>();
    for (List<Candidate> group : ordered) {
      concerns.add(concern("concern-" + (concerns.size() + 1), group));
    }
    return List.copyOf(concerns);
  }

  private List<Candidate> candidates() {
    Map<String, FindingRow> latest = new HashMap<>();
    for (FindingRow finding : data.findings()) {
      if (finding.fires()) {
        latest.merge(
            finding.findingKey(),
            finding,
            (a, b) -> b.windowStart().isBefore(a.windowStart()) ? a : b);
      }
    }
    List<Candidate> candidates = new ArrayList<>();
    for (AlertRow alert : openAlerts(data.alerts())) {
      candidates.add(new Candidate(latest.remove(alert.findingKey()), alert));
    }
    latest.values().stream()
        .filter(finding -> finding.windowStart().equals(newest))
        .forEach(finding -> candidates.add(new Candidate(finding, null)));
    return candidates;
  }

  private Concern concern(String id, List<Candidate> group) {
    Candidate lead = group.get(0);
    FindingRow finding = lead.finding;
    List<AlertRow> alerts = alerts(group);
    AlertRow alert = alerts.isEmpty() ? null : alerts.get(0);
    Subject subject = lead.subject();
    List<Elsewhere> elsewhere = group.stream().skip(1).map(Attention::elsewhere).toList();
    return new Concern(
        id,
        Titles.title(lead.kind(), lead.driftType(), subject.column(), lead.metric(), worst(group)),
        lead.kind(),
        lead.driftType(),
        subject.column(),
        link(lead.kind(), subject),
        subject.part(),
        worst(group),
        group.stream().anyMatch(c -> c.finding != null && c.finding.windowStart().equals(newest)),
        alert == null ? null : alert(alert),
        alerts.size(),
        finding == null ? null : finding.metric(),
        finding == null ? null : finding.value(),
        finding == null ? null : finding.threshold(),
        finding == null ? null : finding.pValueAdjusted(),
        alert == null ? finding.firstSeen() : alert.firstSeen(),
        finding == null ? alert.lastSeen() : finding.lastSeen(),
        finding == null ? alert.because() : finding.because(),
        elsewhere,
        finding == null ? null : distribution(finding));
  }

  private String link(String kind, Subject subject) {
    if (kind.equals(EXPERIMENT)) {
      return data.trials().link(subject.column());
    }
    if (kind.equals("SYSTEM") && data.service().newest() != null) {
      return Links.SERVICE;
    }
    boolean answers =
        Set.of("QUALITY", "KPI").contains(kind) && !data.answers().metrics().isEmpty();
    return answers ? Links.ANSWERS : Links.column(subject.column());
  }

  private static List<AlertRow> alerts(List<Candidate> group) {
    return group.stream().map(c -> c.alert).filter(alert -> alert != null).toList();
  }

  private static String worst(List<Candidate> group) {
    return group.stream()
        .map(Candidate::severity)
        .min(Comparator.comparingInt(Attention::severityRank))
        .orElseThrow();
  }

  private static Elsewhere elsewhere(Candidate candidate) {
    FindingRow finding = candidate.finding;
    String part = candidate.about();
    return new Elsewhere(
        part == null ? "all rows" : part,
        candidate.severity(),
        finding == null ? null : finding.value(),
        finding == null ? null : finding.threshold(),
        finding == null ? candidate.alert.because() : finding.because());
  }

  private static Alert alert(AlertRow row) {
    return new Alert(
        row.alertId(),
        row.status(),
        row.opened(),
        row.acknowledged(),
        row.acknowledgedBy(),
        row.windowsFiring(),
        row.because());
  }

  private Distribution distribution(FindingRow finding) {
    if (finding.subject().column().equals(Subject.TABLE)) {
      return null;
    }
    Instant window = finding.windowStart();
    ColumnState current = data.states().window(window, finding.subject());
    String currentName = "window of " + Formats.when(window);
    if ("CONSECUTIVE".equals(finding.driftType())) {
      Instant before = data.granularity().previous(window);
      return Distributions.of(
          data.states().window(before, finding.subject()),
          current,
          "window of " + Formats.when(before),
          currentName);
    }
    return Distributions.of(
        data.states().baseline().get(finding.subject().ofAllVersions()),
        current,
        "baseline",
        currentName);
  }

  /** A finding, the alert that follows it, or both; not neither. */
  private record Candidate(FindingRow finding, AlertRow alert) {
    Subject subject() {
      return finding == null ? alert.subject() : finding.subject();
    }

    String kind() {
      return finding == null ? alert.kind() : finding.kind();
    }

    String driftType() {
      return finding == null ? alert.driftType() : finding.driftType();
    }

    String metric() {
      return finding == null ? alert.metric() : finding.metric();
    }

    /** Of an experiment what was checked, of which there are several; its metric starts with it. */
    String check() {
      return kind().equals(EXPERIMENT) ? words()[0] : "";
    }

    /** Part of the rows; of an experiment after the metric and variant concerned. */
    String about() {
      String part = subject().part();
      if (!kind().equals(EXPERIMENT) || words().length == 1) {
        return part;
      }
      return words()[1] + (part == null ? "" : ", " + part);
    }

    private String[] words() {
      return String.valueOf(metric()).split(" ", 2);
    }

    String severity() {
      return alert == null ? finding.severity() : alert.severity();
    }

    double excess() {
      return finding == null ? 0 : finding.excess();
    }
  }
}
