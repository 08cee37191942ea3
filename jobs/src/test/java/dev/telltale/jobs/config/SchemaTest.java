package dev.telltale.jobs.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.telltale.check.Expectations;
import dev.telltale.check.Parameter;
import dev.telltale.drift.DriftPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The published schema, the defaults and the mapping say the same. */
class SchemaTest {
  private static final String SMALLEST =
      """
      model: flights
      predictions: {table: predictions, id: id, event-time: ts, prediction: late}
      baseline: {table: baseline}
      sampling: {rate: 0.5}
      privacy: {unit: user}
      system: {}
      """;

  private static final String EXPERIMENT =
      """
      experiment: e
      model: flights
      from: 2026-10-01
      variants: {a: 0.5, b: 0.5}
      exposures: {table: exposures, unit: user, variant: v, event-time: ts}
      metrics:
        - {name: bought, table: orders, kind: count, role: primary}
        - {name: seen, table: visits, kind: count}
      """;

  @TempDir Path directory;

  @Test
  void everyDefaultInTheSchemaIsTheOneThatIsUsed() throws IOException {
    Path file = Files.writeString(directory.resolve("model.yaml"), SMALLEST);
    ModelFile model = ConfigReader.of(file.toString(), Map.of()).model(Optional.empty());
    JsonNode effective = new ObjectMapper().readTree(ModelFile.effective(model.config()));
    JsonNode schema = SchemaCheck.of("model").schema();
    List<String> compared = new ArrayList<>();
    compare(schema, schema, effective, "", compared);
    assertThat(compared).contains("/drift/alpha", "/granularities", "/columns/include").hasSize(44);
  }

  @Test
  void everyDefaultInTheSchemaOfAnExperimentIsTheOneThatIsUsed() throws IOException {
    Files.writeString(
        Files.createDirectory(directory.resolve("experiments")).resolve("e.yaml"), EXPERIMENT);
    ExperimentFile file = ConfigReader.of(directory.toString(), Map.of()).experiments().get(0);
    JsonNode effective = new ObjectMapper().readTree(ExperimentFile.effective(file.config()));
    JsonNode schema = SchemaCheck.of("experiment").schema();
    List<String> compared = new ArrayList<>();
    compare(schema, schema, effective, "", compared);
    JsonNode metric = schema.at("/properties/metrics/items");
    compare(schema, metric, effective, "/metrics/1", compared);
    assertThat(compared)
        .containsExactly(
            "/exposures/segments",
            "/pre-days",
            "/alpha",
            "/spending",
            "/metrics/1/from-day",
            "/metrics/1/role",
            "/metrics/1/goal");
  }

  @Test
  void everyAllowedEffectAndCorrectionMakesAPolicy() {
    JsonNode drift = SchemaCheck.of("model").schema().at("/properties/drift/properties");
    int policies = 0;
    for (JsonNode effect : drift.at("/effect/enum")) {
      for (JsonNode correction : drift.at("/correction/enum")) {
        ObjectNode model = JsonNodeFactory.instance.objectNode();
        model.putObject("drift").setAll(Map.of("effect", effect, "correction", correction));
        assertThat(DriftPolicy.of(ModelMapping.read(model, Map.of()).drift()).effect())
            .isEqualTo(effect.asText());
        policies++;
      }
    }

    assertThat(policies).isEqualTo(27);
  }

  @Test
  void everyParameterOfAnExpectationMayBeWritten() {
    JsonNode keys =
        SchemaCheck.of("model")
            .schema()
            .at("/properties/checks/items/properties/expectations/items/properties");
    List<String> names = new ArrayList<>();
    keys.at("/expectation/anyOf/0/enum").forEach(name -> names.add(name.asText()));
    assertThat(names).containsExactlyInAnyOrderElementsOf(Expectations.names());
    for (String name : names) {
      for (Parameter parameter : Expectations.parameters(name)) {
        assertThat(keys.has(parameter.name())).as(name + " " + parameter.name()).isTrue();
      }
    }
  }

  private static void compare(
      JsonNode root, JsonNode schema, JsonNode effective, String pointer, List<String> compared) {
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      String child = pointer + "/" + property.getKey();
      JsonNode declared = property.getValue();
      JsonNode shared = root.at(declared.path("$ref").asText("#/none").substring(1));
      JsonNode value = declared.has("default") ? declared.get("default") : shared.path("default");
      if (!value.isMissingNode()) {
        assertThat(effective.at(child)).as(child).isEqualTo(value);
        compared.add(child);
      }

      assertThat(declared.has("description")).as("%s has a description", child).isTrue();
      compare(root, declared, effective, child, compared);
    }
  }
}
