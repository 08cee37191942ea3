package dev.telltale.jobs.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.SparkTest;
import dev.telltale.jobs.TestNight;
import dev.telltale.jobs.lake.Tables;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WideTableTest extends SparkTest {
  private static final int COLUMNS = 1000;
  private static final int ROWS = 2000;

  @TempDir Path directory;

  @Test
  void aThousandColumnsAreProfiledInOneScan() {
    TestNight night = new TestNight(spark, directory.resolve("lake").toString());
    write(night, "wide_baseline", List.of());
    Dataset<Row> log =
        write(
            night,
            "wide",
            List.of(
                "id AS prediction_id",
                "timestamp '2001-03-01 00:00:00' + make_interval(0, 0, 0, 0, 0, id % 1440)"
                    + " AS event_ts",
                "'yes' AS prediction"));
    ModelConfig small = TestNight.model();
    ModelConfig model =
        new ModelConfig(
            small.model(),
            new ModelConfig.Predictions(
                "wide",
                "prediction_id",
                "event_ts",
                Optional.empty(),
                "prediction",
                Optional.empty(),
                Optional.empty()),
            new ModelConfig.Baseline("wide_baseline", Optional.empty()),
            new ModelConfig.Columns(List.of(), List.of(), List.of()),
            List.of(),
            small.maxSliceValues(),
            small.granularities(),
            small.drift(),
            small.alerts(),
            List.of(),
            ModelConfig.Quality.defaults());
    assertThat(night.run(model, 0, 1, "r", new ProfileJob()).get(0).result().summary())
        .containsEntry("columns", COLUMNS);
    Dataset<Row> metrics =
        night
            .now()
            .read(Tables.PROFILE_METRICS)
            .where("granularity = '1 day' AND column_name LIKE 'c%'");
    assertThat(metrics.count()).isEqualTo(COLUMNS);
    assertThat(metrics.where("count <> " + ROWS + " OR num_nulls <> " + ROWS / 10).count())
        .isZero();
    for (int column : new int[] {0, 499, 999}) {
      assertThat(metrics.where("column_name = 'c" + column + "'").head().<Double>getAs("avg"))
          .isCloseTo(log.agg(functions.avg("c" + column)).head().getDouble(0), within(1e-9));
    }
  }

  private static Dataset<Row> write(TestNight night, String table, List<String> more) {
    List<String> columns = new ArrayList<>(more);
    for (int c = 0; c < COLUMNS; c++) {
      columns.add("IF(id % 10 = 0, NULL, (id * " + (c + 7) + ") % 1009 / 8D) AS c" + c);
    }
    String path = night.lake().location() + "/" + table;
    spark
        .range(0, ROWS, 1, 1)
        .selectExpr(columns.toArray(new String[0]))
        .write()
        .format("delta")
        .save(path);
    return spark.read().format("delta").load(path);
  }
}
