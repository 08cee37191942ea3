package dev.telltale.jobs.analyze;

import dev.telltale.error.ExperimentErrors;
import dev.telltale.experiment.Comparison;
import dev.telltale.experiment.ExperimentJudge;
import dev.telltale.experiment.Heterogeneity;
import dev.telltale.experiment.MetricResult;
import dev.telltale.experiment.SampleRatio;
import dev.telltale.experiment.TestMethod;
import dev.telltale.jobs.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;

/** The difference that each variant of one experiment makes, from rows of units or a summary. */
public final class AnalyzeJob {
  private final AnalyzeSpec spec;
  private final Progress progress;

  /** An analysis that says how far it is. */
  public AnalyzeJob(AnalyzeSpec spec, Progress progress) {
    this.spec = spec;
    this.progress = progress;
  }

  /**
   * What was found.
   *
   * @param units of each variant, the control among them
   * @param metrics a result per metric and variant: one family
   * @param segments results of each segment: all together a family of their own
   * @param heterogeneity whether effects differ between the values of a segment
   * @param sampleRatio whether units came in the planned shares
   * @param problems what is wrong with the data or the result, in sentences
   */
  public record Result(
      Map<String, Long> units,
      List<MetricResult> metrics,
      List<Segment> segments,
      List<Heterogeneity> heterogeneity,
      SampleRatio sampleRatio,
      List<String> problems) {}

  /**
   * One segment.
   *
   * @param key column
   * @param value its value, {@code :other} or {@code :null}
   * @param metrics a result per metric and variant
   */
  public record Segment(String key, String value, List<MetricResult> metrics) {}

  /**
   * Runs the analysis.
   *
   * @throws dev.telltale.error.TelltaleException if the data cannot be read or is empty (exit 3),
   *     or is not what the options say (exit 2)
   */
  public Result run(SparkSession spark) {
    progress.started("reading " + spec.path(), 0, 2);
    check();
    if (spec.isSummary()) {
      Arms arms = SummaryFile.read(spark, spec).arms();
      return result(arms, new ExperimentJudge(spec.policy()));
    }
    UnitRows rows = UnitRows.read(spark, spec);
    Arms arms = rows.arms();
    progress.started("comparing", 1, 2);
    ExperimentJudge judge =
        spec.policy().method().isOfSummaries()
            ? new ExperimentJudge(spec.policy())
            : new ExperimentJudge(spec.policy(), new ValueTests(spec, rows)::of);
    return result(arms, judge);
  }

  private void check() {
    TestMethod method = spec.policy().method();
    if (method.isOfSummaries()) {
      return;
    }
    if (spec.isSummary()) {
      throw ExperimentErrors.needsValues(method.toString(), "--summary");
    }
    if (!spec.segments().isEmpty()) {
      throw ExperimentErrors.needsValues(method.toString(), "--segments");
    }
    if (!spec.covariates().isEmpty()) {
      throw ExperimentErrors.needsValues(method.toString(), "--covariate");
    }
    if (spec.cluster().isPresent()) {
      throw ExperimentErrors.needsValues(method.toString(), "--cluster");
    }
    if (method.input() == TestMethod.Input.PAIRS && spec.pair().isEmpty()) {
      throw ExperimentErrors.noPairs(method.toString());
    }
  }

  private Result result(Arms arms, ExperimentJudge judge) {
    SampleRatio sampleRatio = sampleRatio(arms.units(), arms.units().keySet());
    List<String> problems = new ArrayList<>(arms.left());
    if (sampleRatio.isMismatch()) {
      problems.add(
          0,
          String.format(
              Locale.ROOT,
              "Units did not come in the planned shares: %s, p %s. Until that is explained, no"
                  + " result below can be trusted.",
              arms.units(),
              pValue(sampleRatio)));
    }
    problems.addAll(mismatches(arms));
    List<MetricResult> metrics = judge.judge(family(arms, arms.sides()));
    List<List<Comparison>> families =
        arms.segments().stream().map(segment -> family(arms, segment.sides())).toList();
    List<MetricResult> judged = judge.judge(families.stream().flatMap(List::stream).toList());
    List<Segment> segments = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < families.size(); i++) {
      Arms.Segment segment = arms.segments().get(i);
      int end = next + families.get(i).size();
      segments.add(
          new Segment(segment.key(), segment.value(), List.copyOf(judged.subList(next, end))));
      next = end;
    }
    return new Result(
        arms.units(),
        metrics,
        segments,
        Heterogeneity.of(
            questions(metrics, segments), spec.policy().correction(), spec.policy().alpha()),
        sampleRatio,
        List.copyOf(problems));
  }

  private List<Heterogeneity.Question> questions(
      List<MetricResult> metrics, List<Segment> segments) {
    List<Heterogeneity.Question> questions = new ArrayList<>();
    for (String key : spec.segments()) {
      for (MetricResult whole : metrics) {
        List<Heterogeneity.Part> parts = new ArrayList<>();
        for (Segment segment : segments) {
          segment.metrics().stream()
              .filter(
                  one ->
                      segment.key().equals(key)
                          && one.comparison().metric().equals(whole.comparison().metric())
                          && one.comparison().variant().equals(whole.comparison().variant()))
              .forEach(one -> parts.add(new Heterogeneity.Part(segment.value(), one)));
        }
        questions.add(new Heterogeneity.Question(key, whole, parts));
      }
    }
    return questions;
  }

  /** Each metric of each variant; of a segment that the control does not have, none. */
  private List<Comparison> family(Arms arms, Map<String, Map<String, Comparison.Side>> sides) {
    List<Comparison> family = new ArrayList<>();
    Map<String, Comparison.Side> control = sides.get(spec.control());
    if (control == null) {
      return family;
    }
    for (Arms.Metric metric : arms.metrics()) {
      sides.forEach(
          (variant, byMetric) -> {
            if (!variant.equals(spec.control())) {
              family.add(
                  new Comparison(
                      metric.name(),
                      variant,
                      metric.estimand(),
                      control.get(metric.name()),
                      byMetric.get(metric.name())));
            }
          });
    }
    return family;
  }

  /** Shares that are right in all units and wrong in some hide what is wrong. */
  private List<String> mismatches(Arms arms) {
    List<String> problems = new ArrayList<>();
    for (Arms.Segment segment : arms.segments()) {
      SampleRatio ratio = sampleRatio(segment.units(), arms.units().keySet());
      if (ratio.isMismatch(arms.segments().size())) {
        problems.add(
            String.format(
                Locale.ROOT,
                "Units of %s=%s did not come in the planned shares: %s, p %s.",
                segment.key(),
                segment.value(),
                segment.units(),
                pValue(ratio)));
      }
    }
    return problems;
  }

  private static String pValue(SampleRatio ratio) {
    return ratio.pValue() == 0
        ? "below 1e-300"
        : String.format(Locale.ROOT, "%.2g", ratio.pValue());
  }

  private SampleRatio sampleRatio(Map<String, Long> units, Set<String> all) {
    Map<String, Double> planned = new TreeMap<>(spec.allocation());
    if (planned.isEmpty()) {
      all.forEach(variant -> planned.put(variant, 1.0 / all.size()));
    }
    for (String variant : units.keySet()) {
      if (!planned.containsKey(variant)) {
        throw ExperimentErrors.wrongDesign(
            "--allocation names no share of " + variant + ", which has units");
      }
    }
    List<String> variants = List.copyOf(planned.keySet());
    try {
      return SampleRatio.of(
          variants.stream().mapToLong(one -> units.getOrDefault(one, 0L)).toArray(),
          variants.stream().mapToDouble(planned::get).toArray());
    } catch (IllegalArgumentException e) {
      throw ExperimentErrors.wrongDesign(e.getMessage());
    }
  }
}
