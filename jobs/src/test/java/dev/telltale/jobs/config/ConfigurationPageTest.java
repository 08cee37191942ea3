package dev.telltale.jobs.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The page on configuration names every key with its default, and no other. */
class ConfigurationPageTest {
  @Test
  void everyKeyOfAModelIsOnThePageWithItsDefault() throws IOException {
    JsonNode schema = SchemaCheck.of("model").schema();
    List<String> expected = new ArrayList<>();
    rows(schema, schema, "", expected);
    assertThat(expected).hasSizeGreaterThan(25);
    assertThat(page("A model", 4)).containsExactlyElementsOf(expected);
  }

  @Test
  void everyKeyOfAnExperimentAndOfItsMetricsIsOnThePageWithItsDefault() throws IOException {
    JsonNode schema = SchemaCheck.of("experiment").schema();
    List<String> expected = new ArrayList<>();
    rows(schema, schema, "", expected);
    rows(schema, schema.at("/properties/metrics/items"), "", expected);
    assertThat(expected).contains("from required", "role secondary").hasSizeGreaterThan(30);
    assertThat(page("An experiment", 4)).containsExactlyElementsOf(expected);
  }

  @Test
  void everyKeyOfADeploymentIsOnThePageWithItsDefault() throws IOException {
    List<String> expected = new ArrayList<>();
    for (Map.Entry<String, JsonNode> key :
        SchemaCheck.of("telltale").schema().path("properties").properties()) {
      expected.add(key.getKey() + " " + shown(key.getValue().path("default")));
    }

    assertThat(page("A deployment", 5)).containsExactlyElementsOf(expected);
  }

  /** Key and default of the tables of a section that have so many columns. */
  private static List<String> page(String section, int columns) throws IOException {
    return Files.readAllLines(Path.of("../docs/configuration.md")).stream()
        .dropWhile(line -> !line.equals("## " + section))
        .skip(1)
        .takeWhile(line -> !line.startsWith("## "))
        .filter(line -> line.startsWith("| `"))
        .map(line -> line.split("(?<!\\\\)\\|", -1))
        .filter(cells -> cells.length == columns + 2)
        .map(cells -> text(cells[1]) + " " + text(cells[columns == 4 ? 3 : 5]))
        .toList();
  }

  private static String text(String cell) {
    return cell.strip().replace("`", "");
  }

  private static void rows(JsonNode root, JsonNode schema, String prefix, List<String> rows) {
    List<String> required = texts(schema.path("required"));
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      JsonNode key = property.getValue();
      if (key.has("properties")) {
        rows(root, key, prefix + property.getKey() + ".", rows);
        continue;
      }

      JsonNode shared = root.at(key.path("$ref").asText("#/none").substring(1));
      JsonNode value = key.has("default") ? key.path("default") : shared.path("default");
      String none = required.contains(property.getKey()) ? "required" : "none";
      rows.add(prefix + property.getKey() + " " + (value.isMissingNode() ? none : shown(value)));
    }
  }

  private static String shown(JsonNode value) {
    return value.isArray()
        ? texts(value).stream().collect(Collectors.joining(", ", "[", "]"))
        : value.asText();
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }
}
