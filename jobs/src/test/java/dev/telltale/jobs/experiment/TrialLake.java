package dev.telltale.jobs.experiment;

import dev.telltale.jobs.EmptyLake;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.Progress;
import dev.telltale.jobs.config.ConfigReader;
import dev.telltale.jobs.config.ExperimentFile;
import dev.telltale.jobs.config.ModelFile;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.night.NightRunner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** A lake with a log of exposures and a table of bookings, and experiments on them, for tests. */
final class TrialLake {
  /** Columns of the exposures. */
  static final StructType EXPOSURES =
      new StructType()
          .add("user_id", DataTypes.StringType)
          .add("variant", DataTypes.StringType)
          .add("ts", DataTypes.TimestampType)
          .add("platform", DataTypes.StringType)
          .add("is_bot", DataTypes.BooleanType)
          .add("experiment", DataTypes.StringType);

  /** Columns of the bookings. */
  static final StructType BOOKINGS =
      new StructType()
          .add("user_id", DataTypes.StringType)
          .add("ts", DataTypes.TimestampType)
          .add("price", DataTypes.DoubleType)
          .add("seats", DataTypes.IntegerType)
          .add("status", DataTypes.StringType);

  private static final String MODEL =
      """
      model: shop
      predictions: {table: predictions, id: id, event-time: ts, prediction: yes}
      baseline: {table: baseline}
      """;

  private final SparkSession spark;
  private final Lake lake;
  private final Path config;

  /** A row of the log of exposures. */
  record Exposure(
      String unit,
      String variant,
      Instant time,
      String platform,
      boolean isBot,
      String experiment) {
    Row row() {
      return RowFactory.create(unit, variant, Timestamp.from(time), platform, isBot, experiment);
    }
  }

  /** A row of the bookings. */
  record Booking(String unit, Instant time, Double price, Integer seats, String status) {
    Row row() {
      return RowFactory.create(unit, Timestamp.from(time), price, seats, status);
    }
  }

  TrialLake(SparkSession spark, Path directory, String... experiments) {
    this.spark = spark;
    this.lake = EmptyLake.at(spark, directory.resolve("lake").toString());
    this.config = directory.resolve("conf");
    write("models/shop.yaml", MODEL);
    declare(experiments);
    spark.createDataFrame(List.of(), EXPOSURES).write().format("delta").save(table("exposures"));
    spark.createDataFrame(List.of(), BOOKINGS).write().format("delta").save(table("bookings"));
  }

  /** Declares experiments in place of those before. */
  void declare(String... experiments) {
    for (int i = 0; i < experiments.length; i++) {
      write("experiments/e" + i + ".yaml", experiments[i]);
    }
  }

  private void write(String name, String text) {
    try {
      Path file = config.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Path of a table. */
  String table(String name) {
    return lake.location() + "/" + name;
  }

  void expose(List<Exposure> rows) {
    append("exposures", rows.stream().map(Exposure::row).toList(), EXPOSURES);
  }

  void book(List<Booking> rows) {
    append("bookings", rows.stream().map(Booking::row).toList(), BOOKINGS);
  }

  private void append(String name, List<Row> rows, StructType schema) {
    if (!rows.isEmpty()) {
      spark
          .createDataFrame(new ArrayList<>(rows), schema)
          .coalesce(1)
          .write()
          .format("delta")
          .mode(SaveMode.Append)
          .save(table(name));
    }
  }

  /** Looks at days {@code [from, to)}. */
  NightRunner.Outcome night(Instant from, Instant to, String runId) {
    return NightRunner.run(
            spark,
            spec(from, to, runId, Optional.empty()),
            List.of(new ExperimentJob()),
            Progress.SILENT)
        .get(0);
  }

  NightSpec spec(Instant from, Instant to, String runId, Optional<String> asOf) {
    ConfigReader reader = ConfigReader.of(config.toString(), Map.of());
    ModelFile model = reader.model(Optional.of("shop"));
    List<ExperimentFile> experiments = reader.experimentsOf("shop");
    return new NightSpec(
        lake.location(), model.config(), model.hash(), from, to, runId, asOf, false, experiments);
  }

  /** A view of the lake as it is now. */
  Lake now() {
    return lake.latest();
  }
}
