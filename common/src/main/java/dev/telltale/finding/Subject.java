package dev.telltale.finding;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a judged fact is about, whatever the window.
 *
 * @param modelId model
 * @param modelVersion version of the model; empty = all versions
 * @param sliceKey column or columns of the slice; empty = everything
 * @param sliceValue value or values of the slice; empty = everything
 * @param column column of the telemetry; {@link #TABLE} = the whole row
 * @param kind kind of fact
 * @param driftType BASELINE or CONSECUTIVE; empty where nothing is compared
 * @param metric metric that decides
 */
public record Subject(
    String modelId,
    Optional<String> modelVersion,
    Optional<String> sliceKey,
    Optional<String> sliceValue,
    String column,
    Kind kind,
    Optional<String> driftType,
    String metric) {
  /** The column name of facts about whole rows. */
  public static final String TABLE = ":table";

  private static final String ALL = "*";
  private static final char SEPARATOR = '/';
  private static final int LONGEST_PART = 120;
  private static final int HEAD = 100;

  public Subject {
    Objects.requireNonNull(modelId, "modelId");
    Objects.requireNonNull(column, "column");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(metric, "metric");
    if (sliceKey.isPresent() != sliceValue.isPresent()) {
      throw new IllegalArgumentException("A slice has a key and a value, or neither");
    }
  }

  /**
   * The stable key: equal for equal subjects, different for different ones, and readable, such as
   * {@code flights-delay/*}{@code /carrier/AA/dep_delay/DRIFT/BASELINE/js_distance}. An absent part
   * is an asterisk; a part longer than 120 characters is cut and ends with a hash of the whole.
   */
  public String key() {
    return Stream.of(
            part(modelId),
            part(modelVersion),
            part(sliceKey),
            part(sliceValue),
            part(column),
            kind.name(),
            part(driftType),
            part(metric))
        .collect(Collectors.joining(String.valueOf(SEPARATOR)));
  }

  /** The subject in words, such as {@code DRIFT of dep_delay where carrier = AA}. */
  public String describe() {
    StringBuilder text = new StringBuilder(kind.name());
    text.append(column.equals(TABLE) ? " of the whole table" : " of " + column);
    sliceKey.ifPresent(
        key -> text.append(" where ").append(key).append(" = ").append(sliceValue.orElseThrow()));
    modelVersion.ifPresent(version -> text.append(" in model version ").append(version));
    driftType.ifPresent(
        type ->
            text.append(
                type.equals("CONSECUTIVE")
                    ? " against the previous window"
                    : " against the " + type.toLowerCase(Locale.ROOT).replace('_', ' ')));
    return text.toString();
  }

  private static String part(Optional<String> value) {
    return value.map(Subject::part).orElse(ALL);
  }

  /** Escapes what would make two subjects share a key. */
  private static String part(String value) {
    if (value.length() > LONGEST_PART) {
      int end = Character.isHighSurrogate(value.charAt(HEAD - 1)) ? HEAD - 1 : HEAD;
      return escape(value.substring(0, end)) + "%~" + StableId.of(value);
    }
    return value.isEmpty() ? "%" : escape(value);
  }

  private static String escape(String value) {
    StringBuilder escaped = new StringBuilder(value.length());
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '%' || c == SEPARATOR || c == '*' || Character.isISOControl(c)) {
        escaped.append(String.format(Locale.ROOT, "%%%02X", (int) c));
      } else {
        escaped.append(c);
      }
    }
    return escaped.toString();
  }
}
