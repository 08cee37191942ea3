package dev.telltale.jobs.demo;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import java.time.LocalDate;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * Every flight with its features, the model's answer, the truth, and when each of them arrives:
 * Parquet files by day of departure. They are made once per lake, and the nights take from them
 * what has arrived by then.
 *
 * <p>The flights, the features and the answers are real. When a row arrives is simulated: from a
 * hash of its id, so that it is the same in every run.
 */
final class FlightStage {
  /** First day after training. */
  static final LocalDate FIRST_NIGHT = LocalDate.of(2001, 3, 1);

  /** Last day of the data. */
  static final LocalDate LAST_NIGHT = LocalDate.of(2001, 6, 30);

  static final String MODEL_ID = "flights-delay";

  static final String MODEL_VERSION = "2001-03";

  private static final String RESOURCE = "/dev/telltale/jobs/demo/flights-2001h1.parquet";

  private static final String DAY = "day";

  /** Predictions in a hundred that arrive with one of the next two nights. */
  private static final int LATE_PERCENT = 2;

  /** Nothing arrives later than so many days after the flight's own. */
  static final int LATEST_ARRIVAL_DAYS = 3;

  private static final long DAY_SECONDS = 24 * 3600;

  private final SparkSession spark;
  private final String directory;
  private final LocalDate until;
  private StructType schema;

  /**
   * @param lake directory of the lake
   * @param until the last day that is wanted
   */
  FlightStage(SparkSession spark, String lake, LocalDate until) {
    this.spark = spark;
    this.directory = lake + "/demo";
    this.until = until;
  }

  /** Whether a demo has ever begun on this lake. */
  static boolean hasAny(SparkSession spark, String lake) {
    return DemoFiles.exists(spark, new Path(lake + "/demo"));
  }

  /** Whether {@link #make()} has been done on this lake. */
  boolean isMade() {
    return DemoFiles.exists(spark, new Path(path(), "_SUCCESS"));
  }

  /** Computes features, trains, scores, and writes it all. */
  void make() {
    Path raw = new Path(directory + "/raw/flights-2001h1.parquet");
    DemoFiles.unpack(spark, RESOURCE, raw);
    Dataset<Row> flights =
        spark
            .read()
            .parquet(raw.toString())
            .where(col("departure_ts").lt(lit(until.plusDays(1).toString()).cast("timestamp")));
    Dataset<Row> features = FlightFeatures.of(flights).cache();
    try {
      FlightModel model =
          FlightModel.train(features.where(col("event_ts").lt(lit(FIRST_NIGHT).cast("timestamp"))));
      withArrival(model.score(features))
          .withColumn(DAY, col("event_ts").cast("date"))
          .repartition(col(DAY))
          .sortWithinPartitions(DAY, "event_ts", "prediction_id")
          .write()
          .mode(SaveMode.Overwrite)
          .partitionBy(DAY)
          .parquet(path());
    } finally {
      features.unpersist();
    }
  }

  /**
   * Columns of {@link FlightFeatures#of}, {@code prediction, score, ingest_ts} (when the prediction
   * reaches the log) and {@code label_ts} (when the truth is known).
   */
  Dataset<Row> read() {
    return spark.read().parquet(path()).drop(DAY);
  }

  /** The same of the flights that leave on {@code [from, to]}, without a look at the others. */
  Dataset<Row> read(LocalDate from, LocalDate to) {
    String[] days =
        from.datesUntil(to.plusDays(1))
            .map(day -> path() + "/" + DAY + "=" + day)
            .toArray(String[]::new);
    if (schema == null) {
      schema = read().schema();
    }
    return spark.read().schema(schema).parquet(days);
  }

  private String path() {
    return directory + "/flights-until-" + until;
  }

  /**
   * Two minutes of streaming delay for most, a day or two for some; truth after one to three days.
   */
  private static Dataset<Row> withArrival(Dataset<Row> scored) {
    Column second = col("event_ts").cast("long");
    Column isLate = pmod(xxhash64(col("prediction_id"), lit("late")), lit(100)).lt(LATE_PERCENT);
    Column lag =
        when(isLate, hashed("lag", DAY_SECONDS).plus(lit(DAY_SECONDS)))
            .otherwise(hashed("lag", 120));
    return scored
        .withColumn("ingest_ts", second.plus(lag).cast("timestamp"))
        .withColumn(
            "label_ts",
            second.plus(lit(DAY_SECONDS)).plus(hashed("label", 2 * DAY_SECONDS)).cast("timestamp"));
  }

  private static Column hashed(String salt, long below) {
    return pmod(xxhash64(col("prediction_id"), lit(salt)), lit(below));
  }
}
