package dev.telltale.jobs.lake;

import io.delta.tables.DeltaTable;
import io.delta.tables.DeltaTableBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
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
      if (!lake.exists(table)) {
        create(table);
      }
      migrate(table);
    }
  }

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
            .partitionedBy(table.partitionColumns().toArray(new String[0]))
            .property(VERSION_PROPERTY, Integer.toString(Tables.SCHEMA_VERSION))
            // Other readers (delta-rs, DuckDB, Trino) open tables without these features.
            .property("delta.enableDeletionVectors", "false");
    for (Map.Entry<String, String> property : table.properties().entrySet()) {
      builder = builder.property(property.getKey(), property.getValue());
    }
    builder.execute();
  }

  private void migrate(Tables table) {
    String name = lake.sqlName(table);
    Map<String, String> properties =
        JavaConverters.mapAsJavaMap(
            lake.address(table).existingLog(spark).unsafeVolatileMetadata().configuration());
    for (String constraint : table.constraints()) {
      String key = "c" + Integer.toHexString(constraint.hashCode());
      if (!properties.containsKey("delta.constraints." + key)) {
        spark.sql("ALTER TABLE " + name + " ADD CONSTRAINT " + key + " CHECK (" + constraint + ")");
      }
    }
    List<String> missing = new ArrayList<>();
    StructType present = lake.read(table, lake.version(table)).schema();
    for (StructField field : table.schema().fields()) {
      if (!Arrays.asList(present.fieldNames()).contains(field.name())) {
        missing.add(field.toDDL());
      }
    }
    if (!missing.isEmpty()) {
      spark.sql("ALTER TABLE " + name + " ADD COLUMNS (" + String.join(", ", missing) + ")");
    }
    String version = Integer.toString(Tables.SCHEMA_VERSION);
    if (!version.equals(properties.get(VERSION_PROPERTY))) {
      spark.sql(
          "ALTER TABLE "
              + name
              + " SET TBLPROPERTIES ('"
              + VERSION_PROPERTY
              + "' = '"
              + version
              + "')");
    }
  }
}
