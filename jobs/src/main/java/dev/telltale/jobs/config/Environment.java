package dev.telltale.jobs.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Replaces {@code ${NAME}} by environment variables, in paths only. */
final class Environment {
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");

  private final Map<String, String> variables;
  private final SchemaCheck schema;
  private final YamlDocument document;
  private final List<Problem> problems = new ArrayList<>();

  private Environment(Map<String, String> variables, SchemaCheck schema, YamlDocument document) {
    this.variables = variables;
    this.schema = schema;
    this.document = document;
  }

  /** Replaces in place; returns variables that are not set or not allowed where they are. */
  static List<Problem> replace(
      Map<String, String> variables, SchemaCheck schema, YamlDocument document) {
    Environment environment = new Environment(variables, schema, document);
    environment.visit(document.root(), "");
    return environment.problems;
  }

  private JsonNode visit(JsonNode node, String pointer) {
    if (node instanceof ObjectNode object) {
      object
          .properties()
          .forEach(
              entry ->
                  entry.setValue(
                      visit(entry.getValue(), YamlDocument.child(pointer, entry.getKey()))));
      return object;
    }

    if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, visit(array.get(i), pointer + "/" + i));
      }

      return array;
    }

    return node.isTextual() ? TextNode.valueOf(value(node.textValue(), pointer)) : node;
  }

  private String value(String text, String pointer) {
    Matcher matcher = VARIABLE.matcher(text);
    if (!matcher.find()) {
      return text;
    }

    if (!schema.isPath(pointer)) {
      problems.add(
          new Problem(
              document.line(pointer),
              "`"
                  + SchemaCheck.name(pointer)
                  + "` takes no environment variable; only paths do, so that a file says the same"
                  + " everywhere"));
      return text;
    }

    return matcher.replaceAll(match -> Matcher.quoteReplacement(variable(match.group(1), pointer)));
  }

  private String variable(String name, String pointer) {
    String value = variables.get(name);
    if (value == null || value.isEmpty()) {
      problems.add(
          new Problem(document.line(pointer), "environment variable `" + name + "` is not set"));
      return name;
    }

    return value;
  }
}
