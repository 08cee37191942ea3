package dev.telltale.jobs.lake;

import io.delta.tables.DeltaTable;
import io.delta.tables.DeltaTableBuilder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.DeltaOperations;
import org.apache.spark.sql.delta.OptimisticTransaction;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.collection.JavaConverters;

/** Creates and migrates the result tables; only {@code init} does. */
final class Initialiser {
  private static final String VERSION_PROPERTY = "telltale.schema_version";

  private final SparkSession spark;
  private final Lake lake;

  Initialiser(SparkSession spark, Lake lake) {
    this.spark = spark;
    this.lake = lake;
  }

  void run() {
    for (Tables table : Tables.values()) {
      if (lake.exists(table)) {
        migrate(table);
      } else {
        create(table);
      }
    }
  }

  /** With everything that the code of today wants: one commit, as a lake has some thirty tables. */
  private void create(Tables table) {
    TableAddress address = lake.address(table);
    DeltaTableBuilder builder = DeltaTable.createIfNotExists(spark);
    builder =
        address.inCatalog()
            ? builder.tableName(address.toString())
            : builder.location(address.toString());
    builder =
        builder
            .comment(table.comment())
            .addColumns(table.schema())
            .partitionedBy(table.partitionColumns().toArray(new String[0]));
    for (Map.Entry<String, String> property : properties(table).entrySet()) {
      builder = builder.property(property.getKey(), property.getValue());
    }
    builder.execute();
  }

  /** What the code of today wants beyond what is there, in one commit; nothing if there is none. */
  private void migrate(Tables table) {
    DeltaLog log = lake.address(table).existingLog(spark);
    OptimisticTransaction transaction = log.startTransaction(Option.empty(), Option.empty());
    Metadata present = transaction.metadata();
    StructType schema = present.schema();
    for (StructField field : table.schema().fields()) {
      if (!Arrays.asList(schema.fieldNames()).contains(field.name())) {
        schema = schema.add(field);
      }
    }
    scala.collection.immutable.Map<String, String> configuration = present.configuration();
    for (Map.Entry<String, String> property : properties(table).entrySet()) {
      configuration = configuration.updated(property.getKey(), property.getValue());
    }
    Metadata wanted =
        present.copy(
            present.id(),
            present.name(),
            present.description(),
            present.format(),
            schema.json(),
            present.partitionColumns(),
            configuration,
            present.createdTime());
    if (!wanted.equals(present)) {
      transaction.updateMetadata(wanted, false);
      transaction.commit(
          JavaConverters.asScalaBuffer(List.<Action>of()).toSeq(),
          new DeltaOperations.SetTableProperties(configuration));
    }
  }

  /** The table's own properties, and its constraints, which Delta keeps as properties, too. */
  private static Map<String, String> properties(Tables table) {
    Map<String, String> properties = new LinkedHashMap<>(table.properties());
    properties.put(VERSION_PROPERTY, Integer.toString(Tables.SCHEMA_VERSION));
    // Other readers (delta-rs, DuckDB, Trino) open tables without these features.
    properties.put("delta.enableDeletionVectors", "false");
    // Partitions prune; statistics of small files only make every commit longer.
    properties.put("delta.dataSkippingNumIndexedCols", "0");
    // A checkpoint costs ten small commits; reading what came after it must stay cheap.
    properties.put("delta.checkpointInterval", "20");
    for (String constraint : table.constraints()) {
      properties.put(
          "delta.constraints.c" + Integer.toHexString(constraint.hashCode()), constraint);
    }
    return properties;
  }
}
