package dev.telltale.jobs.check;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where the values at two neighbouring places of an order are looked for: between two bounds that a
 * sketch gives, wide enough for its error. The values within are few, and counted exactly.
 */
final class OrderWindow {
  private static final String BELOW = "<";
  private static final int SAFETY = 3;

  private final long place;
  private final long values;
  private final double low;
  private final double high;

  /** Bounds as probabilities. */
  static double[] probabilities(double probability, long values, double error) {
    long place = (long) Math.floor(probability * (values - 1));
    double margin = SAFETY * error + 1.0 / values;
    return new double[] {
      Math.max(0, (double) place / values - margin), Math.min(1, (place + 2.0) / values + margin)
    };
  }

  /**
   * A window.
   *
   * @param values how many there are, above zero
   * @param probabilities as {@link #probabilities} said
   * @param bounds the sketch's values there
   */
  OrderWindow(double probability, long values, double[] probabilities, double[] bounds) {
    this.place = (long) Math.floor(probability * (values - 1));
    this.values = values;
    this.low = probabilities[0] <= 0 ? Double.NEGATIVE_INFINITY : bounds[0];
    this.high = probabilities[1] >= 1 ? Double.POSITIVE_INFINITY : bounds[1];
  }

  /** How many values there are. */
  long values() {
    return values;
  }

  /** SQL condition of the values that are told apart. */
  String flag(String value) {
    String there = "(" + value + ") IS NOT NULL";
    return Double.isInfinite(high) ? there : there + " AND " + value + " <= " + literal(high);
  }

  /** SQL: a value; of values below the window only that they are. */
  String key(String value) {
    return Double.isInfinite(low)
        ? value
        : "CASE WHEN "
            + value
            + " < "
            + literal(low)
            + " THEN '"
            + BELOW
            + "' ELSE CAST("
            + value
            + " AS STRING) END";
  }

  private static String literal(double number) {
    return "CAST('" + number + "' AS DOUBLE)";
  }

  /**
   * The values at the place and the one after it.
   *
   * @param counts rows of each key
   * @throws IllegalStateException if the sketch erred by more than it guarantees
   */
  double[] find(Map<String, Long> counts) {
    long before = counts.getOrDefault(BELOW, 0L);
    TreeMap<Double, Long> ordered = new TreeMap<>();
    counts.forEach(
        (key, count) -> {
          if (!key.equals(BELOW)) {
            ordered.merge(Double.parseDouble(key), count, Long::sum);
          }
        });
    return List.of(place, Math.min(place + 1, values - 1)).stream()
        .mapToDouble(wanted -> at(wanted, before, ordered))
        .toArray();
  }

  private double at(long wanted, long before, Map<Double, Long> ordered) {
    long passed = before;
    if (wanted >= passed) {
      for (Map.Entry<Double, Long> entry : ordered.entrySet()) {
        passed += entry.getValue();
        if (wanted < passed) {
          return entry.getKey();
        }
      }
    }
    throw new IllegalStateException(
        "Place " + wanted + " of " + values + " is not between " + low + " and " + high);
  }
}
