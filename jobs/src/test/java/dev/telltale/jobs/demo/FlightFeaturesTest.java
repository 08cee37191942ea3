package dev.telltale.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.telltale.jobs.SparkTest;
import java.sql.Timestamp;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class FlightFeaturesTest extends SparkTest {
  private static final StructType FLIGHTS =
      StructType.fromDDL(
          "departure_ts TIMESTAMP, delay_minutes BIGINT, distance_miles BIGINT,"
              + " origin STRING, destination STRING");

  /** 450 miles are one hour of flight, and every flight has 45 minutes on the ground. */
  @Test
  void delayIsKnownOnlyFromFlightsThatLandedWithinThreeHours() {
    List<Row> rows =
        features(
            flight("08:00", 30, 450, "AAA"),
            flight("09:44", 0, 450, "AAA"),
            flight("09:45", 0, 450, "AAA"),
            flight("11:30", 0, 450, "AAA"),
            flight("09:45", 0, 450, "BBB"));

    assertThat(rows)
        .extracting(row -> row.getAs("prediction_id"), row -> row.getAs("origin_delay_minutes"))
        .containsExactly(
            tuple("AAA-ZZZ-20010301T0800-1", null),
            tuple("AAA-ZZZ-20010301T0944-1", null),
            tuple("AAA-ZZZ-20010301T0945-1", 30.0),
            // The two that left at 09:44 and 09:45 have landed at 11:29 and 11:30.
            tuple("AAA-ZZZ-20010301T1130-1", 10.0),
            tuple("BBB-ZZZ-20010301T0945-1", null));
  }

  @Test
  void busyCountsTheHourBeforeAndNotTheSameMinute() {
    List<Row> rows =
        features(
            flight("08:00", 0, 450, "AAA"),
            flight("09:00", 0, 450, "AAA"),
            flight("09:00", 5, 450, "AAA"),
            flight("09:01", 0, 450, "AAA"));

    assertThat(rows)
        .extracting(row -> row.<Long>getAs("origin_departures"))
        .containsExactly(0L, 1L, 1L, 2L);
  }

  @Test
  void twinsOfOneMinuteHaveIdsOfTheirOwn() {
    List<Row> rows = features(flight("09:00", 16, 450, "AAA"), flight("09:00", 15, 450, "AAA"));

    assertThat(rows)
        .extracting(row -> row.getAs("prediction_id"), row -> row.getAs("label"))
        .containsExactly(
            tuple("AAA-ZZZ-20010301T0900-1", false), tuple("AAA-ZZZ-20010301T0900-2", true));
  }

  private static List<Row> features(Row... flights) {
    Dataset<Row> table = spark.createDataFrame(List.of(flights), FLIGHTS);
    return FlightFeatures.of(table).orderBy("prediction_id").collectAsList();
  }

  private static Row flight(String time, long delay, long miles, String origin) {
    return RowFactory.create(
        Timestamp.valueOf("2001-03-01 " + time + ":00"), delay, miles, origin, "ZZZ");
  }
}
