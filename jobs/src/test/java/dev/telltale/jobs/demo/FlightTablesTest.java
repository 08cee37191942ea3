package dev.telltale.jobs.demo;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.jobs.SparkTest;
import java.nio.file.Path;
import java.time.LocalDate;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlightTablesTest extends SparkTest {
  private static final LocalDate FIRST = FlightStage.FIRST_NIGHT;

  @TempDir static Path directory;

  private static String lake;
  private static FlightStage stage;

  @BeforeAll
  static void makeStage() {
    lake = directory.resolve("lake").toString();
    stage = new FlightStage(spark, lake, FlightStage.LAST_NIGHT);
    stage.make();
    for (int round = 0; round < 2; round++) {
      FlightTables tables = new FlightTables(spark, lake, stage);
      tables.writeBaseline();
      for (int night = 0; night < 4; night++) {
        tables.arrive(FIRST.plusDays(night));
      }
    }
  }

  @Test
  void baselineIsJanuaryAndFebruaryAtVersionZero() {
    Dataset<Row> baseline =
        spark.read().format("delta").option("versionAsOf", 0).load(lake + "/baseline");

    assertThat(baseline.count()).isEqualTo(121_589);
    assertThat(baseline.where("event_ts >= '2001-03-01'").count()).isZero();
    assertThat(baseline.where("origin_delay_minutes IS NULL").count())
        .as("early flights and small airports really have no earlier landing")
        .isBetween(20_000L, 30_000L);
  }

  @Test
  void arrivingTwiceDoublesNothing() {
    Dataset<Row> predictions = table("predictions");

    assertThat(predictions.count()).isEqualTo(predictions.dropDuplicates("prediction_id").count());
    assertThat(table("labels").count())
        .isEqualTo(table("labels").dropDuplicates("prediction_id").count());
    assertThat(spark.sql("DESCRIBE HISTORY delta.`" + lake + "/predictions`").count()).isEqualTo(4);
  }

  @Test
  void twoInAHundredArriveADayOrTwoLate() {
    Dataset<Row> firstDay = table("predictions").where(col("event_date").equalTo("2001-03-01"));
    long late =
        firstDay.where("CAST(ingest_ts AS DATE) > '2001-03-01' AND hour(event_ts) < 23").count();

    assertThat(firstDay.count()).as("complete after two more nights").isEqualTo(2146);
    assertThat(late).isBetween(20L, 70L);
  }

  @Test
  void truthComesOneToThreeDaysLater() {
    Row delays =
        table("labels")
            .join(table("predictions"), "prediction_id")
            .selectExpr(
                "min(CAST(label_ts AS BIGINT) - CAST(event_ts AS BIGINT))",
                "max(CAST(label_ts AS BIGINT) - CAST(event_ts AS BIGINT))")
            .first();

    assertThat(delays.getLong(0)).isBetween(86_400L, 88_000L);
    assertThat(delays.getLong(1)).isBetween(257_000L, 259_200L);
  }

  @Test
  void scoreIsWorthSomethingInMonthsTheModelNeverSaw() {
    Row later =
        stage
            .read()
            .where("event_ts >= '2001-03-01'")
            .selectExpr(
                "avg(CASE WHEN prediction THEN CAST(label AS INT) END)",
                "avg(CASE WHEN NOT prediction THEN CAST(label AS INT) END)",
                "avg(CAST(prediction AS INT))")
            .first();

    assertThat(later.getDouble(0))
        .as("late flights among those announced late")
        .isGreaterThan(2 * later.getDouble(1));
    assertThat(later.getDouble(2)).as("share announced late").isBetween(0.1, 0.25);
  }

  private static Dataset<Row> table(String name) {
    return spark.read().format("delta").load(lake + "/" + name);
  }
}
