package dev.telltale.check;

import dev.telltale.error.NearestName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The columns of a checked table: names in order, and types as Spark prints them. */
public final class Columns {
  private static final int SHOWN = 8;

  private final Map<String, String> types;
  private final Set<String> required;

  /** What a column holds, as far as comparisons care. */
  enum Family {
    NUMBER,
    TEXT,
    TIME,
    BOOLEAN,
    OTHER
  }

  /**
   * Columns.
   *
   * @param types types by name, in the table's order, such as {@code bigint} and {@code
   *     decimal(10,2)}
   */
  public Columns(Map<String, String> types) {
    this(types, Set.of());
  }

  /**
   * Columns.
   *
   * @param types types by name, in the table's order
   * @param required those that may not be null
   */
  public Columns(Map<String, String> types, Set<String> required) {
    this.types = new LinkedHashMap<>(types);
    this.required = Set.copyOf(required);
  }

  /** Names in order. */
  public List<String> names() {
    return List.copyOf(types.keySet());
  }

  boolean isRequired(String column) {
    return required.contains(column);
  }

  /** A name that no column has. */
  String free(String wanted) {
    String name = wanted;
    while (has(name)) {
      name += "_";
    }
    return name;
  }

  /** Columns whose names are words of an SQL text, in the table's order. */
  List<String> mentioned(String sql) {
    String text = sql.toLowerCase(Locale.ROOT);
    return names().stream()
        .filter(
            name ->
                Pattern.compile(
                        "(?<![\\p{L}\\p{N}_])"
                            + Pattern.quote(name.toLowerCase(Locale.ROOT))
                            + "(?![\\p{L}\\p{N}_])")
                    .matcher(text)
                    .find())
        .toList();
  }

  boolean has(String column) {
    return types.containsKey(column);
  }

  /**
   * The type of a column.
   *
   * @throws CheckException if there is no such column
   */
  String type(String column) throws CheckException {
    String type = types.get(column);
    if (type == null) {
      String hint = NearestName.hint(column, types.keySet());
      String some = String.join(", ", types.keySet().stream().limit(SHOWN).toList());
      throw new CheckException(
          "There is no column "
              + column
              + (hint.isEmpty() ? "; there are " + some : hint)
              + (hint.isEmpty() ? types.size() > SHOWN ? " and more." : "." : ""));
    }
    return type;
  }

  Family family(String column) throws CheckException {
    return familyOf(type(column));
  }

  private static Family familyOf(String type) {
    return switch (type.replaceAll("\\(.*", "")) {
      case "tinyint", "smallint", "int", "bigint", "float", "double", "decimal" -> Family.NUMBER;
      case "string", "char", "varchar" -> Family.TEXT;
      case "date", "timestamp", "timestamp_ntz" -> Family.TIME;
      case "boolean" -> Family.BOOLEAN;
      default -> Family.OTHER;
    };
  }

  /** Requires that a column is of one of some families. */
  void require(String column, String role, Family... families) throws CheckException {
    if (!List.of(families).contains(family(column))) {
      throw new CheckException(
          "Column "
              + column
              + " is of type "
              + type(column)
              + ", and the expectation is for "
              + role
              + ".");
    }
  }

  /** Whether a column holds floating-point numbers. */
  public boolean isFloat(String column) {
    return List.of("float", "double").contains(typeName(column));
  }

  /** The type of a column as Spark prints it; empty text where there is no such column. */
  public String typeName(String column) {
    return types.getOrDefault(column, "");
  }

  private boolean isFloating(String column) throws CheckException {
    return List.of("float", "double").contains(type(column));
  }

  /** The value of a column as SQL: NaN is a missing value, as it is for Great Expectations. */
  String value(String column) throws CheckException {
    String name = Sql.name(column);
    return isFloating(column) ? "nanvl(" + name + ", NULL)" : name;
  }

  /** SQL condition: the column is missing. */
  String missing(String column) throws CheckException {
    String name = Sql.name(column);
    return isFloating(column) ? "(" + name + " IS NULL OR isnan(" + name + "))" : name + " IS NULL";
  }

  /**
   * A parameter as an SQL literal that compares with a column.
   *
   * @throws CheckException if the two cannot be compared
   */
  String literal(String column, Object value) throws CheckException {
    if (value == null) {
      return "NULL";
    }
    Family family = family(column);
    boolean fits =
        switch (family) {
          case NUMBER -> value instanceof Number;
          case BOOLEAN -> value instanceof Boolean;
          case TEXT, TIME -> value instanceof String;
          case OTHER -> false;
        };
    if (!fits) {
      throw new CheckException(
          "Column "
              + column
              + " is of type "
              + type(column)
              + ", which does not compare with "
              + (value instanceof String ? "the text '" + value + "'" : String.valueOf(value))
              + ".");
    }
    if (family == Family.TIME) {
      return "TIMESTAMP '" + Times.parse(column, (String) value) + "'";
    }
    return family == Family.TEXT ? Sql.text((String) value) : String.valueOf(value);
  }

  List<String> literals(String column, List<?> values) throws CheckException {
    List<String> literals = new ArrayList<>();
    for (Object value : values) {
      if (value != null) {
        literals.add(literal(column, value));
      }
    }
    return literals;
  }

  /**
   * A value that Spark has cast to text, as JSON would have it.
   *
   * @param text null stays null
   */
  public Object typed(String column, String text) {
    String type = types.getOrDefault(column, "string");
    if (text == null) {
      return null;
    }
    return switch (familyOf(type)) {
      case NUMBER -> number(type, text);
      case BOOLEAN -> Boolean.valueOf(text);
      case TEXT, TIME, OTHER -> text;
    };
  }

  private static Object number(String type, String text) {
    boolean whole = !type.startsWith("decimal") && !List.of("float", "double").contains(type);
    return whole ? (Object) Long.valueOf(text) : Double.valueOf(text);
  }
}
