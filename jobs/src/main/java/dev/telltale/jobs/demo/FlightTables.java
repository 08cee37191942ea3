package dev.telltale.jobs.demo;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.delta.tables.DeltaTable;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.MetadataBuilder;

/**
 * The three tables a team would have: the training data, the prediction log and the labels.
 *
 * <p>What has arrived is known from the tables' own rows (each row says when it arrived), so a
 * night is appended once however often the demo runs, and after a kill too.
 */
final class FlightTables {
  /** Names of the tables. */
  static final List<String> NAMES = List.of("baseline", "predictions", "labels");

  private static final Map<String, String> COMMENTS = comments();

  private static final String FEATURES =
      " origin destination distance_miles departure_hour day_of_week origin_delay_minutes"
          + " origin_departures ";

  private static final String BASELINE =
      "prediction_id event_ts" + FEATURES + "prediction score label";

  private static final String PREDICTIONS =
      "prediction_id event_ts event_date ingest_ts model_id model_version"
          + FEATURES
          + "prediction score";

  private static final String LABELS = "prediction_id label label_ts";

  private final SparkSession spark;
  private final String lake;
  private final FlightStage stage;
  private final Set<LocalDate> predictionsThere;
  private final Set<LocalDate> labelsThere;

  /**
   * @param lake directory of the lake
   * @param stage what arrives, made
   */
  FlightTables(SparkSession spark, String lake, FlightStage stage) {
    this.spark = spark;
    this.lake = lake;
    this.stage = stage;
    this.predictionsThere = days("predictions", "ingest_ts");
    this.labelsThere = days("labels", "label_ts");
  }

  /** Writes the scored training data as version 0 of {@code baseline}, unless it is there. */
  void writeBaseline() {
    if (DeltaTable.isDeltaTable(spark, lake + "/baseline")) {
      return;
    }
    Dataset<Row> training = stage.read().where(col("event_ts").lt(start(FlightStage.FIRST_NIGHT)));
    select(training, BASELINE).coalesce(1).write().format("delta").save(lake + "/baseline");
  }

  /** Appends what arrives on {@code day}: predictions in one commit, labels in another. */
  void arrive(LocalDate day) {
    if (!predictionsThere.contains(day)) {
      Dataset<Row> log =
          arriving("ingest_ts", day)
              .withColumn("event_date", col("event_ts").cast("date"))
              .withColumn("model_id", lit(FlightStage.MODEL_ID))
              .withColumn("model_version", lit(FlightStage.MODEL_VERSION));
      append("predictions", day, select(log, PREDICTIONS), "event_date");
      predictionsThere.add(day);
    }
    if (!labelsThere.contains(day)) {
      append("labels", day, select(arriving("label_ts", day), LABELS));
      labelsThere.add(day);
    }
  }

  /** The production rows whose {@code arrival} is on {@code day}. */
  private Dataset<Row> arriving(String arrival, LocalDate day) {
    LocalDate first = day.minusDays(FlightStage.LATEST_ARRIVAL_DAYS);
    return stage
        .read(first.isBefore(FlightStage.FIRST_NIGHT) ? FlightStage.FIRST_NIGHT : first, day)
        .where(col(arrival).geq(start(day)).and(col(arrival).lt(start(day.plusDays(1)))));
  }

  private void append(String table, LocalDate day, Dataset<Row> rows, String... partitionColumns) {
    rows.coalesce(1)
        .write()
        .format("delta")
        .mode("append")
        .option("userMetadata", "{\"demo\": \"arrival\", \"day\": \"" + day + "\"}")
        .partitionBy(partitionColumns)
        .save(lake + "/" + table);
  }

  private Set<LocalDate> days(String table, String arrival) {
    String path = lake + "/" + table;
    Set<LocalDate> days = new TreeSet<>();
    if (DeltaTable.isDeltaTable(spark, path)) {
      for (Row row :
          spark
              .read()
              .format("delta")
              .load(path)
              .select(col(arrival).cast("date").cast("string"))
              .distinct()
              .collectAsList()) {
        days.add(LocalDate.parse(row.getString(0)));
      }
    }
    return days;
  }

  private static Column start(LocalDate day) {
    return lit(day.toString()).cast("timestamp");
  }

  private static Dataset<Row> select(Dataset<Row> rows, String names) {
    Column[] columns =
        Arrays.stream(names.split(" "))
            .map(
                name ->
                    col(name)
                        .as(
                            name,
                            new MetadataBuilder().putString("comment", COMMENTS.get(name)).build()))
            .toArray(Column[]::new);
    return rows.select(columns);
  }

  private static Map<String, String> comments() {
    Map<String, String> comments = new LinkedHashMap<>();
    comments.put("prediction_id", "Route, departure and a running number");
    comments.put("event_ts", "Departure, local time of the origin taken as UTC");
    comments.put("event_date", "Day of event_ts");
    comments.put("ingest_ts", "When the prediction reached the log (simulated)");
    comments.put("model_id", "Model");
    comments.put("model_version", "Version of the model");
    comments.put("origin", "Airport of departure, IATA code");
    comments.put("destination", "Airport of arrival, IATA code");
    comments.put("distance_miles", "Distance");
    comments.put("departure_hour", "Hour of the departure, 0 to 23");
    comments.put("day_of_week", "Day of the departure, Mon to Sun");
    comments.put(
        "origin_delay_minutes",
        "Mean arrival delay of the origin's earlier flights that landed in the last three hours;"
            + " null = none has");
    comments.put("origin_departures", "Flights from the origin in the last hour");
    comments.put("prediction", "Whether the model says that the flight will be late");
    comments.put("score", "Probability of being late");
    comments.put("label", "Whether the flight arrived more than 15 minutes late");
    comments.put("label_ts", "When the label was known (delay simulated)");
    return comments;
  }
}
