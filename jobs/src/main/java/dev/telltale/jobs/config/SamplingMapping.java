package dev.telltale.jobs.config;

import static dev.telltale.jobs.config.ModelMapping.text;
import static dev.telltale.jobs.config.ModelMapping.texts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.telltale.config.ModelConfig;
import dev.telltale.config.Sampling;
import java.util.Locale;
import java.util.Optional;

/** The key {@code sampling} of a model file as {@link Sampling} and back. */
final class SamplingMapping {
  private SamplingMapping() {}

  /**
   * How the telemetry is sampled, if the file says so.
   *
   * @param telemetry what the file has under {@code predictions}
   */
  static Optional<Sampling> read(JsonNode json, ModelConfig.Predictions telemetry) {
    if (json.isMissingNode()) {
      return Optional.empty();
    }
    Optional<String> measure = text(json.path("measure"));
    return Optional.of(
        new Sampling(
            telemetry.table(),
            telemetry.weight(),
            amount(json),
            texts(json.path("strata")),
            Sampling.Allocation.valueOf(
                text(json.path("allocation"))
                    .orElse(Sampling.Allocation.PROPORTIONAL.name())
                    .toUpperCase(Locale.ROOT)),
            measure.isPresent() ? measure : telemetry.score(),
            text(json.path("unit")),
            texts(json.path("whole")),
            json.has("cost-per-million-rows")
                ? Optional.of(json.path("cost-per-million-rows").doubleValue())
                : Optional.empty()));
  }

  /** The first of them; that there is one and only one is a rule of its own. */
  private static Sampling.Amount amount(JsonNode json) {
    for (Sampling.AmountKind kind : Sampling.AmountKind.values()) {
      if (json.has(key(kind))) {
        return new Sampling.Amount(kind, json.path(key(kind)).doubleValue());
      }
    }
    return new Sampling.Amount(Sampling.AmountKind.RATE, 1);
  }

  /** The key of an amount. */
  static String key(Sampling.AmountKind kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static void write(Sampling sampling, String table, ObjectNode json) {
    json.put("table", table);
    json.put(key(sampling.amount().kind()), sampling.amount().value());
    texts(json.putArray("strata"), sampling.strata());
    json.put("allocation", sampling.allocation().name().toLowerCase(Locale.ROOT));
    sampling.measure().ifPresent(column -> json.put("measure", column));
    sampling.unit().ifPresent(column -> json.put("unit", column));
    texts(json.putArray("whole"), sampling.whole());
    sampling.costPerMillionRows().ifPresent(cost -> json.put("cost-per-million-rows", cost));
  }
}
