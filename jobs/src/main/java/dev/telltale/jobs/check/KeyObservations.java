package dev.telltale.jobs.check;

import dev.telltale.check.CheckResult;
import dev.telltale.check.Columns;
import dev.telltale.check.Measure;
import dev.telltale.check.Observation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Turns what {@link KeyScan} counted into observations. */
final class KeyObservations {
  private final Columns columns;
  private final List<String> ids;
  private final Map<Integer, KeyCounts> counts;

  KeyObservations(Columns columns, List<String> ids, Map<Integer, KeyCounts> counts) {
    this.columns = columns;
    this.ids = ids;
    this.counts = counts;
  }

  /** A column in SQL. */
  static String name(String column) {
    return "`" + column.replace("`", "``") + "`";
  }

  /** A column so that equal values have equal texts: minus zero is zero. */
  static String comparable(Columns columns, String column) {
    return columns.isFloat(column)
        ? "(" + name(column) + " + CAST(0 AS " + columns.typeName(column) + "))"
        : name(column);
  }

  /**
   * What was found of an expectation.
   *
   * @param item its number in the plan; of quantiles the number of the first
   * @param before what Deequ found
   * @param windows where quantiles were looked for; null of others
   */
  Observation of(Planned planned, int item, Observation before, List<OrderWindow> windows) {
    KeyCounts found = counts.getOrDefault(item, new KeyCounts(item));
    if (planned.measure() instanceof Measure.Rows rows) {
      Observation.Counted counted = (Observation.Counted) before;
      return shown(found, rows.columns(), counted, counted.unexpected());
    }
    if (planned.measure() instanceof Measure.Repeated repeated) {
      return shown(found, repeated.columns(), (Observation.Counted) before, found.repeated);
    }
    if (planned.measure() instanceof Measure.Distinct distinct) {
      return groups(found, distinct);
    }
    return ordered(item, windows);
  }

  private Observation.Counted shown(
      KeyCounts found, List<String> names, Observation.Counted before, long unexpected) {
    List<Integer> order =
        IntStream.range(0, found.shown.size())
            .boxed()
            .sorted(
                // Of keys from many buckets the first by key; of rows they are in order already.
                unexpected == before.unexpected()
                    ? Comparator.naturalOrder()
                    : Comparator.comparing(
                            (Integer i) -> found.shown.get(i), Arrays::compareUnsigned)
                        .thenComparing(Comparator.naturalOrder()))
            .limit(CheckResult.PARTIAL)
            .toList();
    List<Object> values = new ArrayList<>();
    List<String> named = new ArrayList<>();
    for (int i : order) {
      values.add(value(names, KeyText.texts(found.shown.get(i))));
      if (!ids.isEmpty() && found.ids.get(i).length > 0) {
        named.add(TableCheck.id(ids, KeyText.texts(found.ids.get(i))));
      }
    }
    return new Observation.Counted(before.elements(), before.missing(), unexpected, values, named);
  }

  private Object value(List<String> names, String[] texts) {
    if (names.size() == 1) {
      return columns.typed(names.get(0), texts[0]);
    }
    Map<String, Object> byName = new LinkedHashMap<>();
    for (int i = 0; i < texts.length; i++) {
      byName.put(names.get(i), columns.typed(names.get(i), texts[i]));
    }
    return byName;
  }

  private Observation.Groups groups(KeyCounts found, Measure.Distinct distinct) {
    List<Integer> absent =
        IntStream.rangeClosed(1, distinct.members())
            .filter(place -> !found.members.get(place))
            .boxed()
            .toList();
    return new Observation.Groups(
        found.rows,
        found.keys,
        distinct.members() == 0 ? 0 : found.outside,
        distinct.members() == 0 ? List.of() : texts(distinct.column(), found.listed),
        absent,
        texts(distinct.column(), found.mostCommon));
  }

  private List<Object> texts(String column, List<byte[]> keys) {
    return keys.stream()
        .sorted(Arrays::compareUnsigned)
        .limit(CheckResult.PARTIAL)
        .map(key -> columns.typed(column, KeyText.texts(key)[0]))
        .toList();
  }

  private Observation.Ordered ordered(int item, List<OrderWindow> windows) {
    List<Double> below = new ArrayList<>();
    List<Double> above = new ArrayList<>();
    for (int i = 0; i < windows.size(); i++) {
      KeyCounts found = counts.getOrDefault(item + i, new KeyCounts(item + i));
      Map<String, Long> byKey = new HashMap<>();
      for (int k = 0; k < found.listed.size(); k++) {
        byKey.merge(KeyText.texts(found.listed.get(k))[0], found.counts.get(k), Long::sum);
      }
      double[] both = windows.get(i).find(byKey);
      below.add(both[0]);
      above.add(both[1]);
    }
    return new Observation.Ordered(windows.isEmpty() ? 0 : windows.get(0).values(), below, above);
  }
}
