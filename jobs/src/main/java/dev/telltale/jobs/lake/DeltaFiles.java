package dev.telltale.jobs.lake;

import io.delta.kernel.Scan;
import io.delta.kernel.ScanBuilder;
import io.delta.kernel.Snapshot;
import io.delta.kernel.Table;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.MapValue;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.KernelException;
import io.delta.kernel.expressions.And;
import io.delta.kernel.expressions.Column;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.expressions.Or;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.data.ScanStateRow;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.catalyst.util.DateTimeUtils;
import org.apache.spark.sql.delta.actions.AddFile;
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
import org.apache.spark.sql.types.TimestampType;
import scala.Option;
import scala.collection.JavaConverters;
import scala.collection.mutable.WrappedArray;

/**
 * The files of a result table at one version: listed and read on the driver, without a Spark job.
 *
 * <p>A night reads a few small partitions of a dozen tables. Through Spark each of these reads
 * plans a query, lists files in another one and compiles code for both, a third of a second when
 * warm; here it takes a few milliseconds per file. The one class that uses Delta Kernel.
 */
final class DeltaFiles {
  private final Engine engine;
  private final Snapshot snapshot;
  private final List<io.delta.kernel.data.Row> files = new ArrayList<>();

  private DeltaFiles(
      Configuration hadoop,
      String directory,
      long version,
      Optional<io.delta.kernel.expressions.Predicate> filter)
      throws IOException {
    engine = DefaultEngine.create(hadoop);
    snapshot = Table.forPath(engine, directory).getSnapshotAsOfVersion(engine, version);
    ScanBuilder builder = snapshot.getScanBuilder(engine);
    Scan scan = filter.map(some -> builder.withFilter(engine, some)).orElse(builder).build();
    try (CloseableIterator<FilteredColumnarBatch> batches = scan.getScanFiles(engine)) {
      while (batches.hasNext()) {
        try (CloseableIterator<io.delta.kernel.data.Row> rows = batches.next().getRows()) {
          rows.forEachRemaining(files::add);
        }
      }
    }
  }

  /** The files of the table in this directory. */
  static DeltaFiles at(Configuration hadoop, String directory, long version) {
    try {
      return new DeltaFiles(hadoop, directory, version, Optional.empty());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The files of any table that may hold rows of some times.
   *
   * @param time timestamp column
   * @param ranges at least one
   * @return empty if Delta Kernel cannot read the table, which has features that it does not know
   *     or deletion vectors: Spark can
   */
  static Optional<DeltaFiles> between(
      Configuration hadoop, String directory, long version, String time, List<TimeRange> ranges) {
    Column column = new Column(time);
    io.delta.kernel.expressions.Predicate filter =
        ranges.stream()
            .<io.delta.kernel.expressions.Predicate>map(
                range ->
                    new And(
                        new io.delta.kernel.expressions.Predicate(
                            ">=", column, Literal.ofTimestamp(micros(range.from()))),
                        new io.delta.kernel.expressions.Predicate(
                            "<", column, Literal.ofTimestamp(micros(range.to())))))
            .reduce(Or::new)
            .orElseThrow();
    try {
      DeltaFiles found = new DeltaFiles(hadoop, directory, version, Optional.of(filter));
      boolean plain =
          found.files.stream()
              .allMatch(
                  file -> InternalScanFileUtils.getDeletionVectorDescriptorFromRow(file) == null);
      return plain ? Optional.of(found) : Optional.empty();
    } catch (KernelException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  /** The version of the table. */
  long version() {
    return snapshot.getVersion(engine);
  }

  /** Partition values of every file, one entry a file. */
  List<Map<String, String>> partitions() {
    return files.stream().map(InternalScanFileUtils::getPartitionValues).toList();
  }

  /** The files of some partitions as the actions that added them. */
  List<AddFile> added(Predicate<Map<String, String>> partitions) {
    List<AddFile> added = new ArrayList<>();
    for (io.delta.kernel.data.Row file : files) {
      Map<String, String> partition = InternalScanFileUtils.getPartitionValues(file);
      if (partitions.test(partition)) {
        io.delta.kernel.data.Row add = file.getStruct(InternalScanFileUtils.ADD_FILE_ORDINAL);
        added.add(
            new AddFile(
                add.getString(add.getSchema().indexOf("path")),
                scalaMap(partition),
                add.getLong(add.getSchema().indexOf("size")),
                add.getLong(add.getSchema().indexOf("modificationTime")),
                true,
                null,
                null,
                null,
                Option.empty(),
                Option.empty(),
                Option.empty()));
      }
    }
    return added;
  }

  private static scala.collection.immutable.Map<String, String> scalaMap(Map<String, String> map) {
    scala.collection.immutable.Map<String, String> result =
        scala.collection.immutable.Map$.MODULE$.empty();
    for (Map.Entry<String, String> entry : map.entrySet()) {
      result = result.updated(entry.getKey(), entry.getValue());
    }
    return result;
  }

  /**
   * The rows of some partitions.
   *
   * @param columns the columns wanted; one that the table does not have yet is null
   */
  List<Row> rows(
      Predicate<Map<String, String>> partitions, org.apache.spark.sql.types.StructType columns) {
    Reader reader = new Reader(columns);
    return files.stream()
        .filter(file -> partitions.test(InternalScanFileUtils.getPartitionValues(file)))
        .flatMap(file -> reader.rows(file).stream())
        .toList();
  }

  /**
   * A file of the table.
   *
   * @param writtenAt when it was written
   * @param rows reads its rows
   */
  record File(Instant writtenAt, Supplier<List<Row>> rows) {}

  /** The files of the table, the one written last first. */
  List<File> newestFirst(org.apache.spark.sql.types.StructType columns) {
    Reader reader = new Reader(columns);
    return files.stream()
        .map(
            file ->
                new File(
                    Instant.ofEpochMilli(
                        InternalScanFileUtils.getAddFileStatus(file).getModificationTime()),
                    () -> reader.rows(file)))
        .sorted(Comparator.comparing(File::writtenAt).reversed())
        .toList();
  }

  /** Reads some columns of the files. */
  private final class Reader {
    private final org.apache.spark.sql.types.StructType columns;
    private final io.delta.kernel.data.Row state;
    private final StructType physical;

    Reader(org.apache.spark.sql.types.StructType columns) {
      this.columns = columns;
      StructType wanted = new StructType();
      for (String name : columns.fieldNames()) {
        if (snapshot.getSchema(engine).indexOf(name) >= 0) {
          wanted = wanted.add(snapshot.getSchema(engine).get(name));
        }
      }
      Scan scan = snapshot.getScanBuilder(engine).withReadSchema(engine, wanted).build();
      state = scan.getScanState(engine);
      physical = ScanStateRow.getPhysicalDataReadSchema(engine, state);
    }

    List<Row> rows(io.delta.kernel.data.Row file) {
      List<Row> rows = new ArrayList<>();
      try (CloseableIterator<FilteredColumnarBatch> batches =
          Scan.transformPhysicalData(
              engine,
              state,
              file,
              engine
                  .getParquetHandler()
                  .readParquetFiles(
                      Utils.singletonCloseableIterator(
                          InternalScanFileUtils.getAddFileStatus(file)),
                      physical,
                      Optional.empty()))) {
        while (batches.hasNext()) {
          add(batches.next().getData(), columns, rows);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return rows;
    }
  }

  private static void add(
      ColumnarBatch batch, org.apache.spark.sql.types.StructType columns, List<Row> rows) {
    ColumnVector[] vectors = new ColumnVector[columns.size()];
    for (int c = 0; c < vectors.length; c++) {
      int ordinal = batch.getSchema().indexOf(columns.fields()[c].name());
      vectors[c] = ordinal < 0 ? null : batch.getColumnVector(ordinal);
    }
    for (int r = 0; r < batch.getSize(); r++) {
      Object[] values = new Object[vectors.length];
      for (int c = 0; c < vectors.length; c++) {
        values[c] =
            vectors[c] == null ? null : value(vectors[c], r, columns.fields()[c].dataType());
      }
      rows.add(new GenericRowWithSchema(values, columns));
    }
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
    if (type instanceof org.apache.spark.sql.types.StructType struct) {
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
