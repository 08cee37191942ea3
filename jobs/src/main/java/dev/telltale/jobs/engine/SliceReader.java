package dev.telltale.jobs.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.vectorized.ColumnVector;

/** Reads the columns of one slice as the index of the slice value that each row belongs to. */
final class SliceReader {
  private final List<CategoryReader> readers = new ArrayList<>();
  private final List<Integer> radixes = new ArrayList<>();
  private final Map<Long, Integer> indexOfCombination = new HashMap<>();
  private final List<String> values = new ArrayList<>();
  private final int other;
  private int[] result = new int[0];
  private long[] combination = new long[0];

  SliceReader(SlicePlan plan, List<DataType> types) {
    List<List<String>> labels = new ArrayList<>();
    for (int part = 0; part < types.size(); part++) {
      LinkedHashSet<String> distinct = new LinkedHashSet<>();
      for (List<String> value : plan.values()) {
        if (!value.get(part).equals(SlicePlan.NULL)) {
          distinct.add(value.get(part));
        }
      }
      labels.add(List.copyOf(distinct));
      readers.add(new CategoryReader(types.get(part), labels.get(part)));
      radixes.add(labels.get(part).size() + 2);
    }
    for (List<String> value : plan.values()) {
      long key = 0;
      for (int part = 0; part < types.size(); part++) {
        String label = value.get(part);
        int code =
            label.equals(SlicePlan.NULL) ? CategoryReader.NULL : labels.get(part).indexOf(label);
        key = key * radixes.get(part) + digit(code, radixes.get(part));
      }
      indexOfCombination.put(key, values.size());
      values.add(SlicePlan.join(value));
    }
    other = values.size();
    values.add(SlicePlan.OTHER);
  }

  /** Known codes keep their place; null is the last digit but one, anything unseen the last. */
  private static int digit(int code, int radix) {
    return code >= 0 ? code : code == CategoryReader.NULL ? radix - 2 : radix - 1;
  }

  /** Index into {@link #value} for the first {@code rows} rows; reused by the next call. */
  int[] read(List<ColumnVector> vectors, int rows) {
    if (result.length < rows) {
      result = new int[rows];
      combination = new long[rows];
    }
    Arrays.fill(combination, 0, rows, 0);
    for (int part = 0; part < readers.size(); part++) {
      int[] codes = readers.get(part).read(vectors.get(part), rows);
      int radix = radixes.get(part);
      for (int row = 0; row < rows; row++) {
        combination[row] = combination[row] * radix + digit(codes[row], radix);
      }
    }
    long last = -1;
    int index = other;
    for (int row = 0; row < rows; row++) {
      if (combination[row] != last) {
        last = combination[row];
        index = indexOfCombination.getOrDefault(last, other);
      }
      result[row] = index;
    }
    return result;
  }

  int size() {
    return values.size();
  }

  /** The slice value of an index. */
  String value(int index) {
    return values.get(index);
  }
}
