package dev.telltale.jobs.engine;

import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.sql.vectorized.ColumnVector;

/**
 * Reads a vector of any numeric or time type as doubles. Whole numbers and decimals beyond 2^53 are
 * rounded to the nearest double; dates and timestamps become seconds since 1970.
 */
final class NumberReader {
  private static final double SECONDS_PER_DAY = 86_400;
  private static final double MICROS_PER_SECOND = 1e6;

  private final DataType type;
  private double[] values = new double[0];
  private boolean[] nulls = new boolean[0];

  NumberReader(DataType type) {
    this.type = type;
  }

  /** Reads the first {@code rows} rows; the values of null rows are undefined. */
  void read(ColumnVector vector, int rows) {
    if (values.length < rows) {
      values = new double[rows];
      nulls = new boolean[rows];
    }
    boolean hasNull = vector.hasNull();
    for (int row = 0; row < rows; row++) {
      nulls[row] = hasNull && vector.isNullAt(row);
    }
    if (type instanceof DoubleType) {
      for (int row = 0; row < rows; row++) {
        values[row] = nulls[row] ? 0 : vector.getDouble(row);
      }
    } else if (type instanceof LongType) {
      for (int row = 0; row < rows; row++) {
        values[row] = nulls[row] ? 0 : vector.getLong(row);
      }
    } else if (type instanceof IntegerType) {
      for (int row = 0; row < rows; row++) {
        values[row] = nulls[row] ? 0 : vector.getInt(row);
      }
    } else if (type instanceof FloatType) {
      for (int row = 0; row < rows; row++) {
        values[row] = nulls[row] ? 0 : vector.getFloat(row);
      }
    } else {
      for (int row = 0; row < rows; row++) {
        values[row] = nulls[row] ? 0 : other(vector, row);
      }
    }
  }

  private double other(ColumnVector vector, int row) {
    if (type instanceof DecimalType decimal) {
      return vector.getDecimal(row, decimal.precision(), decimal.scale()).toDouble();
    }
    if (type instanceof ShortType) {
      return vector.getShort(row);
    }
    if (type instanceof ByteType) {
      return vector.getByte(row);
    }
    if (type instanceof DateType) {
      return vector.getInt(row) * SECONDS_PER_DAY;
    }
    if (type instanceof TimestampType || type instanceof TimestampNTZType) {
      return vector.getLong(row) / MICROS_PER_SECOND;
    }
    throw new IllegalStateException("No number: " + type.simpleString());
  }

  double[] values() {
    return values;
  }

  boolean[] nulls() {
    return nulls;
  }
}
