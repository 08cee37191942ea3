package dev.telltale.jobs.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.telltale.experiment.Comparison;
import dev.telltale.experiment.Heterogeneity;
import dev.telltale.experiment.Inference;
import dev.telltale.experiment.MetricResult;
import dev.telltale.jobs.analyze.AnalyzeJob;
import dev.telltale.jobs.analyze.AnalyzeSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The answer of {@code telltale analyze}. A number that is not finite is null. */
final class AnalyzeAnswer {
  private final AnalyzeSpec spec;
  private final AnalyzeJob.Result result;

  AnalyzeAnswer(AnalyzeSpec spec, AnalyzeJob.Result result) {
    this.spec = spec;
    this.result = result;
  }

  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("control", spec.control());
    json.put("alpha", spec.policy().alpha());
    json.put("correction", spec.policy().correction().name());
    ObjectNode units = json.putObject("units");
    result.units().forEach(units::put);
    metrics(json.putArray("metrics"), result.metrics());
    if (!result.segments().isEmpty()) {
      ArrayNode segments = json.putArray("segments");
      for (AnalyzeJob.Segment segment : result.segments()) {
        ObjectNode one = segments.addObject();
        one.put("slice_key", segment.key()).put("slice_value", segment.value());
        metrics(one.putArray("metrics"), segment.metrics());
      }
      heterogeneity(json.putArray("heterogeneity"));
    }
    ObjectNode ratio = json.putObject("srm");
    JsonNumber.put(ratio, "statistic", result.sampleRatio().statistic());
    ratio
        .put("degrees_of_freedom", result.sampleRatio().degreesOfFreedom())
        .put("p_value", result.sampleRatio().pValue());
    ArrayNode problems = json.putArray("problems");
    result.problems().forEach(problems::add);
    return json;
  }

  private void heterogeneity(ArrayNode array) {
    for (Heterogeneity one : result.heterogeneity()) {
      array
          .addObject()
          .put("metric", one.metric())
          .put("variant", one.variant())
          .put("slice_key", one.key())
          .put("values", one.values())
          .put("statistic", one.statistic())
          .put("p_value", one.pValue())
          .put("p_value_adjusted", one.pValueAdjusted())
          .put("inconsistency_ratio", one.inconsistency())
          .put("reversed", one.isReversed())
          .put("because", one.because());
    }
  }

  private void metrics(ArrayNode array, List<MetricResult> results) {
    for (MetricResult one : results) {
      ObjectNode node = array.addObject();
      Comparison comparison = one.comparison();
      node.put("metric", comparison.metric())
          .put("variant", comparison.variant())
          .put("n_control", comparison.control().moments().n())
          .put("n_variant", comparison.compared().moments().n());
      JsonNumber.put(
          node, "mean_control", comparison.estimand().value(comparison.control().moments()));
      JsonNumber.put(
          node, "mean_variant", comparison.estimand().value(comparison.compared().moments()));
      one.unadjusted().ifPresent(inference -> inference(node, inference));
      one.adjusted()
          .ifPresent(
              inference -> {
                ObjectNode adjusted = node.putObject("adjusted");
                inference(adjusted, inference);
                theta(adjusted, one.theta());
              });
      one.pValueAdjusted().ifPresent(p -> node.put("p_value_adjusted", p));
      one.simultaneous()
          .ifPresent(
              interval -> {
                ObjectNode together = node.putObject("simultaneous");
                JsonNumber.put(together, "ci_low", interval.low());
                JsonNumber.put(together, "ci_high", interval.high());
              });
      node.put("decision", one.outcome().name()).put("because", one.because());
    }
  }

  private static void inference(ObjectNode node, Inference inference) {
    node.put("test", inference.test());
    JsonNumber.put(node, "statistic", inference.statistic());
    JsonNumber.put(node, "degrees_of_freedom", inference.degreesOfFreedom());
    ObjectNode absolute = node.putObject("absolute");
    JsonNumber.put(absolute, "effect", inference.absolute().effect());
    JsonNumber.put(absolute, "std_error", inference.absolute().standardError());
    JsonNumber.put(absolute, "ci_low", inference.absolute().low());
    JsonNumber.put(absolute, "ci_high", inference.absolute().high());
    JsonNumber.put(absolute, "p_value", inference.absolute().pValue());
    if (inference.relative().isEmpty()) {
      node.putNull("relative");
      return;
    }
    Inference.Lift lift = inference.relative().get();
    ObjectNode relative = node.putObject("relative");
    JsonNumber.put(relative, "effect", lift.effect());
    JsonNumber.put(relative, "ci_low", lift.low());
    JsonNumber.put(relative, "ci_high", lift.high());
    relative.put("method", lift.method());
  }

  /** One number for one covariate of a summary; otherwise a list, by covariate. */
  private void theta(ObjectNode node, List<Double> theta) {
    if (theta.size() == 1) {
      node.put("theta", theta.get(0));
      return;
    }
    ArrayNode array = node.putArray("theta");
    // Of data, an indicator of missing values follows each covariate, and the size of clusters all.
    int perArm = 2 * spec.covariates().size() + (spec.cluster().isPresent() ? 1 : 0);
    for (int i = 0; i < theta.size(); i++) {
      int place = spec.isSummary() ? 0 : i % perArm;
      if (place % 2 == 0 && (spec.isSummary() || place < 2 * spec.covariates().size())) {
        array.add(theta.get(i));
      }
    }
    if (array.size() == 1) {
      node.put("theta", theta.get(0));
    }
  }

  List<String> lines(Format format) {
    if (format != Format.TABLE) {
      return numbers().lines(format);
    }
    List<List<String>> rows = new ArrayList<>();
    result.metrics().forEach(one -> rows.add(line("all", one)));
    for (AnalyzeJob.Segment segment : result.segments()) {
      segment.metrics().forEach(one -> rows.add(line(segment.key() + "=" + segment.value(), one)));
    }
    List<String> lines =
        new ArrayList<>(new Table(List.of("UNITS", "DECISION", "BECAUSE"), rows).lines(format));
    List<Heterogeneity> differing =
        result.heterogeneity().stream()
            .filter(one -> one.isReversed() || one.pValueAdjusted() < spec.policy().alpha())
            .toList();
    if (!result.problems().isEmpty() || !differing.isEmpty()) {
      lines.add("");
    }
    differing.forEach(one -> lines.addAll(Table.wrap(one.because())));
    result.problems().forEach(problem -> lines.addAll(Table.wrap(problem)));
    return lines;
  }

  private static List<String> line(String units, MetricResult one) {
    return List.of(units, one.outcome().name(), one.because());
  }

  private Table numbers() {
    List<List<String>> rows = new ArrayList<>();
    result.metrics().forEach(one -> rows.add(cells("", "", one)));
    for (AnalyzeJob.Segment segment : result.segments()) {
      segment.metrics().forEach(one -> rows.add(cells(segment.key(), segment.value(), one)));
    }
    return new Table(
        List.of(
            "slice_key",
            "slice_value",
            "metric",
            "variant",
            "n_control",
            "n_variant",
            "mean_control",
            "mean_variant",
            "test",
            "effect",
            "std_error",
            "ci_low",
            "ci_high",
            "p_value",
            "p_value_adjusted",
            "lift",
            "lift_ci_low",
            "lift_ci_high",
            "decision"),
        rows);
  }

  private static List<String> cells(String key, String value, MetricResult one) {
    Comparison comparison = one.comparison();
    List<String> cells = new ArrayList<>(List.of(key, value));
    cells.add(comparison.metric());
    cells.add(comparison.variant());
    cells.add(Long.toString(comparison.control().moments().n()));
    cells.add(Long.toString(comparison.compared().moments().n()));
    cells.add(text(comparison.estimand().value(comparison.control().moments())));
    cells.add(text(comparison.estimand().value(comparison.compared().moments())));
    cells.add(one.deciding().map(Inference::test).orElse(""));
    Inference.Effect effect =
        one.deciding()
            .map(Inference::absolute)
            .orElse(
                new Inference.Effect(Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN));
    cells.add(text(effect.effect()));
    cells.add(text(effect.standardError()));
    cells.add(text(effect.low()));
    cells.add(text(effect.high()));
    cells.add(text(effect.pValue()));
    cells.add(one.pValueAdjusted().isPresent() ? text(one.pValueAdjusted().getAsDouble()) : "");
    Inference.Lift lift =
        one.deciding()
            .flatMap(Inference::relative)
            .orElse(new Inference.Lift(Double.NaN, Double.NaN, Double.NaN, ""));
    cells.add(text(lift.effect()));
    cells.add(text(lift.low()));
    cells.add(text(lift.high()));
    cells.add(one.outcome().name().toLowerCase(Locale.ROOT));
    return cells;
  }

  private static String text(double value) {
    return Double.isFinite(value) ? Double.toString(value) : "";
  }
}
