package dev.telltale.jobs.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.telltale.config.Clocks;
import dev.telltale.config.Defaults;
import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.config.Retention;
import dev.telltale.config.Sampling;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * A model file as {@link ModelConfig} and back. Both directions name every key, so that what one
 * forgets shows in the other.
 */
final class ModelMapping {
  private ModelMapping() {}

  /**
   * The model of a document that the schema allows, with the defaults filled in.
   *
   * @param environment variables that hold keys of pseudonyms
   */
  static ModelConfig read(JsonNode json, Map<String, String> environment) {
    String model = json.path("model").textValue();
    ModelConfig.Predictions telemetry = predictions(json.path("predictions"));
    Optional<Sampling> sampling = SamplingMapping.read(json.path("sampling"), telemetry);
    return new ModelConfig(
        model,
        sampling.isEmpty()
            ? telemetry
            : telemetry.stored(
                text(json.path("sampling").path("table"))
                    .orElse(Defaults.SAMPLE_TABLE + model.replaceAll("[^A-Za-z0-9]", "_")),
                Optional.of(Sampling.WEIGHT)),
        baseline(json.path("baseline")),
        columns(json.path("columns")),
        slices(json.path("slices")),
        json.path("max-slice-values").asInt(Defaults.MAX_SLICE_VALUES),
        granularities(json.path("granularities")),
        drift(json.path("drift")),
        alerts(json.path("alerts")),
        FeedbackMapping.read(json.path("feedback")),
        QualityMapping.read(json.path("quality")),
        KpiMapping.read(json.path("kpis")),
        sampling,
        PrivacyMapping.read(json.path("privacy"), environment),
        RetentionMapping.read(json.path("retention")),
        CheckMapping.read(json.path("checks")),
        SystemMapping.read(json.path("system")));
  }

  /** The effective configuration: every key in a fixed order, so equal models have equal text. */
  static ObjectNode write(ModelConfig config) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("model", config.model());
    ModelConfig.Predictions predictions = config.telemetry();
    ObjectNode log = json.putObject("predictions");
    log.put("table", predictions.table());
    log.put("id", predictions.id());
    log.put("event-time", predictions.eventTime());
    predictions.modelVersion().ifPresent(column -> log.put("model-version", column));
    log.put("prediction", predictions.prediction());
    predictions.score().ifPresent(column -> log.put("score", column));
    predictions.weight().ifPresent(column -> log.put("weight", column));
    predictions.group().ifPresent(column -> log.put("group", column));
    if (!predictions.quantiles().isEmpty()) {
      ObjectNode quantiles = log.putObject("quantiles");
      predictions.quantiles().forEach(one -> quantiles.put(one.column(), one.level()));
    }
    Clocks clocks = predictions.clocks();
    clocks.uploadTime().ifPresent(column -> log.put("upload-time", column));
    log.put("clock-skew", Durations.text(clocks.skew()));
    log.put("allowed-lateness", Durations.text(clocks.allowedLateness()));
    ObjectNode baseline = json.putObject("baseline");
    baseline.put("table", config.baseline().table());
    config.baseline().version().ifPresent(version -> baseline.put("version", version));
    ObjectNode columns = json.putObject("columns");
    texts(columns.putArray("include"), config.columns().include());
    texts(columns.putArray("exclude"), config.columns().exclude());
    texts(columns.putArray("categorical"), config.columns().categorical());
    ArrayNode slices = json.putArray("slices");
    config.slices().forEach(slice -> texts(slices.addArray(), slice));
    json.put("max-slice-values", config.maxSliceValues());
    texts(
        json.putArray("granularities"),
        config.granularities().stream().map(Granularity::label).toList());
    ModelConfig.Drift drift = config.drift();
    json.putObject("drift")
        .put("alpha", drift.alpha())
        .put("correction", drift.correction().toLowerCase(Locale.ROOT).replace('_', '-'))
        .put("effect", drift.effect())
        .put("threshold", drift.threshold())
        .put("missingness", drift.missingness())
        .put("new-category", drift.newCategory())
        .put("out-of-range", drift.outOfRange())
        .put("row-count-ratio", drift.rowCountRatio())
        .put("minimum-rows", drift.minimumRows());
    json.putObject("alerts")
        .put("windows", config.alerts().windows())
        .put("required", config.alerts().required())
        .put("close-after", config.alerts().closeAfter())
        .put("cool-down", config.alerts().coolDown());
    FeedbackMapping.write(config.feedback(), json.putArray("feedback"));
    QualityMapping.write(config.quality(), json.putObject("quality"));
    KpiMapping.write(config.kpis(), json.putArray("kpis"));
    config
        .sampling()
        .ifPresent(
            sampling ->
                SamplingMapping.write(
                    sampling, config.predictions().table(), json.putObject("sampling")));
    PrivacyMapping.write(config.privacy(), json.putObject("privacy"));
    if (!config.retention().equals(Retention.FOR_EVER)) {
      RetentionMapping.write(config.retention(), json.putObject("retention"));
    }
    CheckMapping.write(config.checks(), json.putArray("checks"));
    config.system().ifPresent(system -> SystemMapping.write(system, json.putObject("system")));
    return json;
  }

  private static ModelConfig.Predictions predictions(JsonNode json) {
    return new ModelConfig.Predictions(
        json.path("table").textValue(),
        json.path("id").textValue(),
        json.path("event-time").textValue(),
        text(json.path("model-version")),
        json.path("prediction").textValue(),
        text(json.path("score")),
        text(json.path("weight")),
        text(json.path("group")),
        quantiles(json.path("quantiles")),
        new Clocks(
            text(json.path("upload-time")),
            Durations.read(json.path("clock-skew"), Defaults.CLOCK_SKEW),
            Durations.read(json.path("allowed-lateness"), Defaults.ALLOWED_LATENESS)));
  }

  private static List<ModelConfig.Quantile> quantiles(JsonNode json) {
    return json.properties().stream()
        .map(entry -> new ModelConfig.Quantile(entry.getKey(), entry.getValue().doubleValue()))
        .sorted(
            Comparator.comparingDouble(ModelConfig.Quantile::level)
                .thenComparing(ModelConfig.Quantile::column))
        .toList();
  }

  private static ModelConfig.Baseline baseline(JsonNode json) {
    JsonNode version = json.path("version");
    return new ModelConfig.Baseline(
        json.path("table").textValue(),
        version.isMissingNode() ? Optional.empty() : Optional.of(version.longValue()));
  }

  private static ModelConfig.Columns columns(JsonNode json) {
    return new ModelConfig.Columns(
        texts(json.path("include")), texts(json.path("exclude")), texts(json.path("categorical")));
  }

  private static List<List<String>> slices(JsonNode json) {
    List<List<String>> slices = new ArrayList<>();
    json.forEach(slice -> slices.add(texts(slice)));
    return List.copyOf(slices);
  }

  private static List<Granularity> granularities(JsonNode json) {
    return json.isMissingNode()
        ? Defaults.GRANULARITIES
        : texts(json).stream().map(Granularity::of).sorted().toList();
  }

  private static ModelConfig.Drift drift(JsonNode json) {
    String correction = json.path("correction").asText(Defaults.CORRECTION);
    return new ModelConfig.Drift(
        json.path("alpha").asDouble(Defaults.ALPHA),
        correction.toUpperCase(Locale.ROOT).replace('-', '_'),
        json.path("effect").asText(Defaults.EFFECT),
        json.path("threshold").asDouble(Defaults.THRESHOLD),
        json.path("missingness").asDouble(Defaults.MISSINGNESS),
        json.path("new-category").asDouble(Defaults.NEW_CATEGORY),
        json.path("out-of-range").asDouble(Defaults.OUT_OF_RANGE),
        json.path("row-count-ratio").asDouble(Defaults.ROW_COUNT_RATIO),
        json.path("minimum-rows").asInt(Defaults.MINIMUM_ROWS));
  }

  private static ModelConfig.Alerts alerts(JsonNode json) {
    return new ModelConfig.Alerts(
        json.path("windows").asInt(Defaults.ALERT_WINDOWS),
        json.path("required").asInt(Defaults.ALERT_REQUIRED),
        json.path("close-after").asInt(Defaults.ALERT_CLOSE_AFTER),
        json.path("cool-down").asInt(Defaults.ALERT_COOL_DOWN));
  }

  static Optional<String> text(JsonNode json) {
    return Optional.ofNullable(json.textValue());
  }

  static List<String> texts(JsonNode json) {
    return StreamSupport.stream(json.spliterator(), false).map(JsonNode::textValue).toList();
  }

  static void texts(ArrayNode array, List<String> texts) {
    texts.forEach(array::add);
  }
}
