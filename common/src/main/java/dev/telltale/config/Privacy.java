package dev.telltale.config;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is done to columns of the telemetry and the baseline before anything of them is counted or
 * stored.
 *
 * @param drop columns that are as if they were not there
 * @param pseudonym columns whose values become keyed pseudonyms, and that are no features
 * @param hash columns whose values become a hash without a key
 * @param truncate columns whose text becomes its first characters, and how many
 * @param generalise columns that are rounded down: numbers to multiples of a width, times to a
 *     {@link #TIME_UNITS unit}
 * @param keys of pseudonyms, the earliest first
 * @param units of what slices have to have how many
 */
public record Privacy(
    List<String> drop,
    List<String> pseudonym,
    List<String> hash,
    NavigableMap<String, Integer> truncate,
    NavigableMap<String, String> generalise,
    List<Key> keys,
    Optional<Units> units) {
  /** What times can be rounded down to. */
  public static final List<String> TIME_UNITS =
      List.of("hour", "day", "week", "month", "quarter", "year");

  /** Bytes of a key: those of the hash, RFC 2104 section 3. */
  public static final int KEY_BYTES = 32;

  /** Copies the collections. */
  public Privacy {
    drop = List.copyOf(drop);
    pseudonym = List.copyOf(pseudonym);
    hash = List.copyOf(hash);
    truncate = Collections.unmodifiableNavigableMap(new TreeMap<>(truncate));
    generalise = Collections.unmodifiableNavigableMap(new TreeMap<>(generalise));
    keys = List.copyOf(keys);
  }

  /** Nothing is done. */
  public static Privacy none() {
    return new Privacy(
        List.of(),
        List.of(),
        List.of(),
        new TreeMap<>(),
        new TreeMap<>(),
        List.of(),
        Optional.empty());
  }

  /** Every column that is named, once for each time that it is. */
  public List<String> columns() {
    List<String> all = new ArrayList<>(drop);
    all.addAll(pseudonym);
    all.addAll(hash);
    all.addAll(truncate.keySet());
    all.addAll(generalise.keySet());
    return all;
  }

  /** Whether a column is not what it is in the source. */
  public boolean changes(String column) {
    return new TreeSet<>(columns()).contains(column);
  }

  /**
   * What results of a slice are about.
   *
   * @param column units such as users
   * @param minimum nothing is stored of a slice that is about fewer in a window; at least 2
   */
  public record Units(String column, int minimum) {}

  /**
   * A key of pseudonyms.
   *
   * @param from first day of the predictions that have pseudonyms of this key; those before the
   *     first key have it, too
   * @param variable environment variable that holds the key
   * @param secret what it holds; empty where nobody has looked
   */
  public record Key(LocalDate from, String variable, Optional<String> secret) {
    /** Does not tell the secret. */
    @Override
    public String toString() {
      return "Key[from=" + from + ", variable=" + variable + "]";
    }
  }
}
