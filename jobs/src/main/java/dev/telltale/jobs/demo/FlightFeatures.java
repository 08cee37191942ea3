package dev.telltale.jobs.demo;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.date_format;
import static org.apache.spark.sql.functions.hour;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * What is known about a flight when it leaves, from the flights table alone.
 *
 * <p>Two features look back: the delay of earlier flights from the same airport, which exists only
 * if one of them has landed, and how busy the airport is. Both compare clocks of one airport only,
 * so time zones do not matter.
 */
final class FlightFeatures {
  /** A flight counts as late when it arrives more than this many minutes after its schedule. */
  static final int LATE_AFTER_MINUTES = 15;

  /** How far {@code origin_delay_minutes} looks back. */
  private static final int DELAY_LOOK_BACK_SECONDS = 3 * 3600;

  /** How far {@code origin_departures} looks back. */
  private static final int BUSY_LOOK_BACK_SECONDS = 3600;

  /** Taxiing, climb and descent; the data has no landing time, so it is estimated. */
  private static final int GROUND_SECONDS = 45 * 60;

  /** 450 miles an hour. */
  private static final int SECONDS_PER_MILE = 8;

  private FlightFeatures() {}

  /**
   * Columns {@code prediction_id, event_ts, origin, destination, distance_miles, departure_hour,
   * day_of_week, origin_delay_minutes, origin_departures, label}, one row per flight, in no order.
   *
   * <p>{@code origin_delay_minutes} is null where no earlier flight of the same airport has landed
   * within three hours. The id holds route, departure and a running number, as two flights of one
   * route may leave in the same minute.
   *
   * @param flights the columns of flights-2001h1.parquet
   */
  static Dataset<Row> of(Dataset<Row> flights) {
    Dataset<Row> departures =
        flights
            .withColumn("event_ts", col("departure_ts").cast("timestamp"))
            .withColumn("second", col("event_ts").cast("long"))
            .withColumn("departed", lit(1L))
            .withColumn("landed", lit(0L))
            .withColumn("landed_delay", lit(0L));
    Dataset<Row> landings =
        departures
            .withColumn(
                "second",
                col("second")
                    .plus(lit(GROUND_SECONDS))
                    .plus(col("distance_miles").multiply(lit(SECONDS_PER_MILE))))
            .withColumn("departed", lit(0L))
            .withColumn("landed", lit(1L))
            .withColumn("landed_delay", col("delay_minutes"));
    WindowSpec airport = Window.partitionBy("origin").orderBy("second");
    WindowSpec delays = airport.rangeBetween(-DELAY_LOOK_BACK_SECONDS, 0);
    WindowSpec busy = airport.rangeBetween(-BUSY_LOOK_BACK_SECONDS, -1);
    WindowSpec twins =
        Window.partitionBy("origin", "destination", "event_ts").orderBy("delay_minutes");
    return departures
        .unionByName(landings)
        .withColumn("landed_count", sum("landed").over(delays))
        .withColumn(
            "origin_delay_minutes",
            when(
                col("landed_count").gt(0),
                sum("landed_delay").over(delays).divide(col("landed_count"))))
        .withColumn("origin_departures", sum("departed").over(busy))
        .where(col("departed").equalTo(1))
        .withColumn("twin", row_number().over(twins))
        .select(
            concat_ws(
                    "-",
                    col("origin"),
                    col("destination"),
                    date_format(col("event_ts"), "yyyyMMdd'T'HHmm"),
                    col("twin"))
                .as("prediction_id"),
            col("event_ts"),
            col("origin"),
            col("destination"),
            col("distance_miles"),
            hour(col("event_ts")).as("departure_hour"),
            date_format(col("event_ts"), "E").as("day_of_week"),
            col("origin_delay_minutes"),
            // Nothing in the frame is a null sum, and means none.
            when(col("origin_departures").isNull(), lit(0L))
                .otherwise(col("origin_departures"))
                .as("origin_departures"),
            col("delay_minutes").gt(LATE_AFTER_MINUTES).as("label"));
  }
}
