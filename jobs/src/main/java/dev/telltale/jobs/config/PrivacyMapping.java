package dev.telltale.jobs.config;

import static dev.telltale.jobs.config.ModelMapping.texts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.telltale.config.Defaults;
import dev.telltale.config.ModelConfig;
import dev.telltale.config.Privacy;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

/** The key {@code privacy} of a model file as {@link Privacy} and back, and its rules. */
final class PrivacyMapping {
  private static final String AT = "/privacy";

  private PrivacyMapping() {}

  /**
   * What the file says.
   *
   * @param environment variables that hold the keys
   */
  static Privacy read(JsonNode json, Map<String, String> environment) {
    if (json.isMissingNode()) {
      return Privacy.none();
    }
    NavigableMap<String, Integer> truncate = new TreeMap<>();
    json.path("truncate")
        .properties()
        .forEach(entry -> truncate.put(entry.getKey(), entry.getValue().intValue()));
    NavigableMap<String, String> generalise = new TreeMap<>();
    json.path("generalise")
        .properties()
        .forEach(entry -> generalise.put(entry.getKey(), entry.getValue().asText()));
    List<Privacy.Key> keys =
        StreamSupport.stream(json.path("keys").spliterator(), false)
            .map(
                key -> {
                  String variable = key.path("variable").textValue();
                  return new Privacy.Key(
                      Days.read(key.path("from")),
                      variable,
                      Optional.ofNullable(environment.get(variable)));
                })
            .toList();
    return new Privacy(
        texts(json.path("drop")),
        texts(json.path("pseudonym")),
        texts(json.path("hash")),
        truncate,
        generalise,
        keys,
        ModelMapping.text(json.path("unit"))
            .map(
                unit ->
                    new Privacy.Units(
                        unit, json.path("minimum-units").asInt(Defaults.MINIMUM_UNITS))));
  }

  /** Never the secrets. */
  static void write(Privacy privacy, ObjectNode json) {
    texts(json.putArray("drop"), privacy.drop());
    texts(json.putArray("pseudonym"), privacy.pseudonym());
    texts(json.putArray("hash"), privacy.hash());
    ObjectNode truncate = json.putObject("truncate");
    privacy.truncate().forEach(truncate::put);
    ObjectNode generalise = json.putObject("generalise");
    privacy
        .generalise()
        .forEach(
            (column, step) -> {
              if (Privacy.TIME_UNITS.contains(step)) {
                generalise.put(column, step);
              } else {
                generalise.put(column, new BigDecimal(step));
              }
            });
    ArrayNode keys = json.putArray("keys");
    for (Privacy.Key key : privacy.keys()) {
      keys.addObject().put("from", key.from().toString()).put("variable", key.variable());
    }
    privacy
        .units()
        .ifPresent(units -> json.put("unit", units.column()).put("minimum-units", units.minimum()));
  }

  /** What the schema cannot say. */
  static List<Problem> problems(ModelConfig model, YamlDocument document) {
    Privacy privacy = model.privacy();
    List<Problem> problems = new ArrayList<>();
    for (String column : new TreeSet<>(privacy.columns())) {
      if (Collections.frequency(privacy.columns(), column) > 1) {
        problems.add(
            new Problem(
                document.line(AT),
                "`privacy` says two different things of column `" + column + "`; keep one"));
      }
    }
    needed(model)
        .forEach(
            (column, role) -> {
              if (privacy.changes(column)) {
                problems.add(
                    new Problem(
                        document.line(AT),
                        "`privacy` changes column `"
                            + column
                            + "`, which is "
                            + role
                            + " and is needed as it is; let clients log one that may be stored"));
              }
            });
    gone(model)
        .forEach(
            (column, where) -> {
              if (privacy.drop().contains(column)) {
                problems.add(
                    new Problem(
                        document.line(AT + "/drop"),
                        "`privacy.drop` has column `"
                            + column
                            + "`, which `"
                            + where
                            + "` asks for; keep one"));
              }
            });
    keys(privacy, document, problems);
    String minimum = AT + "/minimum-units";
    if (privacy.units().isEmpty() && !document.root().at(minimum).isMissingNode()) {
      problems.add(
          new Problem(
              document.line(minimum),
              "`privacy.minimum-units` is of no `unit`; name the column, such as a user's id"));
    }
    return problems;
  }

  /** Columns that cannot be changed, and what they are. */
  private static Map<String, String> needed(ModelConfig model) {
    Map<String, String> needed = new TreeMap<>();
    ModelConfig.Predictions log = model.telemetry();
    needed.put(log.id(), "the id of a prediction");
    needed.put(log.eventTime(), "the event time");
    log.clocks().uploadTime().ifPresent(name -> needed.put(name, "the upload time"));
    log.modelVersion().ifPresent(name -> needed.put(name, "the version of the model"));
    needed.put(log.prediction(), "the prediction");
    log.score().ifPresent(name -> needed.put(name, "the score"));
    log.weight().ifPresent(name -> needed.put(name, "the inclusion weight"));
    log.group().ifPresent(name -> needed.put(name, "the query of an item"));
    log.quantiles().forEach(one -> needed.put(one.column(), "a predicted quantile"));
    // What they are is stored beside the sample.
    model
        .sampling()
        .ifPresent(drawn -> drawn.strata().forEach(name -> needed.put(name, "a stratum")));
    return needed;
  }

  /** Columns that cannot be dropped, and where they are asked for. */
  private static Map<String, String> gone(ModelConfig model) {
    Map<String, String> gone = new TreeMap<>();
    model.slices().forEach(slice -> slice.forEach(name -> gone.put(name, "slices")));
    model.columns().include().forEach(name -> gone.put(name, "columns.include"));
    model.privacy().units().ifPresent(units -> gone.put(units.column(), "privacy.unit"));
    return gone;
  }

  private static void keys(Privacy privacy, YamlDocument document, List<Problem> problems) {
    if (!privacy.pseudonym().isEmpty() && privacy.keys().isEmpty()) {
      problems.add(
          new Problem(
              document.line(AT + "/pseudonym"),
              "`privacy.pseudonym` needs `keys`, such as {from: 2026-01-01, variable:"
                  + " TELLTALE_PSEUDONYM_KEY}"));
    }
    for (int i = 0; i < privacy.keys().size(); i++) {
      Privacy.Key key = privacy.keys().get(i);
      int line = document.line(AT + "/keys/" + i);
      if (i > 0 && !key.from().isAfter(privacy.keys().get(i - 1).from())) {
        problems.add(
            new Problem(
                line, "`privacy.keys` are in the order of `from`, and no two of the same day"));
      }
      int bytes = key.secret().orElse("").getBytes(StandardCharsets.UTF_8).length;
      if (bytes == 0) {
        problems.add(new Problem(line, "environment variable `" + key.variable() + "` is not set"));
      } else if (bytes < Privacy.KEY_BYTES) {
        problems.add(
            new Problem(
                line,
                "the key in environment variable `"
                    + key.variable()
                    + "` has "
                    + bytes
                    + " bytes, and at least "
                    + Privacy.KEY_BYTES
                    + " are needed; make one with `openssl rand -hex 32`"));
      }
    }
  }
}
