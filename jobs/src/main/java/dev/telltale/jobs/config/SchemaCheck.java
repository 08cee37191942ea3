package dev.telltale.jobs.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import dev.telltale.error.NearestName;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** One of the published JSON Schemas, and its violations in words. */
final class SchemaCheck {
  /** What {@code $ref} says of a value in which environment variables are replaced. */
  private static final String PATH = "#/$defs/path";

  /** What a text is not that breaks the pattern of a shared definition. */
  private static final Map<String, String> PATTERNS =
      Map.of(
          "#/$defs/duration",
          "no duration such as `3 days` or `12 hours`",
          "#/$defs/day",
          "no day such as `2026-10-01`",
          "#/$defs/margin",
          "neither a number nor a share such as `2%`");

  private final JsonNode schema;
  private final JsonSchema validator;

  private SchemaCheck(JsonNode schema) {
    this.schema = schema;
    SchemaValidatorsConfig config =
        SchemaValidatorsConfig.builder().pathType(PathType.JSON_POINTER).build();
    this.validator = JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(schema, config);
  }

  /** The bundled schema {@code name}, such as {@code model}. */
  static SchemaCheck of(String name) {
    String resource = "/schema/" + name + ".schema.json";
    try (InputStream in = SchemaCheck.class.getResourceAsStream(resource)) {
      return new SchemaCheck(new ObjectMapper().readTree(Objects.requireNonNull(in, resource)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The schema itself. */
  JsonNode schema() {
    return schema;
  }

  /** Everything in {@code document} that the schema does not allow. */
  List<Problem> problems(YamlDocument document) {
    List<Problem> problems = new ArrayList<>();
    for (ValidationMessage message : validator.validate(document.root())) {
      if (isSecondAlternative(message)) {
        continue;
      }
      String pointer = message.getInstanceLocation().toString();
      boolean key = message.getType().equals("additionalProperties");
      String at = key ? YamlDocument.child(pointer, message.getProperty()) : pointer;
      problems.add(new Problem(document.line(at), words(message, pointer)));
    }

    return problems;
  }

  /** Whether the value at {@code pointer} is a path, where {@code ${NAME}} is replaced. */
  boolean isPath(String pointer) {
    return node(pointer).path("$ref").asText().equals(PATH);
  }

  /** What fits none of several alternatives is said of the first: the one that lists names. */
  private static boolean isSecondAlternative(ValidationMessage message) {
    return message.getEvaluationPath().toString().matches(".*/anyOf/[1-9][0-9]*(/.*)?");
  }

  private String words(ValidationMessage message, String pointer) {
    String value = shown(message.getInstanceNode());
    String limit = message.getSchemaNode() == null ? "" : message.getSchemaNode().asText();
    String name = pointer.isEmpty() ? "the file" : "`" + name(pointer) + "`";
    return switch (message.getType()) {
      case "additionalProperties" -> unknown(message, pointer);
      case "required" -> missing(message, pointer);
      case "type" ->
          message.getInstanceNode().isNull()
              ? name + " is empty; give it a value or remove it"
              : name
                  + " must be "
                  + types(message.getSchemaNode())
                  + ", but it is "
                  + value
                  + quote(message, limit);
      case "enum" -> {
        List<String> allowed = texts(message.getSchemaNode());
        yield name + " is " + value + instead(message.getInstanceNode().asText(), allowed);
      }
      case "minimum" -> name + " must be at least " + limit + ", but it is " + value;
      case "maximum" -> name + " must be at most " + limit + ", but it is " + value;
      case "exclusiveMinimum" -> name + " must be more than " + limit + ", but it is " + value;
      case "exclusiveMaximum" -> name + " must be less than " + limit + ", but it is " + value;
      case "minItems", "minProperties" ->
          name
              + (limit.equals("1")
                  ? " must not be empty"
                  : " must have at least " + limit + " entries");
      case "minLength" -> name + " must not be empty";
      case "uniqueItems" -> name + " names the same thing twice";
      case "pattern" ->
          name
              + " is "
              + value
              + ", which is "
              + PATTERNS.getOrDefault(node(pointer).path("$ref").asText(), "not an id")
              + ". "
              + describe(pointer);
      default -> name + ": " + message.getError();
    };
  }

  private String unknown(ValidationMessage message, String pointer) {
    List<String> allowed = new ArrayList<>();
    node(pointer).path("properties").fieldNames().forEachRemaining(allowed::add);
    String name = message.getProperty();
    return "unknown key `" + name(YamlDocument.child(pointer, name)) + "`" + instead(name, allowed);
  }

  private String missing(ValidationMessage message, String pointer) {
    String child = YamlDocument.child(pointer, message.getProperty());
    return "missing key `" + name(child) + "`: " + describe(child);
  }

  private String describe(String pointer) {
    return node(pointer).path("description").asText();
  }

  private JsonNode node(String pointer) {
    JsonNode at = schema;
    if (pointer.isEmpty()) {
      return at;
    }

    for (String name : pointer.substring(1).split("/", -1)) {
      at = at.has("properties") ? at.path("properties").path(name) : at.path("items");
    }

    return at;
  }

  /** {@code drift.alpha}, {@code slices[0]}. */
  static String name(String pointer) {
    return pointer
        .substring(1)
        .replaceAll("/([0-9]+)", "[$1]")
        .replace('/', '.')
        .replace("~1", "/")
        .replace("~0", "~");
  }

  /** What was probably meant by a name that is none of {@code allowed}, and all of them. */
  static String instead(String name, List<String> allowed) {
    return hint(name, allowed) + allowed(allowed);
  }

  private static String allowed(List<String> names) {
    String listed = names.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
    return " Allowed: " + listed;
  }

  private static String hint(String name, List<String> allowed) {
    String hint = NearestName.hint(name, allowed);
    return hint.isEmpty() ? "." : hint;
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }

  private static String shown(JsonNode node) {
    if (node.isObject()) {
      return "a mapping";
    }

    return node.isArray() ? "a list" : "`" + node.asText() + "`";
  }

  private static String types(JsonNode schema) {
    return schema.isArray()
        ? texts(schema).stream().map(SchemaCheck::type).collect(Collectors.joining(" or "))
        : type(schema.asText());
  }

  private static String type(String type) {
    return switch (type) {
      case "string" -> "text";
      case "integer" -> "a whole number";
      case "number" -> "a number";
      case "array" -> "a list";
      case "object" -> "a mapping of keys";
      default -> type;
    };
  }

  /** Numbers and booleans where text is wanted are usually names that want quotes. */
  private static String quote(ValidationMessage message, String type) {
    boolean quotable = type.equals("string") && message.getInstanceNode().isValueNode();
    return quotable ? ", a " + kind(message.getInstanceNode()) + "; put it in quotes" : "";
  }

  private static String kind(JsonNode node) {
    return node.isNumber() ? "number" : "truth value";
  }
}
