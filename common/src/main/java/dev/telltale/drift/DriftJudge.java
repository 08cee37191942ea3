package dev.telltale.drift;

import dev.telltale.stats.Alternative;
import dev.telltale.stats.PoissonRatioTest;
import dev.telltale.stats.ProportionTest;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Judges all measurements of a run at once. A check fires when its adjusted p-value is below alpha
 * and its effect reaches the threshold; neither alone is enough, since with many rows any
 * difference is significant, and with few rows any distance is large.
 *
 * <p>A family is one question asked of all columns, slices and windows of the call. That of {@link
 * CheckKind#DRIFT} has every p-value of the metrics, and besides those of the deciding tests that
 * are no metric; that of another kind has one p-value per measurement. Measurements with too little
 * data are in no family.
 */
public final class DriftJudge {
  private final DriftPolicy policy;

  /** A judge with this policy. */
  public DriftJudge(DriftPolicy policy) {
    this.policy = policy;
  }

  /** Verdicts per measurement, in order; one per question asked. */
  public List<List<Verdict>> judge(List<Measurement> measurements) {
    return judgements(measurements).stream().map(Judgement::verdicts).toList();
  }

  /** Verdicts and metrics per measurement, in order. */
  public List<Judgement> judgements(List<Measurement> measurements) {
    Map<CheckKind, Family> families = new EnumMap<>(CheckKind.class);
    for (CheckKind kind : CheckKind.values()) {
      families.put(kind, new Family());
    }
    List<Case> cases = new ArrayList<>();
    for (Measurement measurement : measurements) {
      cases.add(new Case(measurement, families));
    }
    families.values().forEach(family -> family.adjust(policy.correction()));
    return cases.stream().map(Case::judgement).toList();
  }

  /** One measurement between the collection of its p-values and its verdicts. */
  private final class Case {
    private final Map<CheckKind, Family> families;
    private final Map<CheckKind, Question> questions = new EnumMap<>(CheckKind.class);
    private final Map<String, Integer> metricTests = new HashMap<>();
    private final Measurement measurement;

    Case(Measurement measurement, Map<CheckKind, Family> families) {
      this.measurement = measurement;
      this.families = families;
      measurement.rows().ifPresent(this::askRows);
      measurement.comparison().ifPresent(this::ask);
    }

    private void askRows(Measurement.Rows rows) {
      double p =
          new PoissonRatioTest(
                  rows.current().worth(),
                  rows.current().worthHours(),
                  rows.reference().worth(),
                  rows.reference().worthHours())
              .pValue(Alternative.TWO_SIDED);
      boolean enough = rows.reference().worth() >= policy.minimumRows();
      add(
          CheckKind.ROW_COUNT,
          new Question(
              "row_count_ratio",
              rows.ratio(),
              policy.rowCountRatio(),
              rows.ratio() >= policy.rowCountRatio() || rows.ratio() <= 1 / policy.rowCountRatio(),
              enough ? OptionalInt.of(families.get(CheckKind.ROW_COUNT).add(p)) : none(),
              Because.rows(rows, policy)));
    }

    private void ask(Comparison comparison) {
      askDrift(comparison);
      askMissingness(comparison);
      askNovelty(comparison);
      askConstancy(comparison, CheckKind.STUCK);
      askConstancy(comparison, CheckKind.WENT_LIVE);
    }

    private boolean enoughValues(Comparison comparison) {
      return Math.min(comparison.referenceValues(), comparison.currentValues())
          >= Math.max(1, policy.minimumRows());
    }

    private void askDrift(Comparison comparison) {
      if (!measurement.asks(CheckKind.DRIFT)) {
        return;
      }
      Optional<MetricValue> wanted = comparison.metric(policy.effect());
      Optional<MetricValue> effect =
          wanted.isPresent() ? wanted : comparison.metric(Metrics.JS_DISTANCE);
      String name = effect.map(MetricValue::name).orElse(policy.effect());
      double value = effect.map(MetricValue::value).orElse(0.0);
      OptionalInt test = none();
      Optional<Comparison.DriftTest> decides = comparison.driftTest();
      if (enoughValues(comparison) && decides.isPresent()) {
        Family family = families.get(CheckKind.DRIFT);
        for (MetricValue metric : comparison.metrics()) {
          metric.pValue().ifPresent(p -> metricTests.put(metric.name(), family.add(p)));
        }
        Comparison.DriftTest drift = decides.get();
        Integer counted = drift.metric() ? metricTests.get(drift.name()) : null;
        test = OptionalInt.of(counted == null ? family.add(drift.pValue()) : counted);
      }
      add(
          CheckKind.DRIFT,
          new Question(
              name,
              value,
              policy.threshold(),
              value >= policy.threshold(),
              test,
              Because.drift(comparison, name, value, policy)));
    }

    private void askMissingness(Comparison comparison) {
      long n = comparison.referenceRows();
      long m = comparison.currentRows();
      double before = share(comparison.referenceMissing(), n);
      double now = share(comparison.currentMissing(), m);
      boolean enough = Math.min(n, m) >= Math.max(1, policy.minimumRows());
      askShare(
          CheckKind.MISSINGNESS,
          "missing_share_change",
          now - before,
          policy.missingness(),
          enough
              ? OptionalDouble.of(
                  ProportionTest.different(
                      comparison.currentMissing(), m, comparison.referenceMissing(), n))
              : OptionalDouble.empty(),
          Because.missingness(before, now, n, m, policy));
    }

    private void askNovelty(Comparison comparison) {
      Comparison.Novelty novelty = comparison.novelty();
      boolean category = novelty.kind() == CheckKind.NEW_CATEGORY;
      askShare(
          novelty.kind(),
          category ? "unseen_share" : "out_of_range_share",
          novelty.share(),
          category ? policy.newCategory() : policy.outOfRange(),
          enoughValues(comparison) ? OptionalDouble.of(novelty.pValue()) : OptionalDouble.empty(),
          Because.novelty(comparison, policy));
    }

    private void askConstancy(Comparison comparison, CheckKind kind) {
      Comparison.Constancy constancy = comparison.constancy();
      boolean stuck = constancy.current() && !constancy.reference();
      boolean live = constancy.reference() && !constancy.current();
      boolean holds = kind == CheckKind.STUCK ? stuck : live;
      askShare(
          kind,
          kind == CheckKind.STUCK ? "stuck_share" : "live_share",
          holds ? constancy.share() : 0,
          DriftPolicy.CONSTANCY,
          enoughValues(comparison)
              ? OptionalDouble.of(holds ? constancy.pValue() : 1)
              : OptionalDouble.empty(),
          Because.constancy(comparison, kind, policy));
    }

    private void askShare(
        CheckKind kind,
        String metric,
        double change,
        double threshold,
        OptionalDouble pValue,
        Because because) {
      if (measurement.asks(kind)) {
        add(
            kind,
            new Question(
                metric,
                change,
                threshold,
                change != 0 && Math.abs(change) >= threshold,
                pValue.isPresent()
                    ? OptionalInt.of(families.get(kind).add(pValue.getAsDouble()))
                    : none(),
                because));
      }
    }

    private void add(CheckKind kind, Question question) {
      if (measurement.asks(kind)) {
        questions.put(kind, question);
      }
    }

    Judgement judgement() {
      Map<CheckKind, Verdict> verdicts = new EnumMap<>(CheckKind.class);
      questions.forEach((kind, question) -> verdicts.put(kind, verdict(kind, question)));
      List<JudgedMetric> metrics = new ArrayList<>();
      Optional<Verdict> drift = Optional.ofNullable(verdicts.get(CheckKind.DRIFT));
      for (MetricValue metric :
          measurement.comparison().map(Comparison::metrics).orElse(List.of())) {
        metrics.add(
            judged(metric, drift.filter(verdict -> verdict.metric().equals(metric.name()))));
      }
      for (Verdict verdict : verdicts.values()) {
        if (metrics.stream().noneMatch(metric -> metric.name().equals(verdict.metric()))) {
          metrics.add(ofCheck(verdict));
        }
      }
      return new Judgement(
          List.copyOf(verdicts.values()), metrics, families.get(CheckKind.DRIFT).size());
    }

    private Verdict verdict(CheckKind kind, Question question) {
      Family family = families.get(kind);
      if (question.test().isEmpty()) {
        return new Verdict(
            kind,
            VerdictStatus.INSUFFICIENT_DATA,
            question.metric(),
            question.value(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            0,
            question.threshold(),
            question.because().tooFew());
      }
      int test = question.test().getAsInt();
      double adjusted = family.adjusted(test);
      boolean significant = adjusted < policy.alpha();
      boolean fires = significant && question.material();
      return new Verdict(
          kind,
          fires ? VerdictStatus.DRIFT : VerdictStatus.OK,
          question.metric(),
          question.value(),
          OptionalDouble.of(family.pValue(test)),
          OptionalDouble.of(adjusted),
          family.size(),
          question.threshold(),
          question.because().sentence(question.material(), significant, adjusted, family.size()));
    }

    private JudgedMetric judged(MetricValue metric, Optional<Verdict> verdict) {
      Integer test = metricTests.get(metric.name());
      Family family = families.get(CheckKind.DRIFT);
      OptionalDouble adjusted =
          test == null ? OptionalDouble.empty() : OptionalDouble.of(family.adjusted(test));
      return new JudgedMetric(
          metric.name(),
          metric.value(),
          metric.pValue(),
          adjusted,
          adjusted.isPresent() ? OptionalInt.of(family.size()) : none(),
          metric.degreesOfFreedom(),
          metric.errorBound(),
          verdict);
    }

    private static JudgedMetric ofCheck(Verdict verdict) {
      return new JudgedMetric(
          verdict.metric(),
          verdict.value(),
          verdict.pValue(),
          verdict.pValueAdjusted(),
          verdict.pValue().isPresent() ? OptionalInt.of(verdict.familySize()) : none(),
          none(),
          0,
          Optional.of(verdict));
    }
  }

  /**
   * One question before the correction.
   *
   * @param test its place in the family; empty if there is too little data
   */
  private record Question(
      String metric,
      double value,
      double threshold,
      boolean material,
      OptionalInt test,
      Because because) {}

  private static double share(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }

  private static OptionalInt none() {
    return OptionalInt.empty();
  }
}
