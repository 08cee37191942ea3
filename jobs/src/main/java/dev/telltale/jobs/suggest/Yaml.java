package dev.telltale.jobs.suggest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.telltale.config.Check;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Pattern;

/** Values as YAML in one line, whatever characters they hold. */
final class Yaml {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_./-]*");
  private static final Set<String> RESERVED =
      Set.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private Yaml() {}

  /** A text, a number, a truth value or a list of these. */
  static String of(Object value) {
    if (value instanceof List<?> list) {
      StringJoiner joiner = new StringJoiner(", ", "[", "]");
      list.forEach(one -> joiner.add(of(one)));
      return joiner.toString();
    }
    if (value instanceof String text) {
      boolean plain =
          PLAIN.matcher(text).matches()
              && !RESERVED.contains(text.toLowerCase(java.util.Locale.ROOT));
      return plain ? text : quoted(text);
    }
    return String.valueOf(value);
  }

  /** A name for a comment: one line in any case. */
  static String comment(String name) {
    return name.chars().anyMatch(Character::isISOControl) || name.contains("\u2028")
        ? quoted(name)
        : name;
  }

  static String of(Check.Expectation expectation) {
    StringJoiner joiner = new StringJoiner(", ", "{", "}");
    joiner.add("expectation: " + expectation.expectation());
    for (Map.Entry<String, Object> entry : expectation.parameters().entrySet()) {
      joiner.add(entry.getKey() + ": " + of(entry.getValue()));
    }
    if (expectation.mostly() < 1) {
      joiner.add("mostly: " + expectation.mostly());
    }
    return joiner.toString();
  }

  /** JSON's strings are YAML's, as long as what is not ASCII is escaped. */
  private static String quoted(String text) {
    try {
      return JSON.writeValueAsString(text).replace("\u007f", "\\u007f");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A text can be written", e);
    }
  }
}
