package dev.telltale.jobs.engine;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * One slice: a column, or several crossed, and the values that are kept apart. All other values are
 * pooled in {@link #OTHER}; a null is {@link #NULL}. Crosses to executors, hence a class.
 */
public final class SlicePlan implements Serializable {
  /** Value of all rows whose value is not kept apart. */
  public static final String OTHER = ":other";

  /** Name of a null in a slice value. */
  public static final String NULL = ":null";

  private static final long serialVersionUID = 1L;

  private final ArrayList<String> columns;
  private final ArrayList<ArrayList<String>> values;
  private final String prefix;

  /**
   * A slice. That of one column always keeps null apart, also where the values do not have it:
   * missing is data.
   *
   * @param columns one or several
   * @param values the combinations kept apart, each with one value per column
   */
  public SlicePlan(List<String> columns, List<List<String>> values) {
    this(columns, values, "");
  }

  private SlicePlan(List<String> columns, List<? extends List<String>> values, String prefix) {
    this.prefix = prefix;
    this.columns = new ArrayList<>(columns);
    this.values = new ArrayList<>();
    values.forEach(value -> this.values.add(new ArrayList<>(value)));
    List<String> missing = List.of(NULL);
    if (columns.size() == 1 && !values.contains(missing)) {
      this.values.add(new ArrayList<>(missing));
    }
  }

  /**
   * The same slice, of rows in which its columns have a prefix: there they cannot be taken for
   * others.
   */
  public SlicePlan ofPrefixed(String columnPrefix) {
    return new SlicePlan(columns, values, columnPrefix);
  }

  /** The names of the columns in the rows. */
  public List<String> sourceColumns() {
    return columns.stream().map(name -> prefix + name).toList();
  }

  /** The columns. */
  public List<String> columns() {
    return Collections.unmodifiableList(columns);
  }

  /** The combinations kept apart. */
  public List<? extends List<String>> values() {
    return Collections.unmodifiableList(values);
  }

  /** The {@code slice_key}: the columns, comma-separated. */
  public String key() {
    return join(columns);
  }

  /** The {@code slice_value} of a combination: comma-separated, a comma inside as {@code \,}. */
  public static String join(List<String> parts) {
    if (parts.size() == 1) {
      return parts.get(0);
    }
    List<String> escaped = new ArrayList<>();
    for (String part : parts) {
      escaped.add(part.replace("\\", "\\\\").replace(",", "\\,"));
    }
    return String.join(",", escaped);
  }

  /** The columns of a slice key: the inverse of {@link #key}. */
  public static List<String> columns(String key) {
    // A key of one column is that column, whatever characters it holds.
    return key.contains(",") ? split(key, 2) : List.of(key);
  }

  /** The parts of a joined slice value: the inverse of {@link #join} for {@code parts}. */
  public static List<String> split(String joined, int parts) {
    if (parts == 1) {
      return List.of(joined);
    }
    List<String> result = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    for (int i = 0; i < joined.length(); i++) {
      char c = joined.charAt(i);
      if (c == '\\' && i + 1 < joined.length()) {
        part.append(joined.charAt(++i));
      } else if (c == ',') {
        result.add(part.toString());
        part.setLength(0);
      } else {
        part.append(c);
      }
    }
    result.add(part.toString());
    return result;
  }
}
