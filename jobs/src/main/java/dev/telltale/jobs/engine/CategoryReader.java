package dev.telltale.jobs.engine;

import dev.telltale.profile.CategoryState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.execution.vectorized.WritableColumnVector;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Reads a vector as codes of categories. A dictionary-encoded Parquet page is decoded once per
 * distinct value of a batch, not once per row.
 *
 * <p>A code is the index of a known label; {@link #NULL}; or below that an unseen label, which
 * {@link #unseenLabel} names until the next read.
 */
final class CategoryReader {
  static final int NULL = -1;

  private static final int FIRST_UNSEEN = -2;
  private static final int UNSET = Integer.MIN_VALUE;

  /** Unseen labels remembered from batch to batch; further ones are decoded each time. */
  private static final int MAX_REMEMBERED = 4096;

  /** Longer texts are decoded each time: four thousand of a megabyte would fill the memory. */
  private static final int MAX_REMEMBERED_BYTES = 1024;

  private final DataType type;
  private final Map<Object, Integer> codes = new HashMap<>();
  private final Map<String, Integer> known = new HashMap<>();
  private final List<String> unseen = new ArrayList<>();
  private int remembered;
  private int[] result = new int[0];
  private int[] codeOfDictionaryId = new int[0];

  CategoryReader(DataType type, List<String> labels) {
    this.type = type;
    for (int code = 0; code < labels.size(); code++) {
      known.put(labels.get(code), code);
    }
  }

  /** Codes of the first {@code rows} rows; the array is reused by the next call. */
  int[] read(ColumnVector vector, int rows) {
    if (result.length < rows) {
      result = new int[rows];
    }
    while (unseen.size() > remembered) {
      unseen.remove(unseen.size() - 1);
    }
    boolean hasNull = vector.hasNull();
    if (type instanceof StringType
        && vector instanceof WritableColumnVector writable
        && writable.hasDictionary()) {
      readDictionary(writable, rows, hasNull);
    } else {
      for (int row = 0; row < rows; row++) {
        result[row] = hasNull && vector.isNullAt(row) ? NULL : code(vector, row);
      }
    }
    return result;
  }

  private void readDictionary(WritableColumnVector vector, int rows, boolean hasNull) {
    Arrays.fill(codeOfDictionaryId, UNSET);
    WritableColumnVector ids = vector.getDictionaryIds();
    for (int row = 0; row < rows; row++) {
      if (hasNull && vector.isNullAt(row)) {
        result[row] = NULL;
        continue;
      }
      int id = ids.getDictId(row);
      if (id >= codeOfDictionaryId.length) {
        int old = codeOfDictionaryId.length;
        codeOfDictionaryId = Arrays.copyOf(codeOfDictionaryId, Math.max(2 * old, id + 1));
        Arrays.fill(codeOfDictionaryId, old, codeOfDictionaryId.length, UNSET);
      }
      int code = codeOfDictionaryId[id];
      if (code == UNSET) {
        code = code(vector, row);
        codeOfDictionaryId[id] = code;
      }
      result[row] = code;
    }
  }

  private int code(ColumnVector vector, int row) {
    Object value = value(vector, row);
    Integer code = codes.get(value);
    return code != null ? code : newCode(value);
  }

  private int newCode(Object value) {
    String label = value.toString();
    Integer knownCode = known.get(CategoryState.bounded(label));
    boolean small = !(value instanceof UTF8String text) || text.numBytes() <= MAX_REMEMBERED_BYTES;
    if (knownCode != null) {
      if (small) {
        codes.put(copy(value), knownCode);
      }
      return knownCode;
    }
    int code = FIRST_UNSEEN - unseen.size();
    if (small && unseen.size() == remembered && remembered < MAX_REMEMBERED) {
      codes.put(copy(value), code);
      remembered++;
    }
    unseen.add(label);
    return code;
  }

  /** A string points into the batch, which is overwritten. */
  private static Object copy(Object value) {
    return value instanceof UTF8String text ? text.copy() : value;
  }

  /** The value as it is named: its text is the label. */
  Object value(ColumnVector vector, int row) {
    if (type instanceof StringType) {
      return vector.getUTF8String(row);
    }
    if (type instanceof BooleanType) {
      return vector.getBoolean(row);
    }
    if (type instanceof IntegerType || type instanceof DateType) {
      return vector.getInt(row);
    }
    if (type instanceof ShortType) {
      return vector.getShort(row);
    }
    if (type instanceof ByteType) {
      return vector.getByte(row);
    }
    if (type instanceof DecimalType decimal) {
      return vector.getDecimal(row, decimal.precision(), decimal.scale()).toString();
    }
    return vector.getLong(row);
  }

  /** The label of an unseen code of the last read. */
  String unseenLabel(int code) {
    return unseen.get(FIRST_UNSEEN - code);
  }
}
