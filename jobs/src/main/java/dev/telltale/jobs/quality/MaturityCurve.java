package dev.telltale.jobs.quality;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Row;

/**
 * Which share of a source's labels has arrived at an age of the prediction, of those that arrive
 * within the declared wait. Crosses to executors, hence a class and not a record.
 */
final class MaturityCurve implements Serializable {
  /** Nothing is known of delays yet. */
  static final MaturityCurve UNKNOWN = new MaturityCurve(new TreeMap<>());

  private static final long serialVersionUID = 1L;

  private static final List<Integer> AGES =
      List.of(1, 3, 6, 12, 24, 36, 48, 72, 96, 120, 144, 168, 240, 336, 504, 720, 1080, 1440, 2160);

  private final TreeMap<Integer, Double> shares;

  private MaturityCurve(Map<Integer, Double> shares) {
    this.shares = new TreeMap<>(shares);
  }

  /** Ages at which the curve of a window is kept, in hours; the last is the wait. */
  static NavigableSet<Integer> ages(Duration waitFor) {
    int last = (int) Math.max(1, waitFor.toHours());
    NavigableSet<Integer> ages = new TreeSet<>(AGES).headSet(last, false);
    TreeSet<Integer> all = new TreeSet<>(ages);
    all.add(last);
    return all;
  }

  /** From the rows of {@code label_maturity} of windows whose wait is over. */
  static MaturityCurve of(List<Row> rows, Duration waitFor) {
    TreeMap<Integer, Long> labels = new TreeMap<>();
    for (Row row : rows) {
      labels.merge(row.<Integer>getAs("age_hours"), row.<Long>getAs("labels"), Long::sum);
    }
    long all = labels.getOrDefault(ages(waitFor).last(), 0L);
    TreeMap<Integer, Double> shares = new TreeMap<>();
    if (all > 0) {
      labels.forEach((age, count) -> shares.put(age, (double) count / all));
    }
    return new MaturityCurve(shares);
  }

  /** The share at an age in hours, between the kept ages in a straight line; NaN if unknown. */
  double share(double ageHours) {
    if (shares.isEmpty()) {
      return Double.NaN;
    }
    Map.Entry<Integer, Double> below = shares.floorEntry((int) Math.floor(ageHours));
    Map.Entry<Integer, Double> above = shares.higherEntry((int) Math.floor(ageHours));
    if (above == null) {
      return 1;
    }
    double fromAge = below == null ? 0 : below.getKey();
    double from = below == null ? 0 : below.getValue();
    double part = Math.max(0, ageHours - fromAge) / (above.getKey() - fromAge);
    return from + part * (above.getValue() - from);
  }
}
