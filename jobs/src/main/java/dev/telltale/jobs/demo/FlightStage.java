package dev.telltale.jobs.demo;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.delta.tables.DeltaTable;
import java.time.LocalDate;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Every flight with its features, the model's answer, the truth, and when each of them arrives. It
 * is made once per lake, in one commit, and the nights take from it what has arrived by then.
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

  /** Predictions in a hundred that arrive with one of the next two nights. */
  private static final int LATE_PERCENT = 2;

  private static final long DAY_SECONDS = 24 * 3600;

  private final SparkSession spark;
  private final String directory;

  /**
   * @param lake directory of the lake
   */
  FlightStage(SparkSession spark, String lake) {
    this.spark = spark;
    this.directory = lake + "/demo";
  }

  /** Whether {@link #make()} has been done on this lake. */
  boolean isMade() {
    return DeltaTable.isDeltaTable(spark, path());
  }

  /** Computes features, trains, scores, and writes it all. */
  void make() {
    Path raw = new Path(directory + "/raw/flights-2001h1.parquet");
    DemoFiles.unpack(spark, RESOURCE, raw);
    Dataset<Row> flights = spark.read().parquet(raw.toString());
    Dataset<Row> features = FlightFeatures.of(flights).cache();
    try {
      FlightModel model =
          FlightModel.train(features.where(col("event_ts").lt(lit(FIRST_NIGHT).cast("timestamp"))));
      withArrival(model.score(features))
          .repartitionByRange(8, col("event_ts"))
          .sortWithinPartitions("event_ts", "prediction_id")
          .write()
          .format("delta")
          .save(path());
    } finally {
      features.unpersist();
    }
  }

  /**
   * Columns of {@link FlightFeatures#of}, {@code prediction, score, ingest_ts} (when the prediction
   * reaches the log) and {@code label_ts} (when the truth is known).
   */
  Dataset<Row> read() {
    return spark.read().format("delta").load(path());
  }

  private String path() {
    return directory + "/flights";
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
