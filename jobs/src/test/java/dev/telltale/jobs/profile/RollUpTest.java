package dev.telltale.jobs.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.config.Granularity;
import dev.telltale.jobs.SparkTest;
import dev.telltale.jobs.TestNight;
import dev.telltale.jobs.lake.Tables;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RollUpTest extends SparkTest {
  private static final List<String> KEYS =
      List.of("column_name", "model_version", "slice_key", "slice_value");
  private static final List<String> EXACT =
      List.of(
          "count",
          "num_nulls",
          "num_nan",
          "num_positive_infinity",
          "num_negative_infinity",
          "num_zeros",
          "min",
          "max",
          "distinct_count",
          "distinct_is_exact",
          "frequent_items",
          "num_unseen",
          "min_length",
          "max_length",
          "last_value_change");
  private static final List<String> MOMENTS = List.of("avg", "stddev", "skewness", "kurtosis");

  @TempDir Path directory;

  @Test
  void twentyFourHoursAreTheDay() {
    TestNight hourly = new TestNight(spark, directory.resolve("hours").toString());
    TestNight daily = new TestNight(spark, directory.resolve("days").toString());
    for (TestNight night : List.of(hourly, daily)) {
      night.append(
          night
              .rows(0, 5000, 5)
              .withColumn("x", functions.expr("IF(prediction_id % 9 = 0, double('NaN'), x + 1e6)"))
              .withColumn("model_version", functions.expr("IF(flag, 'v1', 'v2')")));
    }
    hourly.run(TestNight.model(Granularity.HOUR, Granularity.DAY), 0, 1, "r", new ProfileJob());
    daily.run(TestNight.model(), 0, 1, "r", new ProfileJob());

    assertThat(
            hourly
                .now()
                .read(Tables.PROFILE_METRICS)
                .where("granularity = '1 hour'")
                .select("window_start")
                .distinct()
                .count())
        .isEqualTo(24);
    Map<String, Row> merged = day(hourly);
    Map<String, Row> scanned = day(daily);
    assertThat(merged.keySet()).isEqualTo(scanned.keySet()).hasSizeGreaterThan(100);
    scanned.forEach(
        (key, expected) -> {
          Row row = merged.get(key);
          for (String column : EXACT) {
            assertThat(row.<Object>getAs(column))
                .as(key + " " + column)
                .isEqualTo(expected.getAs(column));
          }
          for (String column : MOMENTS) {
            Double value = expected.getAs(column);
            if (value == null) {
              assertThat(row.<Double>getAs(column)).as(key + " " + column).isNull();
            } else {
              assertThat(row.<Double>getAs(column))
                  .as(key + " " + column)
                  .isCloseTo(value, within(1e-12 * Math.max(1, Math.abs(value))));
            }
          }
        });
  }

  private static Map<String, Row> day(TestNight night) {
    Map<String, Row> rows = new HashMap<>();
    for (Row row :
        night.now().read(Tables.PROFILE_METRICS).where("granularity = '1 day'").collectAsList()) {
      StringBuilder key = new StringBuilder();
      KEYS.forEach(name -> key.append(row.<String>getAs(name)).append('/'));
      rows.put(key.toString(), row);
    }
    return rows;
  }
}
