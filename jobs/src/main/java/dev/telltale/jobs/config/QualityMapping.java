package dev.telltale.jobs.config;

import static dev.telltale.jobs.config.ModelMapping.text;
import static dev.telltale.jobs.config.ModelMapping.texts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.telltale.config.Defaults;
import dev.telltale.config.ModelConfig;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** The key {@code quality} of a model file as {@link ModelConfig.Quality} and back. */
final class QualityMapping {
  private QualityMapping() {}

  static ModelConfig.Quality read(JsonNode json) {
    return new ModelConfig.Quality(
        text(json.path("task")).map(task -> task.toUpperCase(Locale.ROOT)),
        json.has("positive") ? Optional.of(json.path("positive").asText()) : Optional.empty(),
        json.path("beta").asDouble(Defaults.BETA),
        values(json.path("outcome-values")),
        json.has("at") ? whole(json.path("at")) : Defaults.CUTOFFS,
        texts(json.path("metrics")),
        json.path("tolerance").asDouble(Defaults.TOLERANCE),
        json.path("tolerance-ratio").asDouble(Defaults.TOLERANCE_RATIO),
        json.path("alpha").asDouble(Defaults.ALPHA),
        json.path("minimum-labels").asInt(Defaults.MINIMUM_LABELS),
        Durations.read(json.path("restate-within"), Defaults.RESTATE_WITHIN),
        json.path("labelling-budget").asInt(Defaults.LABELLING_BUDGET));
  }

  private static Optional<ModelConfig.OutcomeValues> values(JsonNode json) {
    return json.isMissingNode()
        ? Optional.empty()
        : Optional.of(
            new ModelConfig.OutcomeValues(
                json.path("true-positive").doubleValue(),
                json.path("false-positive").doubleValue(),
                json.path("false-negative").doubleValue(),
                json.path("true-negative").doubleValue()));
  }

  private static List<Integer> whole(JsonNode json) {
    return StreamSupport.stream(json.spliterator(), false).map(JsonNode::intValue).toList();
  }

  static void write(ModelConfig.Quality quality, ObjectNode json) {
    quality.task().ifPresent(task -> json.put("task", task.toLowerCase(Locale.ROOT)));
    quality.positive().ifPresent(value -> json.put("positive", value));
    json.put("beta", quality.beta());
    quality
        .outcomeValues()
        .ifPresent(
            values ->
                json.putObject("outcome-values")
                    .put("true-positive", values.truePositive())
                    .put("false-positive", values.falsePositive())
                    .put("false-negative", values.falseNegative())
                    .put("true-negative", values.trueNegative()));
    quality.cutoffs().forEach(json.putArray("at")::add);
    texts(json.putArray("metrics"), quality.metrics());
    json.put("tolerance", quality.tolerance())
        .put("tolerance-ratio", quality.toleranceRatio())
        .put("alpha", quality.alpha())
        .put("minimum-labels", quality.minimumLabels())
        .put("restate-within", Durations.text(quality.restateWithin()))
        .put("labelling-budget", quality.labellingBudget());
  }
}
