package dev.telltale.check;

import dev.telltale.config.Check;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A parameter of an expectation.
 *
 * @param name name, as Great Expectations has it
 * @param kind what it may be
 * @param required whether it has to be given
 */
public record Parameter(String name, Kind kind, boolean required) {
  /** What a parameter may be. */
  public enum Kind {
    /** Name of a column. */
    COLUMN("the name of a column"),
    /** Names of columns, two or more. */
    COLUMNS("a list of two or more columns"),
    /** Names of columns, one or more. */
    NAMES("a list of one or more names"),
    /** A number. */
    NUMBER("a number"),
    /** A number, or a date or time as text. */
    BOUND("a number, or text in quotes"),
    /** A whole number from 0. */
    COUNT("a whole number from 0"),
    /** Numbers, texts or truth values. */
    VALUES("a list of one or more values"),
    /** Pairs of values. */
    PAIRS("a list of pairs such as [[ATL, GA], [BOS, MA]]"),
    /** Any text. */
    TEXT("text"),
    /** A regular expression. */
    REGEX("a regular expression"),
    /** Regular expressions. */
    REGEXES("a list of one or more regular expressions"),
    /** true or false. */
    FLAG("true or false"),
    /** any or all. */
    MATCH_ON("any or all"),
    /** Which rows of two columns are left out. */
    IGNORE_PAIR("both_values_are_missing, either_value_is_missing or neither"),
    /** Which rows of several columns are left out. */
    IGNORE_ANY("all_values_are_missing, any_value_is_missing or never"),
    /** Quantiles and their ranges. */
    QUANTILES("{quantiles: [0.5], value_ranges: [[MIN, MAX]]}, with null for no bound"),
    /** How a quantile between two values is told. */
    INTERPOLATION("false, linear, lower, higher, midpoint or nearest"),
    /** A duration. */
    AGE("a duration such as 30 seconds, 6 hours or 2 days"),
    /** A number above 0. */
    POSITIVE("a number above 0"),
    /** A number from 0 to 1. */
    SHARE("a number from 0 to 1"),
    /** SQL; whether it is, who knows Spark checks. */
    CONDITION("a SQL condition"),
    /** Columns by which two tables match. */
    ON("a list of columns, or a mapping of columns to columns of the other table"),
    /** Changes of a schema. */
    CHANGES("a list of added, removed, retyped, reordered and nullable");

    private final String words;

    Kind(String words) {
      this.words = words;
    }
  }

  private static final Pattern DURATION = Pattern.compile("[0-9]{1,5} (second|minute|hour|day)s?");

  static Parameter required(String name, Kind kind) {
    return new Parameter(name, kind, true);
  }

  static Parameter optional(String name, Kind kind) {
    return new Parameter(name, kind, false);
  }

  /** What is wrong with a value, as the end of a sentence; empty where nothing is. */
  public Optional<String> problem(Object value) {
    Optional<String> bad = badRegex(value);
    if (bad.isPresent()) {
      return bad;
    }
    return fits(value)
        ? Optional.empty()
        : Optional.of("must be " + kind.words + ", but it is `" + value + "`");
  }

  private boolean fits(Object value) {
    return switch (kind) {
      case COLUMN, TEXT, REGEX, CONDITION -> value instanceof String text && !text.isEmpty();
      case COLUMNS -> value instanceof List<?> list && list.size() > 1 && areTexts(list);
      case NAMES, REGEXES -> value instanceof List<?> list && !list.isEmpty() && areTexts(list);
      case NUMBER -> value instanceof Number;
      case BOUND -> value instanceof Number || value instanceof String;
      case COUNT -> value instanceof Long number && number >= 0;
      case VALUES -> value instanceof List<?> list && !list.isEmpty() && areScalars(list);
      case PAIRS ->
          value instanceof List<?> list
              && !list.isEmpty()
              && list.stream()
                  .allMatch(
                      pair -> pair instanceof List<?> two && two.size() == 2 && areScalars(two));
      case FLAG -> value instanceof Boolean;
      case MATCH_ON -> List.of("any", "all").contains(value);
      case IGNORE_PAIR ->
          List.of("both_values_are_missing", "either_value_is_missing", "neither").contains(value);
      case IGNORE_ANY ->
          List.of("all_values_are_missing", "any_value_is_missing", "never").contains(value);
      case QUANTILES -> value instanceof Map<?, ?> map && areQuantiles(map);
      case INTERPOLATION ->
          List.of(false, "linear", "lower", "higher", "midpoint", "nearest").contains(value);
      case POSITIVE -> value instanceof Number number && number.doubleValue() > 0;
      case SHARE ->
          value instanceof Number number && number.doubleValue() >= 0 && number.doubleValue() <= 1;
      case ON ->
          value instanceof Map<?, ?> map
              ? !map.isEmpty() && areTexts(List.copyOf(map.values()))
              : value instanceof List<?> list && !list.isEmpty() && areTexts(list);
      case CHANGES ->
          value instanceof List<?> list
              && !list.isEmpty()
              && Arrays.stream(SchemaExpectation.Change.values())
                  .map(SchemaExpectation.Change::label)
                  .toList()
                  .containsAll(list);
      case AGE -> value instanceof String text && DURATION.matcher(text).matches();
    };
  }

  /** A number that may be given. */
  static double number(Check.Expectation expectation, String name, double otherwise) {
    return ((Number) expectation.parameters().getOrDefault(name, otherwise)).doubleValue();
  }

  /** A duration that is fit for {@link Kind#AGE}. */
  static Duration age(String text) {
    long amount = Long.parseLong(text.substring(0, text.indexOf(' ')));
    return switch (text.charAt(text.indexOf(' ') + 1)) {
      case 's' -> Duration.ofSeconds(amount);
      case 'm' -> Duration.ofMinutes(amount);
      case 'h' -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  private static boolean areTexts(List<?> list) {
    return list.stream().allMatch(one -> one instanceof String text && !text.isEmpty());
  }

  private static boolean areScalars(List<?> list) {
    return list.stream()
        .allMatch(
            one ->
                one == null
                    || one instanceof String
                    || one instanceof Number
                    || one instanceof Boolean);
  }

  private static boolean areQuantiles(Map<?, ?> map) {
    if (map.size() != 2
        || !(map.get("quantiles") instanceof List<?> quantiles)
        || !(map.get("value_ranges") instanceof List<?> ranges)) {
      return false;
    }
    return !quantiles.isEmpty()
        && quantiles.size() == ranges.size()
        && quantiles.stream()
            .allMatch(
                one ->
                    one instanceof Number number
                        && number.doubleValue() >= 0
                        && number.doubleValue() <= 1)
        && ranges.stream()
            .allMatch(
                range ->
                    range instanceof List<?> two
                        && two.size() == 2
                        && two.stream().allMatch(one -> one == null || one instanceof Number)
                        && (two.get(0) == null
                            || two.get(1) == null
                            || ((Number) two.get(0)).doubleValue()
                                <= ((Number) two.get(1)).doubleValue()));
  }

  private Optional<String> badRegex(Object value) {
    List<?> patterns =
        kind == Kind.REGEX && value instanceof String
            ? List.of(value)
            : kind == Kind.REGEXES && value instanceof List<?> list ? list : List.of();
    for (Object pattern : patterns) {
      try {
        Pattern.compile(String.valueOf(pattern));
      } catch (PatternSyntaxException e) {
        return Optional.of(
            "is `" + pattern + "`, which is no regular expression: " + e.getDescription());
      }
    }
    return Optional.empty();
  }
}
