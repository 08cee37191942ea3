package dev.telltale.jobs.experiment;

import dev.telltale.config.Experiment;
import dev.telltale.config.Granularity;
import dev.telltale.experiment.Inference;
import dev.telltale.finding.Finding;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.alerts.FindingRows;
import dev.telltale.jobs.config.ExperimentFile;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.LakeWriter;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import dev.telltale.look.Decision;
import dev.telltale.look.LookData;
import dev.telltale.look.LookJudge;
import dev.telltale.look.LookMetric;
import dev.telltale.look.LookReport;
import dev.telltale.look.VariantDecision;
import dev.telltale.trust.TrustCheck;
import dev.telltale.trust.TrustChecks;
import dev.telltale.trust.TrustData;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.apache.spark.sql.Row;

/** The looks that a run takes: each is judged, checked and becomes rows. */
final class TakenLooks {
  private final Lake lake;
  private final NightSpec spec;
  private final ExperimentRows rows;
  private final Instant computedAt = Instant.now();
  private final List<Row> states = new ArrayList<>();
  private final List<Row> results = new ArrayList<>();
  private final List<Row> checks = new ArrayList<>();
  private final List<Row> decisions = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();
  private final Map<Decision, Integer> counts = new TreeMap<>();
  private int looks;

  TakenLooks(Lake lake, NightSpec spec) {
    this.lake = lake;
    this.spec = spec;
    this.rows = new ExperimentRows(spec, computedAt);
  }

  /**
   * Takes the looks at an experiment, one after the other: each knows those before.
   *
   * @param days the days after which there is one, ascending
   * @param found of each of them
   */
  void take(ExperimentFile file, List<LocalDate> days, List<Found> found) {
    Experiment experiment = file.config();
    PastLooks past = PastLooks.of(lake, spec, experiment, file.hash(), days.get(0));
    LookJudge judge = new LookJudge(experiment);
    ExperimentFindings ofExperiment = new ExperimentFindings(lake, spec, experiment);
    Optional<LookReport> last = Optional.empty();
    for (int i = 0; i < days.size(); i++) {
      if (experiment.isLookedAtAfter(days.get(i))) {
        last = Optional.of(take(file, days.get(i), found.get(i), past, judge, ofExperiment));
        looks++;
      }
    }
    last.ifPresent(
        report -> report.decisions().forEach(one -> counts.merge(one.decision(), 1, Integer::sum)));
  }

  private LookReport take(
      ExperimentFile file,
      LocalDate day,
      Found found,
      PastLooks past,
      LookJudge judge,
      ExperimentFindings ofExperiment) {
    Experiment experiment = file.config();
    LookReport report = judge.judge(data(day, found, past, Optional.empty()));
    List<TrustCheck> trust = TrustChecks.all(trustData(experiment, found, report));
    Optional<String> invalid =
        trust.stream()
            .filter(check -> check.status() == TrustCheck.Status.INVALID)
            .map(TrustCheck::because)
            .findFirst();
    if (invalid.isPresent()) {
      report = judge.judge(data(day, found, past, invalid));
    }
    states.addAll(rows.states(experiment, day, found));
    report.metrics().forEach(metric -> results.add(rows.result(experiment, day, metric)));
    trust.forEach(check -> checks.add(rows.check(experiment, day, check)));
    report.heterogeneity().forEach(one -> checks.add(rows.heterogeneity(experiment, day, one)));
    for (VariantDecision decision : report.decisions()) {
      Optional<String> decidedBy = past.decidedBy(decision, spec.runId());
      decisions.add(
          rows.decision(
              experiment, day, decision, past.because(decision), found, decidedBy, file.hash()));
    }
    findings.addAll(ofExperiment.of(day, trust, report.decisions(), past.otherDeclaration()));
    past.add(day, report, spec.runId());
    return report;
  }

  private static LookData data(
      LocalDate day, Found found, PastLooks past, Optional<String> invalid) {
    return new LookData(day.plusDays(1), found.arms(), found.segments(), past.looks(), invalid);
  }

  private static TrustData trustData(Experiment experiment, Found found, LookReport report) {
    List<TrustData.Segment> segments = new ArrayList<>();
    found
        .segments()
        .forEach(
            (segment, arms) ->
                segments.add(new TrustData.Segment(segment.key(), segment.value(), arms)));
    List<TrustData.Halves> halves = new ArrayList<>();
    int[] halved = LookPlan.Trial.halved(experiment);
    for (int half = 0; half < halved.length; half++) {
      int block = experiment.metrics().size() + half;
      for (String variant : experiment.compared()) {
        halves.add(
            new TrustData.Halves(
                experiment.metrics().get(halved[half]).name(),
                variant,
                found.arms().get(experiment.control()).moments(block),
                found.arms().get(variant).moments(block)));
      }
    }
    List<TrustData.MetricEffect> effects = new ArrayList<>();
    for (LookMetric metric : report.metrics()) {
      if (metric.subject().segment().isEmpty() && metric.reading().isPresent()) {
        effects.add(effect(metric, metric.reading().get()));
      }
    }
    return new TrustData(
        experiment,
        found.arms(),
        segments,
        found.byDay(),
        cumulative(found.byDay()),
        found.several(),
        found.undeclared(),
        halves,
        effects,
        report.heterogeneity());
  }

  private static TrustData.MetricEffect effect(LookMetric metric, LookMetric.Reading reading) {
    boolean hasLift =
        Double.isFinite(reading.lift())
            && !Double.isNaN(reading.liftLow())
            && !Double.isNaN(reading.liftHigh());
    return new TrustData.MetricEffect(
        metric.subject().metric(),
        metric.subject().variant(),
        reading.effect(),
        reading.standardError(),
        hasLift
            ? Optional.of(
                new Inference.Lift(
                    reading.lift(), reading.liftLow(), reading.liftHigh(), "fieller"))
            : Optional.empty());
  }

  /** Units by variant after each day but the last. */
  private static List<Map<String, Long>> cumulative(SortedMap<LocalDate, Map<String, Long>> days) {
    List<Map<String, Long>> looks = new ArrayList<>();
    Map<String, Long> sum = new HashMap<>();
    days.values()
        .forEach(
            ofDay -> {
              ofDay.forEach((variant, units) -> sum.merge(variant, units, Long::sum));
              looks.add(Map.copyOf(sum));
            });
    return looks.isEmpty() ? looks : looks.subList(0, looks.size() - 1);
  }

  /** Looks taken. */
  int looks() {
    return looks;
  }

  /** How many variants have which decision after the last look, for people. */
  Map<String, Integer> decisions() {
    Map<String, Integer> words = new LinkedHashMap<>();
    counts.forEach((decision, count) -> words.put(decision.name().toLowerCase(Locale.ROOT), count));
    return words;
  }

  /** Writes all rows in place of those of the same days. */
  long write(SortedSet<Instant> interval) {
    LakeWriter writer = lake.writer(spec.runId());
    WindowScope scope = WindowScope.of(spec.model().model(), Granularity.DAY, interval);
    List<WindowScope> all = List.of(scope);
    List<Row> found =
        findings.stream()
            .map(finding -> FindingRows.of(finding, spec.runId(), computedAt))
            .toList();
    return writer.together(
        List.of(
            () -> writer.replace(Tables.EXPERIMENT_STATES, all, states),
            () -> writer.replace(Tables.EXPERIMENT_RESULTS, all, results),
            () -> writer.replace(Tables.EXPERIMENT_CHECKS, all, checks),
            () -> writer.replace(Tables.EXPERIMENT_LOOKS, all, decisions),
            () ->
                writer.replace(Tables.FINDINGS, List.of(scope.ofJob(ExperimentJob.NAME)), found)));
  }
}
