package dev.telltale.jobs.experiment;

import dev.telltale.config.Experiment;
import dev.telltale.config.Granularity;
import dev.telltale.finding.Finding;
import dev.telltale.finding.FindingStatus;
import dev.telltale.finding.Kind;
import dev.telltale.finding.Severity;
import dev.telltale.finding.Subject;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.alerts.FindingRows;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.look.Decision;
import dev.telltale.look.VariantDecision;
import dev.telltale.trust.TrustCheck;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** What of a look people should be told: that it harms, or why it should not be believed. */
final class ExperimentFindings {
  private final Lake lake;
  private final NightSpec spec;
  private final Experiment experiment;
  private Optional<LocalDate> knownDay = Optional.empty();
  private Map<String, Finding> known = Map.of();

  ExperimentFindings(Lake lake, NightSpec spec, Experiment experiment) {
    this.lake = lake;
    this.spec = spec;
    this.experiment = experiment;
  }

  /**
   * Of the look after a day.
   *
   * @param otherDeclaration day of the last look at another declaration, if it has changed since
   */
  List<Finding> of(
      LocalDate day,
      List<TrustCheck> trust,
      List<VariantDecision> decisions,
      Optional<LocalDate> otherDeclaration) {
    Map<String, Finding> before = before(day);
    List<Finding> findings = new ArrayList<>();
    for (TrustCheck check : trust) {
      boolean isInvalid = check.status() == TrustCheck.Status.INVALID;
      if (isInvalid || check.status() == TrustCheck.Status.WARNING) {
        findings.add(
            finding(
                day,
                subject(
                    check.segmentKey(),
                    check.segmentValue(),
                    about(check.check(), check.metric(), check.variant())),
                OptionalDouble.of(check.statistic()),
                check.pValueAdjusted(),
                isInvalid ? Severity.CRITICAL : Severity.WARNING,
                check.because(),
                before));
      }
    }
    for (VariantDecision decision : decisions) {
      if (decision.decision() == Decision.STOP_FOR_HARM) {
        findings.add(
            finding(
                day,
                subject(
                    Optional.empty(),
                    Optional.empty(),
                    about("HARM", Optional.empty(), Optional.of(decision.variant()))),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                Severity.CRITICAL,
                decision.because(),
                before));
      }
    }
    otherDeclaration.ifPresent(
        last ->
            findings.add(
                finding(
                    day,
                    subject(Optional.empty(), Optional.empty(), "declaration"),
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    Severity.WARNING,
                    "The declaration has changed since the look of "
                        + last
                        + ": this is a new analysis, and the error rate of both together is not"
                        + " what either declares.",
                    before)));
    known = FindingRows.byKey(findings);
    knownDay = Optional.of(day);
    return findings;
  }

  private static String about(String check, Optional<String> metric, Optional<String> variant) {
    return check.toLowerCase(Locale.ROOT)
        + metric.map(name -> " " + name).orElse("")
        + variant.map(name -> " " + name).orElse("");
  }

  private Subject subject(Optional<String> key, Optional<String> value, String metric) {
    boolean isSegment = key.isPresent() && value.isPresent();
    return new Subject(
        experiment.model(),
        Optional.empty(),
        isSegment ? key : Optional.empty(),
        isSegment ? value : Optional.empty(),
        experiment.id(),
        Kind.EXPERIMENT,
        Optional.empty(),
        metric);
  }

  private Finding finding(
      LocalDate day,
      Subject subject,
      OptionalDouble value,
      OptionalDouble pValueAdjusted,
      Severity severity,
      String because,
      Map<String, Finding> before) {
    Instant start = day.atStartOfDay(ZoneOffset.UTC).toInstant();
    return new Finding(
        subject,
        ExperimentJob.NAME,
        Granularity.DAY,
        start,
        Granularity.DAY.next(start),
        value,
        OptionalDouble.empty(),
        pValueAdjusted,
        severity,
        FindingStatus.FIRING,
        Optional.ofNullable(before.get(subject.key())).map(Finding::firstSeen).orElse(start),
        because);
  }

  private Map<String, Finding> before(LocalDate day) {
    LocalDate yesterday = day.minusDays(1);
    return knownDay.filter(yesterday::equals).isPresent()
        ? known
        : FindingRows.stored(
            lake,
            spec.model().model(),
            Granularity.DAY,
            yesterday.atStartOfDay(ZoneOffset.UTC).toInstant(),
            ExperimentJob.NAME);
  }
}
