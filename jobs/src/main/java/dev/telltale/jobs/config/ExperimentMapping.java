package dev.telltale.jobs.config;

import static dev.telltale.jobs.config.ModelMapping.text;
import static dev.telltale.jobs.config.ModelMapping.texts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.telltale.config.Defaults;
import dev.telltale.config.Experiment;
import dev.telltale.config.ExperimentMetric;
import dev.telltale.config.Kpi;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** An experiment file as {@link Experiment} and back. */
final class ExperimentMapping {
  private static final String PERCENT = "%";

  private ExperimentMapping() {}

  /** The experiment of a document that the schema allows, with the defaults filled in. */
  static Experiment read(JsonNode json) {
    Map<String, Double> variants = new LinkedHashMap<>();
    json.path("variants")
        .properties()
        .forEach(entry -> variants.put(entry.getKey(), entry.getValue().doubleValue()));
    JsonNode to = json.path("to");
    Experiment.Exposures exposures = exposures(json.path("exposures"));
    JsonNode units = json.path("units");
    JsonNode prior = json.path("prior-lift");
    return new Experiment(
        json.path("experiment").textValue(),
        json.path("model").textValue(),
        Days.read(json.path("from")),
        to.isMissingNode() ? Optional.empty() : Optional.of(Days.read(to)),
        text(json.path("control")).orElseGet(() -> variants.keySet().iterator().next()),
        variants,
        exposures,
        metrics(json.path("metrics"), exposures),
        json.path("pre-days").asInt(Defaults.PRE_DAYS),
        json.path("alpha").asDouble(Defaults.EXPERIMENT_ALPHA),
        text(json.path("spending")).orElse(Defaults.SPENDING),
        units.isMissingNode() ? OptionalLong.empty() : OptionalLong.of(units.longValue()),
        prior.isMissingNode() ? OptionalDouble.empty() : OptionalDouble.of(prior.doubleValue()));
  }

  /**
   * The effective configuration: every key in a fixed order, so equal experiments are equal text.
   */
  static ObjectNode write(Experiment experiment) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("experiment", experiment.id());
    json.put("model", experiment.model());
    json.put("from", experiment.from().toString());
    experiment.to().ifPresent(day -> json.put("to", day.toString()));
    json.put("control", experiment.control());
    ObjectNode variants = json.putObject("variants");
    experiment.variants().forEach(variants::put);
    Experiment.Exposures exposures = experiment.exposures();
    ObjectNode log = json.putObject("exposures");
    log.put("table", exposures.table());
    log.put("unit", exposures.unit());
    log.put("variant", exposures.variant());
    log.put("event-time", exposures.eventTime());
    exposures.where().ifPresent(sql -> log.put("where", sql));
    exposures.exclude().ifPresent(sql -> log.put("exclude", sql));
    texts(log.putArray("segments"), exposures.segments());
    ArrayNode metrics = json.putArray("metrics");
    experiment.metrics().forEach(metric -> write(metric, metrics.addObject()));
    json.put("pre-days", experiment.preDays());
    json.put("alpha", experiment.alpha());
    json.put("spending", experiment.spending());
    experiment.units().ifPresent(units -> json.put("units", units));
    experiment.priorLift().ifPresent(lift -> json.put("prior-lift", lift));
    return json;
  }

  private static Experiment.Exposures exposures(JsonNode json) {
    return new Experiment.Exposures(
        json.path("table").textValue(),
        json.path("unit").textValue(),
        json.path("variant").textValue(),
        json.path("event-time").textValue(),
        text(json.path("where")),
        text(json.path("exclude")),
        texts(json.path("segments")));
  }

  private static List<ExperimentMetric> metrics(JsonNode json, Experiment.Exposures exposures) {
    List<ExperimentMetric> metrics = new ArrayList<>();
    for (JsonNode metric : json) {
      JsonNode days = metric.path("days");
      JsonNode margin = metric.path("margin");
      metrics.add(
          new ExperimentMetric(
              metric.path("name").textValue(),
              metric.path("table").textValue(),
              text(metric.path("unit")).orElse(exposures.unit()),
              text(metric.path("event-time")).orElse(exposures.eventTime()),
              text(metric.path("where")),
              ExperimentMetric.Kind.valueOf(upper(metric.path("kind").textValue())),
              text(metric.path("value")),
              text(metric.path("denominator")),
              metric.path("from-day").asInt(0),
              days.isMissingNode() ? OptionalInt.empty() : OptionalInt.of(days.intValue()),
              number(metric.path("cap")),
              number(metric.path("denominator-cap")),
              number(metric.path("quantile")),
              ExperimentMetric.Role.valueOf(
                  upper(text(metric.path("role")).orElse(ExperimentMetric.Role.SECONDARY.name()))),
              Kpi.Goal.valueOf(upper(text(metric.path("goal")).orElse(Kpi.Goal.INCREASE.name()))),
              margin.isTextual() ? OptionalDouble.of(share(margin.textValue())) : number(margin),
              margin.isTextual()));
    }
    return metrics;
  }

  private static void write(ExperimentMetric metric, ObjectNode json) {
    json.put("name", metric.name());
    json.put("table", metric.table());
    json.put("unit", metric.unit());
    json.put("event-time", metric.eventTime());
    metric.where().ifPresent(sql -> json.put("where", sql));
    json.put("kind", lower(metric.kind()));
    metric.value().ifPresent(sql -> json.put("value", sql));
    metric.denominator().ifPresent(sql -> json.put("denominator", sql));
    json.put("from-day", metric.fromDay());
    metric.days().ifPresent(days -> json.put("days", days));
    metric.cap().ifPresent(cap -> json.put("cap", cap));
    metric.denominatorCap().ifPresent(cap -> json.put("denominator-cap", cap));
    metric.quantile().ifPresent(quantile -> json.put("quantile", quantile));
    json.put("role", lower(metric.role()));
    json.put("goal", lower(metric.goal()));
    metric
        .margin()
        .ifPresent(
            margin -> {
              if (metric.marginIsRelative()) {
                json.put("margin", percent(margin));
              } else {
                json.put("margin", margin);
              }
            });
  }

  /** In decimal, as 2.3 / 100 is not the number next to 0.023. */
  private static double share(String percent) {
    return new BigDecimal(percent.replace(PERCENT, "").strip()).movePointLeft(2).doubleValue();
  }

  private static String percent(double share) {
    return BigDecimal.valueOf(share).movePointRight(2).stripTrailingZeros().toPlainString()
        + PERCENT;
  }

  private static OptionalDouble number(JsonNode json) {
    return json.isMissingNode() ? OptionalDouble.empty() : OptionalDouble.of(json.doubleValue());
  }

  private static String upper(String text) {
    return text.toUpperCase(Locale.ROOT);
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
