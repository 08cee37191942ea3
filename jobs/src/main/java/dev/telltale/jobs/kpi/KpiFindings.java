package dev.telltale.jobs.kpi;

import dev.telltale.config.Granularity;
import dev.telltale.config.Kpi;
import dev.telltale.config.ModelConfig;
import dev.telltale.finding.Finding;
import dev.telltale.finding.FindingStatus;
import dev.telltale.finding.Kind;
import dev.telltale.finding.Severity;
import dev.telltale.finding.Subject;
import dev.telltale.kpi.KpiJudge;
import dev.telltale.kpi.Period;
import dev.telltale.kpi.PeriodComparison;
import dev.telltale.quality.Estimate;
import dev.telltale.quality.QualityPolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** Where the model improved and a KPI did not, in the windows up to a mature one. */
final class KpiFindings {
  /** Job of these findings: other windows than those of quality are judged again. */
  static final String JOB = "kpi";

  /** The last windows compared with as many before. */
  private static final String PREVIOUS_WINDOWS = "PREVIOUS_WINDOWS";

  /** A version compared with the version before. */
  private static final String PREVIOUS_VERSION = "PREVIOUS_VERSION";

  private static final int DAYS_OF_WEEK = 7;
  private static final int HOURS_OF_WEEK = 168;

  private final ModelConfig model;
  private final Granularity granularity;
  private final List<String> metrics;
  private final KpiHistory history;
  private final KpiJudge judge;
  private final int period;

  KpiFindings(ModelConfig model, List<String> metrics, KpiHistory history, QualityPolicy policy) {
    this.model = model;
    this.granularity = model.granularities().get(0);
    this.metrics = metrics;
    this.history = history;
    this.judge = new KpiJudge(policy);
    this.period = period(granularity);
  }

  /** Windows of a period: a week of days or hours, so that weekdays are the same. */
  static int period(Granularity granularity) {
    return granularity == Granularity.HOUR ? HOURS_OF_WEEK : DAYS_OF_WEEK;
  }

  /** What is compared, and how its findings are called. */
  private record Candidate(String with, String version, KpiJudge.Comparison comparison) {}

  /**
   * Of a mature window.
   *
   * @param before findings of the window before, by key
   */
  List<Finding> at(Instant window, Map<String, Finding> before) {
    NavigableSet<Instant> current = windows(window);
    NavigableSet<Instant> earlier = windows(granularity.previous(current.first()));
    List<Candidate> candidates = new ArrayList<>();
    candidates.add(
        new Candidate(
            PREVIOUS_WINDOWS,
            null,
            new KpiJudge.Comparison(
                "in the last " + period + " windows",
                "in the " + period + " before",
                quality(null, current, null, earlier),
                goals(null, current, null, earlier))));
    versions(current, earlier).ifPresent(candidates::add);
    List<KpiJudge.Verdict> verdicts =
        judge.judge(candidates.stream().map(Candidate::comparison).toList());
    List<Finding> findings = new ArrayList<>();
    Set<String> judged = new HashSet<>();
    for (Candidate candidate : candidates) {
      for (KpiJudge.Goal goal : candidate.comparison().goals()) {
        Subject subject = subject(candidate, goal.kpi());
        judged.add(subject.key());
        verdicts.stream()
            .filter(
                one -> one.comparison().equals(candidate.comparison()) && one.goal().equals(goal))
            .forEach(one -> findings.add(firing(window, subject, one, before)));
      }
    }
    before.forEach(
        (key, earlierFinding) -> {
          if (!judged.contains(key)) {
            findings.add(
                unknown(
                    window,
                    earlierFinding,
                    "There are too few windows with enough rows to compare."));
          }
        });
    return findings;
  }

  /** Of a window whose labels are awaited: what was in question before cannot be said yet. */
  List<Finding> awaited(Instant window, Map<String, Finding> before) {
    return before.values().stream()
        .map(one -> unknown(window, one, "The labels of this window are still awaited."))
        .toList();
  }

  /** The mature windows of the period that ends with one. */
  private NavigableSet<Instant> windows(Instant last) {
    NavigableSet<Instant> windows = new TreeSet<>();
    Instant start = last;
    for (int i = 0; i < period; i++) {
      windows.add(start);
      start = granularity.previous(start);
    }
    return windows;
  }

  /**
   * How a value changed from some windows to others; empty where most of them have none. Of the
   * same windows it is compared window by window.
   */
  private Optional<PeriodComparison> change(
      NavigableSet<Instant> current,
      Function<Instant, Optional<Estimate>> value,
      NavigableSet<Instant> reference,
      Function<Instant, Optional<Estimate>> other) {
    boolean paired = current.equals(reference);
    List<Estimate> now =
        estimates(
            current,
            at -> paired && other.apply(at).isEmpty() ? Optional.empty() : value.apply(at));
    List<Estimate> then =
        estimates(
            reference,
            at -> paired && value.apply(at).isEmpty() ? Optional.empty() : other.apply(at));
    if (2 * now.size() <= period || 2 * then.size() <= period) {
      return Optional.empty();
    }
    return Optional.of(
        paired
            ? PeriodComparison.paired(now, then)
            : PeriodComparison.of(Period.of(now), Period.of(then)));
  }

  private static List<Estimate> estimates(
      NavigableSet<Instant> windows, Function<Instant, Optional<Estimate>> value) {
    return windows.stream().map(value).flatMap(Optional::stream).toList();
  }

  private List<KpiJudge.Quality> quality(
      String version,
      NavigableSet<Instant> current,
      String otherVersion,
      NavigableSet<Instant> reference) {
    List<KpiJudge.Quality> quality = new ArrayList<>();
    for (String metric : metrics) {
      change(
              current,
              at -> history.quality(at, KpiHistory.Subject.whole(metric, version)),
              reference,
              at -> history.quality(at, KpiHistory.Subject.whole(metric, otherVersion)))
          .ifPresent(change -> quality.add(new KpiJudge.Quality(metric, change)));
    }
    return quality;
  }

  private List<KpiJudge.Goal> goals(
      String version,
      NavigableSet<Instant> current,
      String otherVersion,
      NavigableSet<Instant> reference) {
    List<KpiJudge.Goal> goals = new ArrayList<>();
    for (Kpi kpi : model.kpis()) {
      Map<KpiHistory.Subject, PeriodComparison> changes = new LinkedHashMap<>();
      for (KpiHistory.Subject group : history.groups(kpi.name(), current)) {
        if (Objects.equals(group.version(), version)) {
          KpiHistory.Subject other =
              new KpiHistory.Subject(
                  kpi.name(), otherVersion, group.sliceKey(), group.sliceValue());
          change(current, at -> history.kpi(at, group), reference, at -> history.kpi(at, other))
              .ifPresent(change -> changes.put(group, change));
        }
      }
      PeriodComparison whole = changes.remove(KpiHistory.Subject.whole(kpi.name(), version));
      if (whole != null) {
        List<KpiJudge.Slice> slices = new ArrayList<>();
        changes.forEach(
            (group, change) ->
                slices.add(new KpiJudge.Slice(group.sliceKey(), group.sliceValue(), change)));
        goals.add(new KpiJudge.Goal(kpi, whole, slices));
      }
    }
    return goals;
  }

  /**
   * The newest version and the one before: by the window in which each was first seen, of equals by
   * name. Where both answered in the last windows, these are compared; else the windows of the
   * older one before.
   */
  private Optional<Candidate> versions(
      NavigableSet<Instant> current, NavigableSet<Instant> earlier) {
    NavigableSet<Instant> all = new TreeSet<>(earlier);
    all.addAll(current);
    Map<String, Instant> firstSeen = new TreeMap<>();
    for (Instant window : all) {
      history.versions(window).forEach(version -> firstSeen.putIfAbsent(version, window));
    }
    List<String> order =
        firstSeen.keySet().stream()
            .sorted(
                Comparator.comparing((String version) -> firstSeen.get(version))
                    .thenComparing(version -> version))
            .toList();
    if (order.size() < 2) {
      return Optional.empty();
    }
    String newest = order.get(order.size() - 1);
    String previous = order.get(order.size() - 2);
    long together = current.stream().filter(at -> history.versions(at).contains(previous)).count();
    NavigableSet<Instant> reference = 2 * together > period ? current : all;
    return Optional.of(
        new Candidate(
            PREVIOUS_VERSION,
            newest,
            new KpiJudge.Comparison(
                "for version " + newest + " in the last " + period + " windows",
                "for version " + previous,
                quality(newest, current, previous, reference),
                goals(newest, current, previous, reference))));
  }

  private Subject subject(Candidate candidate, Kpi kpi) {
    return new Subject(
        model.model(),
        Optional.ofNullable(candidate.version()),
        Optional.empty(),
        Optional.empty(),
        Subject.TABLE,
        Kind.KPI,
        Optional.of(candidate.with()),
        kpi.name());
  }

  private Finding firing(
      Instant window, Subject subject, KpiJudge.Verdict verdict, Map<String, Finding> before) {
    Finding earlier = before.get(subject.key());
    boolean goesOn = earlier != null && earlier.isFiring();
    return new Finding(
        subject,
        JOB,
        granularity,
        window,
        granularity.next(window),
        OptionalDouble.of(verdict.goal().change().difference()),
        OptionalDouble.of(verdict.threshold()),
        OptionalDouble.of(verdict.pValueAdjusted()),
        verdict.isCritical() ? Severity.CRITICAL : Severity.WARNING,
        FindingStatus.FIRING,
        goesOn ? earlier.firstSeen() : window,
        verdict.because());
  }

  private Finding unknown(Instant window, Finding earlier, String because) {
    return new Finding(
        earlier.subject(),
        JOB,
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
}
