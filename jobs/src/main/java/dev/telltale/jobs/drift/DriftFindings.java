package dev.telltale.jobs.drift;

import dev.telltale.config.Granularity;
import dev.telltale.drift.CheckKind;
import dev.telltale.drift.Verdict;
import dev.telltale.drift.VerdictStatus;
import dev.telltale.finding.Finding;
import dev.telltale.finding.FindingStatus;
import dev.telltale.finding.Kind;
import dev.telltale.finding.Severity;
import dev.telltale.finding.Subject;
import dev.telltale.privacy.PersonalData;
import dev.telltale.profile.ColumnKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Turns what was judged of a window into findings. */
final class DriftFindings {
  /** Values of a column that are looked at for personal data. */
  private static final int EXAMPLES = 500;

  private final String modelId;
  private final Granularity granularity;
  private final Map<String, Finding> before;

  /**
   * Findings of one window.
   *
   * @param before findings of the window before, by key
   */
  DriftFindings(String modelId, Granularity granularity, Map<String, Finding> before) {
    this.modelId = modelId;
    this.granularity = granularity;
    this.before = before;
  }

  /** Findings of a window, in the order of what was judged. */
  List<Finding> of(WindowStates window, WindowStates baseline, List<WindowJudge.Judged> judged) {
    List<Finding> findings = new ArrayList<>();
    schema(window, baseline, findings);
    duplicates(window, findings);
    personalData(window, findings);
    wrongClocks(window, findings);
    Map<Fact, Severity> ofAll = new HashMap<>();
    for (WindowJudge.Judged one : judged) {
      if (one.subject().isWhole()) {
        for (Verdict verdict : one.judgement().verdicts()) {
          if (verdict.status() == VerdictStatus.DRIFT) {
            ofAll.put(Fact.of(one, verdict), severity(one.driftType(), verdict));
          }
        }
      }
    }
    for (WindowJudge.Judged one : judged) {
      for (Verdict verdict : one.judgement().verdicts()) {
        Optional<Severity> whole =
            one.subject().isWhole()
                ? Optional.empty()
                : Optional.ofNullable(ofAll.get(Fact.of(one, verdict)));
        verdict(window, one, verdict, whole).ifPresent(findings::add);
      }
    }
    return findings;
  }

  /** What may be true of all rows and of a slice. */
  private record Fact(String column, CheckKind kind, String driftType) {
    static Fact of(WindowJudge.Judged judged, Verdict verdict) {
      return new Fact(judged.subject().column(), verdict.kind(), judged.driftType());
    }
  }

  private Optional<Finding> verdict(
      WindowStates window, WindowJudge.Judged judged, Verdict verdict, Optional<Severity> ofAll) {
    if (verdict.status() == VerdictStatus.OK) {
      return Optional.empty();
    }
    SliceColumn about = judged.subject();
    Subject subject =
        new Subject(
            modelId,
            about.modelVersion(),
            about.sliceKey(),
            about.sliceValue(),
            about.column(),
            Kind.valueOf(verdict.kind().name()),
            Optional.of(judged.driftType()),
            verdict.metric());
    boolean insufficient = verdict.status() == VerdictStatus.INSUFFICIENT_DATA;
    // Of small slices only what was in question the window before is said to be unknown now.
    if (insufficient && !before.containsKey(subject.key()) && !reportsIgnorance(about, verdict)) {
      return Optional.empty();
    }
    Severity severity = severity(judged.driftType(), verdict);
    // What is true of all rows is said once; a slice is news where it is worse.
    boolean said = !insufficient && ofAll.map(whole -> whole.atLeast(severity)).orElse(false);
    return Optional.of(
        finding(
            window,
            subject,
            OptionalDouble.of(verdict.value()),
            OptionalDouble.of(verdict.threshold()),
            verdict.pValueAdjusted(),
            insufficient || said ? Severity.INFO : severity,
            insufficient ? FindingStatus.INSUFFICIENT_DATA : FindingStatus.FIRING,
            verdict.because() + (said ? " So it is in all rows." : "")));
  }

  private static boolean reportsIgnorance(SliceColumn about, Verdict verdict) {
    return about.isWhole() && verdict.kind() == CheckKind.DRIFT;
  }

  /** That something moved since yesterday is a hint; that it is away from training matters. */
  private static Severity severity(String driftType, Verdict verdict) {
    boolean hint =
        driftType.equals(WindowJudge.CONSECUTIVE)
            && verdict.kind() != CheckKind.STUCK
            && verdict.kind() != CheckKind.ROW_COUNT;
    return hint ? Severity.INFO : verdict.severity();
  }

  private void schema(WindowStates window, WindowStates baseline, List<Finding> findings) {
    window
        .kinds()
        .forEach(
            (column, kind) -> {
              String type = window.types().get(column);
              if (kind == ColumnKind.LOST) {
                findings.add(
                    schema(
                        window,
                        column,
                        Severity.CRITICAL,
                        "The predictions have no column " + column + ", which the baseline has."));
              } else if (kind == ColumnKind.RETYPED) {
                findings.add(
                    schema(
                        window,
                        column,
                        Severity.CRITICAL,
                        "Column "
                            + column
                            + " is of type "
                            + type
                            + "; in the baseline it is of type "
                            + baseline.types().get(column)
                            + ", so the two are not compared."));
              } else if (kind == ColumnKind.GAINED) {
                findings.add(
                    schema(
                        window,
                        column,
                        Severity.INFO,
                        "The baseline has no column "
                            + column
                            + ", so there is nothing to compare it with."));
              }
            });
  }

  /** From the values that are counted by name, without another look at the telemetry. */
  private void personalData(WindowStates window, List<Finding> findings) {
    window
        .states()
        .forEach(
            (about, state) -> {
              if (about.isWhole() && about.modelVersion().isEmpty()) {
                PersonalData.of(state.examples(EXAMPLES))
                    .ifPresent(kind -> findings.add(personalData(window, about.column(), kind)));
              }
            });
  }

  private Finding personalData(WindowStates window, String column, PersonalData kind) {
    return finding(
        window,
        whole(column, Kind.PERSONAL_DATA, kind.name().toLowerCase(Locale.ROOT)),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        Severity.WARNING,
        FindingStatus.FIRING,
        String.format(
            Locale.ROOT,
            "Most values of column %s that were looked at have the form of %s, and they are kept in"
                + " states and samples; exclude the column, or name it under privacy.",
            column,
            kind.words()));
  }

  private Finding schema(WindowStates window, String column, Severity severity, String because) {
    return finding(
        window,
        whole(column, Kind.SCHEMA, "schema"),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        severity,
        FindingStatus.FIRING,
        because);
  }

  private void duplicates(WindowStates window, List<Finding> findings) {
    if (window.duplicateIds() > 0) {
      findings.add(
          finding(
              window,
              whole(Subject.TABLE, Kind.DUPLICATE_IDS, "num_duplicate_ids"),
              OptionalDouble.of((double) window.duplicateIds()),
              OptionalDouble.of(0),
              OptionalDouble.empty(),
              Severity.WARNING,
              FindingStatus.FIRING,
              String.format(
                  Locale.ROOT,
                  "%,d rows repeat the id of another row, or have none as another row; of several"
                      + " with one id the first counts. %,d rows are left.",
                  window.duplicateIds(),
                  window.rows())));
    }
  }

  private void wrongClocks(WindowStates window, List<Finding> findings) {
    if (window.wrongClocks().isEmpty()) {
      return;
    }
    long rows = window.wrongClocks().values().stream().mapToLong(Long::longValue).sum();
    List<String> reasons = new ArrayList<>();
    window
        .wrongClocks()
        .forEach(
            (reason, count) ->
                reasons.add(String.format(java.util.Locale.ROOT, "%,d %s", count, reason)));
    findings.add(
        finding(
            window,
            whole(Subject.TABLE, Kind.WRONG_CLOCK, "num_wrong_clocks"),
            OptionalDouble.of((double) rows),
            OptionalDouble.of(0),
            OptionalDouble.empty(),
            Severity.WARNING,
            FindingStatus.FIRING,
            String.format(
                java.util.Locale.ROOT,
                "%,d rows have an event time that cannot be (%s) and are in no window.",
                rows,
                String.join(", ", reasons))));
  }

  private Subject whole(String column, Kind kind, String metric) {
    return new Subject(
        modelId,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        column,
        kind,
        Optional.empty(),
        metric);
  }

  private Finding finding(
      WindowStates window,
      Subject subject,
      OptionalDouble value,
      OptionalDouble threshold,
      OptionalDouble pValueAdjusted,
      Severity severity,
      FindingStatus status,
      String because) {
    Finding earlier = before.get(subject.key());
    boolean goesOn = earlier != null && earlier.status() == status;
    Instant firstSeen = goesOn ? earlier.firstSeen() : window.start();
    return new Finding(
        subject,
        DriftJob.NAME,
        granularity,
        window.start(),
        window.end(),
        value,
        threshold,
        pValueAdjusted,
        severity,
        status,
        firstSeen,
        because);
  }
}
