package dev.telltale.jobs.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * A YAML file as JSON with the line of every value. Scalars are read by the core schema of YAML
 * 1.2, in which {@code no}, {@code on} and dates are text. Duplicate keys are problems.
 */
final class YamlDocument {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Map<String, Integer> lines = new HashMap<>();
  private final List<Problem> problems = new ArrayList<>();
  private final IdentityHashMap<Node, Boolean> open = new IdentityHashMap<>();
  private final JsonNode root;
  private final boolean isYaml;

  private YamlDocument(Node node) {
    isYaml = true;
    lines.put("", 1);
    root = node == null ? JSON.objectNode() : convert(node, "");
  }

  private YamlDocument(Problem notYaml) {
    isYaml = false;
    lines.put("", 1);
    problems.add(notYaml);
    root = JSON.objectNode();
  }

  /** Reads {@code text}; a file that is not YAML is an empty document with one problem. */
  static YamlDocument parse(String text) {
    LoaderOptions options = new LoaderOptions();
    try {
      Composer composer =
          new Composer(new ParserImpl(new StreamReader(text), options), new CoreSchema(), options);
      return new YamlDocument(composer.getSingleNode());
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
      return new YamlDocument(new Problem(line, "not YAML: " + e.getProblem()));
    } catch (YAMLException e) {
      return new YamlDocument(new Problem(1, "not YAML: " + e.getMessage()));
    }
  }

  /** Whether the file could be read at all. */
  boolean isYaml() {
    return isYaml;
  }

  /** The content; an empty file is an empty object. */
  JsonNode root() {
    return root;
  }

  /** Problems of the YAML itself. */
  List<Problem> problems() {
    return problems;
  }

  /** Line of the value at a JSON pointer, or of the nearest value around it. */
  int line(String pointer) {
    String at = pointer;
    while (!lines.containsKey(at)) {
      at = at.substring(0, at.lastIndexOf('/'));
    }

    return lines.get(at);
  }

  /** The pointer of {@code name} inside {@code pointer}. */
  static String child(String pointer, String name) {
    return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
  }

  private JsonNode convert(Node node, String pointer) {
    if (open.put(node, true) != null) {
      problems.add(new Problem(line(node), "an alias that contains itself"));
      return JSON.nullNode();
    }

    try {
      if (node instanceof MappingNode mapping) {
        return object(mapping, pointer);
      }

      return node instanceof SequenceNode sequence
          ? array(sequence, pointer)
          : scalar((ScalarNode) node);
    } finally {
      open.remove(node);
    }
  }

  private ObjectNode object(MappingNode mapping, String pointer) {
    ObjectNode object = JSON.objectNode();
    for (NodeTuple tuple : mapping.getValue()) {
      int line = line(tuple.getKeyNode());
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        problems.add(new Problem(line, "a key must be a plain name"));
        continue;
      }

      String child = child(pointer, key.getValue());
      Integer first = lines.putIfAbsent(child, line);
      if (first != null) {
        problems.add(
            new Problem(
                line, "key `" + key.getValue() + "` again; it is already on line " + first));
        continue;
      }

      object.set(key.getValue(), convert(tuple.getValueNode(), child));
    }

    return object;
  }

  private ArrayNode array(SequenceNode sequence, String pointer) {
    ArrayNode array = JSON.arrayNode();
    for (Node item : sequence.getValue()) {
      String child = pointer + "/" + array.size();
      lines.put(child, line(item));
      array.add(convert(item, child));
    }

    return array;
  }

  private static JsonNode scalar(ScalarNode node) {
    String value = node.getValue();
    if (node.getTag().equals(Tag.NULL)) {
      return JSON.nullNode();
    }

    if (node.getTag().equals(Tag.BOOL)) {
      return JSON.booleanNode(value.toLowerCase(Locale.ROOT).equals("true"));
    }

    if (node.getTag().equals(Tag.INT)) {
      BigInteger number = new BigInteger(value);
      return number.bitLength() < Long.SIZE
          ? JSON.numberNode(number.longValue())
          : JSON.numberNode(number);
    }

    return node.getTag().equals(Tag.FLOAT)
        ? JSON.numberNode(new BigDecimal(value))
        : JSON.textNode(value);
  }

  private static int line(Node node) {
    return node.getStartMark().getLine() + 1;
  }

  private static final class CoreSchema extends Resolver {
    @Override
    protected void addImplicitResolvers() {
      addImplicitResolver(Tag.NULL, Pattern.compile("^(?:~|null|Null|NULL)$"), "~nN");
      addImplicitResolver(Tag.NULL, Pattern.compile("^$"), null);
      addImplicitResolver(
          Tag.BOOL, Pattern.compile("^(?:true|True|TRUE|false|False|FALSE)$"), "tTfF");
      addImplicitResolver(Tag.INT, Pattern.compile("^[-+]?[0-9]+$"), "-+0123456789");
      addImplicitResolver(
          Tag.FLOAT,
          Pattern.compile("^[-+]?(?:\\.[0-9]+|[0-9]+(?:\\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,3})?$"),
          "-+0123456789.");
    }
  }
}
