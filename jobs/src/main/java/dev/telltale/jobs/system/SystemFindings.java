package dev.telltale.jobs.system;

import dev.telltale.config.Granularity;
import dev.telltale.finding.Finding;
import dev.telltale.finding.FindingStatus;
import dev.telltale.finding.Kind;
import dev.telltale.finding.Severity;
import dev.telltale.finding.Subject;
import dev.telltale.quality.Estimate;
import dev.telltale.system.SystemVerdict;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Turns what is wrong with the service in a window into findings. */
final class SystemFindings {
  /** For so long a crash is new: as long as people take to look at it. */
  static final Duration NEW = Duration.ofDays(7);

  private final String modelId;
  private final Granularity granularity;

  SystemFindings(String modelId, Granularity granularity) {
    this.modelId = modelId;
    this.granularity = granularity;
  }

  /**
   * Of a window.
   *
   * @param before findings of the window before, by key
   */
  List<Finding> of(
      Instant window,
      List<SystemVerdict> verdicts,
      List<CrashGroup> groups,
      CrashHistory history,
      Map<String, Finding> before) {
    List<Finding> findings = new ArrayList<>();
    for (SystemVerdict verdict : verdicts) {
      Subject subject =
          subject(
              verdict.version(),
              Optional.of(verdict.comparedWith().name()),
              verdict.metric().name());
      switch (verdict.status()) {
        case DEGRADED -> findings.add(firing(window, subject, verdict, before));
        case INSUFFICIENT_DATA -> {
          // Silence would close an alert.
          if (before.containsKey(subject.key())) {
            findings.add(unknown(window, subject, verdict.because(), before));
          }
        }
        case OK -> {}
      }
    }
    newCrashes(window, groups, history).values().stream()
        .map(crash -> crash(window, crash, history, before))
        .forEach(findings::add);
    return findings;
  }

  private Subject subject(Optional<String> version, Optional<String> comparedWith, String metric) {
    return new Subject(
        modelId,
        version,
        Optional.empty(),
        Optional.empty(),
        Subject.TABLE,
        Kind.SYSTEM,
        comparedWith,
        metric);
  }

  private Finding firing(
      Instant window, Subject subject, SystemVerdict verdict, Map<String, Finding> before) {
    boolean objective = verdict.comparedWith() == SystemVerdict.ComparedWith.OBJECTIVE;
    OptionalDouble value =
        verdict.metric().estimate().map(Estimate::value).map(OptionalDouble::of).orElseThrow();
    return new Finding(
        subject,
        SystemJob.NAME,
        granularity,
        window,
        granularity.next(window),
        objective || verdict.effect().stream().anyMatch(Double::isInfinite)
            ? value
            : verdict.effect(),
        OptionalDouble.of(verdict.threshold()),
        verdict.pValueAdjusted(),
        objective ? Severity.CRITICAL : Severity.WARNING,
        FindingStatus.FIRING,
        since(window, subject, before),
        verdict.because());
  }

  private Finding unknown(
      Instant window, Subject subject, String because, Map<String, Finding> before) {
    Finding earlier = before.get(subject.key());
    return new Finding(
        subject,
        SystemJob.NAME,
        granularity,
        window,
        granularity.next(window),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        Severity.INFO,
        FindingStatus.INSUFFICIENT_DATA,
        earlier.isFiring() ? window : earlier.firstSeen(),
        because);
  }

  private static Instant since(Instant window, Subject subject, Map<String, Finding> before) {
    Finding earlier = before.get(subject.key());
    return earlier == null || !earlier.isFiring() ? window : earlier.firstSeen();
  }

  /** Crashes by signature, of all versions, that were first seen not long ago. */
  private Map<String, List<CrashGroup>> newCrashes(
      Instant window, List<CrashGroup> groups, CrashHistory history) {
    Map<String, List<CrashGroup>> crashes = new LinkedHashMap<>();
    for (CrashGroup group : groups) {
      Instant since = history.first(group.signature()).first();
      if (history.isNew(granularity.floor(since), group) && window.isBefore(since.plus(NEW))) {
        crashes.computeIfAbsent(group.signature(), absent -> new ArrayList<>()).add(group);
      }
    }
    return crashes;
  }

  private Finding crash(
      Instant window, List<CrashGroup> groups, CrashHistory history, Map<String, Finding> before) {
    CrashGroup first = history.first(groups.get(0).signature());
    Subject subject = subject(Optional.empty(), Optional.empty(), "new_crash " + first.signature());
    long crashes = groups.stream().mapToLong(CrashGroup::crashes).sum();
    String because =
        String.format(
            Locale.ROOT,
            "%,d crash report%s of a kind that was first seen %s%s: %s",
            crashes,
            crashes == 1 ? "" : "s",
            first.first().truncatedTo(ChronoUnit.SECONDS),
            first.version() == null ? "" : " in version " + first.version(),
            first.title().isEmpty() ? "(no text)" : first.title());
    return new Finding(
        subject,
        SystemJob.NAME,
        granularity,
        window,
        granularity.next(window),
        OptionalDouble.of((double) crashes),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        Severity.WARNING,
        FindingStatus.FIRING,
        since(window, subject, before),
        because);
  }
}
