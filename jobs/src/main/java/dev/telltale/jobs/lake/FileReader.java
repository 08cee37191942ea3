package dev.telltale.jobs.lake;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.MapValue;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.internal.types.DataTypeJsonSerDe;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.catalyst.util.DateTimeUtils;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.delta.util.DeltaFileOperations;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampType;
import scala.collection.JavaConverters;
import scala.collection.mutable.WrappedArray;

/** Reads some columns of files of a result table, on the driver; see {@link DeltaFiles}. */
final class FileReader {
  private final Engine engine;
  private final String directory;
  private final StructType columns;

  /**
   * A reader.
   *
   * @param directory of the table
   * @param columns the columns wanted; one that a file does not have is null
   */
  FileReader(Configuration hadoop, String directory, StructType columns) {
    this.engine = DefaultEngine.create(hadoop);
    this.directory = directory;
    this.columns = columns;
  }

  /** The rows of a file. */
  List<Row> rows(AddFile file) {
    Map<String, String> partition = JavaConverters.mapAsJavaMap(file.partitionValues());
    StructType stored =
        new StructType(
            Arrays.stream(columns.fields())
                .filter(field -> !partition.containsKey(field.name()))
                .toArray(StructField[]::new));
    FileStatus status =
        FileStatus.of(
            DeltaFileOperations.absolutePath(directory, file.path()).toString(),
            file.size(),
            file.modificationTime());
    List<Row> rows = new ArrayList<>();
    try (CloseableIterator<ColumnarBatch> batches =
        engine
            .getParquetHandler()
            .readParquetFiles(
                Utils.singletonCloseableIterator(status),
                DataTypeJsonSerDe.deserializeStructType(stored.json()),
                Optional.empty())) {
      while (batches.hasNext()) {
        add(batches.next(), partition, rows);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows;
  }

  private void add(ColumnarBatch batch, Map<String, String> partition, List<Row> rows) {
    ColumnVector[] vectors = new ColumnVector[columns.size()];
    Object[] constants = new Object[columns.size()];
    for (int c = 0; c < vectors.length; c++) {
      StructField field = columns.fields()[c];
      if (partition.containsKey(field.name())) {
        constants[c] = parsed(partition.get(field.name()), field.dataType());
      } else {
        vectors[c] = batch.getColumnVector(batch.getSchema().indexOf(field.name()));
      }
    }
    for (int r = 0; r < batch.getSize(); r++) {
      Object[] values = constants.clone();
      for (int c = 0; c < vectors.length; c++) {
        if (vectors[c] != null) {
          values[c] = value(vectors[c], r, columns.fields()[c].dataType());
        }
      }
      rows.add(new GenericRowWithSchema(values, columns));
    }
  }

  /** The value of a partition column, which the log has as text. */
  private static Object parsed(String text, DataType type) {
    if (text == null || type instanceof StringType) {
      return text;
    }
    if (type instanceof DateType) {
      return java.sql.Date.valueOf(LocalDate.parse(text));
    }
    throw new IllegalStateException("No result table is partitioned by " + type.simpleString());
  }

  /** What Spark's {@code collect} would give for a type of the result tables. */
  private static Object value(ColumnVector vector, int row, DataType type) {
    if (vector.isNullAt(row)) {
      return null;
    }
    if (type instanceof StringType) {
      return vector.getString(row);
    }
    if (type instanceof DoubleType) {
      return vector.getDouble(row);
    }
    if (type instanceof LongType) {
      return vector.getLong(row);
    }
    if (type instanceof IntegerType) {
      return vector.getInt(row);
    }
    if (type instanceof BooleanType) {
      return vector.getBoolean(row);
    }
    if (type instanceof BinaryType) {
      return vector.getBinary(row);
    }
    if (type instanceof TimestampType) {
      return DateTimeUtils.toJavaTimestamp(vector.getLong(row));
    }
    if (type instanceof DateType) {
      return DateTimeUtils.toJavaDate(vector.getInt(row));
    }
    if (type instanceof ArrayType array) {
      return values(vector.getArray(row).getElements(), array.elementType());
    }
    if (type instanceof MapType map) {
      MapValue value = vector.getMap(row);
      Map<Object, Object> entries = new HashMap<>();
      for (int i = 0; i < value.getSize(); i++) {
        entries.put(
            value(value.getKeys(), i, map.keyType()), value(value.getValues(), i, map.valueType()));
      }
      return JavaConverters.mapAsScalaMap(entries);
    }
    if (type instanceof StructType struct) {
      Object[] parts = new Object[struct.size()];
      for (int part = 0; part < parts.length; part++) {
        parts[part] = value(vector.getChild(part), row, struct.fields()[part].dataType());
      }
      return new GenericRowWithSchema(parts, struct);
    }
    throw new IllegalStateException("No result table has a column of type " + type.simpleString());
  }

  private static WrappedArray<Object> values(ColumnVector elements, DataType type) {
    Object[] values = new Object[elements.getSize()];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(elements, i, type);
    }
    return WrappedArray.make(values);
  }
}
