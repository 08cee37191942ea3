package dev.telltale.jobs.night;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.LakeContents;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.NightlyJob;
import dev.telltale.jobs.Progress;
import dev.telltale.jobs.SparkTest;
import dev.telltale.jobs.TestNight;
import dev.telltale.jobs.lake.RunEntry;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.profile.ProfileJob;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NightTest extends SparkTest {
  @TempDir Path directory;

  @Test
  void aNightAgainGivesTheSameRowsAndAsOfTheSameBits() {
    TestNight night = new TestNight(spark, directory.resolve("lake").toString());
    ModelConfig model = TestNight.model();
    for (int day = 0; day < 3; day++) {
      night.append(shifted(night, day));
      night.run(model, day, day + 1, "run-" + day, jobs());
    }
    String lake = night.lake().location();
    Map<Tables, List<String>> first = LakeContents.of(spark, lake);
    assertThat(first).matches(LakeContents::isFullWithoutFeedback, "is full");

    night.run(model, 2, 3, "again", jobs());
    assertThat(LakeContents.of(spark, lake)).isEqualTo(first);

    night.append(
        night
            .rows(2, 900, 77)
            .withColumn("prediction_id", functions.expr("prediction_id + 10000")));
    night.run(model, 2, 3, "late", jobs());
    assertThat(LakeContents.of(spark, lake).get(Tables.PROFILE_STATES))
        .isNotEqualTo(first.get(Tables.PROFILE_STATES));

    NightSpec spec = night.spec(model, 2, 3, "as-of");
    NightRunner.run(
        spark,
        new NightSpec(
            spec.lake(),
            model,
            spec.configHash(),
            spec.from(),
            spec.to(),
            spec.runId(),
            Optional.of("run-2"),
            false),
        List.of(jobs()),
        Progress.SILENT);
    assertThat(LakeContents.of(spark, lake)).isEqualTo(first);
    assertThat(night.now().ledger().find("as-of"))
        .extracting(RunEntry::asOf)
        .containsOnly(Optional.of("run-2"));
  }

  @Test
  void anyOrderOfNightsGivesTheSameProfilesAndOneBackfillTheSameEverything() {
    TestNight one = new TestNight(spark, directory.resolve("one").toString());
    TestNight other = new TestNight(spark, directory.resolve("other").toString());
    ModelConfig model = TestNight.model();
    for (int day = 0; day < 3; day++) {
      one.append(shifted(one, day));
      other.append(shifted(other, day));
    }
    for (int day = 0; day < 3; day++) {
      one.run(model, day, day + 1, "run-" + day, jobs());
    }
    other.run(model, 0, 3, "backfill", jobs());
    assertThat(LakeContents.of(spark, other.lake().location()))
        .isEqualTo(LakeContents.of(spark, one.lake().location()));
  }

  @Test
  void eightModelsAndEightWindowsAtOnceAllLand() throws Exception {
    TestNight night = new TestNight(spark, directory.resolve("lake").toString());
    for (int day = 0; day < 8; day++) {
      night.append(night.rows(day, 200, day));
    }
    Stream<Callable<List<NightRunner.Outcome>>> models =
        IntStream.range(0, 8)
            .mapToObj(i -> () -> night.run(named("model-" + i), 0, 1, "model-" + i, jobs()));
    // The baseline is there before, as whoever comes first profiles it for all.
    night.run(named("windows"), 0, 1, "first", jobs());
    Stream<Callable<List<NightRunner.Outcome>>> windows =
        IntStream.range(0, 8)
            .mapToObj(
                i -> () -> night.run(named("windows"), i, i + 1, "window-" + i, new ProfileJob()));
    ExecutorService threads = Executors.newFixedThreadPool(16);
    try {
      for (Future<List<NightRunner.Outcome>> run :
          threads.invokeAll(Stream.concat(models, windows).toList())) {
        run.get();
      }
    } finally {
      threads.shutdown();
    }
    assertThat(
            night
                .now()
                .read(Tables.PROFILE_METRICS)
                .where("column_name = ':table' AND granularity = '1 day'")
                .where("slice_key IS NULL AND model_version IS NULL")
                .where("count = 200")
                .groupBy("model_id")
                .count()
                .collectAsList())
        .extracting(row -> row.getString(0) + " " + row.getLong(1))
        .containsExactlyInAnyOrder(
            Stream.concat(
                    Stream.of("windows 8"),
                    IntStream.range(0, 8).mapToObj(i -> "model-" + i + " 1"))
                .toArray(String[]::new));
    assertThat(night.now().read(Tables.DRIFT_METRICS).select("model_id").distinct().count())
        .isEqualTo(9);
  }

  private static NightlyJob[] jobs() {
    return NightlyJobs.all().toArray(new NightlyJob[0]);
  }

  /** Rows of a day; from the second day on they have drifted. */
  private static Dataset<Row> shifted(TestNight night, int day) {
    return night
        .rows(day, 800, 40 + day)
        .withColumn("x", functions.col("x").plus(functions.lit(day == 0 ? 0 : 2)));
  }

  private static ModelConfig named(String name) {
    ModelConfig model = TestNight.model();
    return new ModelConfig(
        name,
        model.predictions(),
        model.baseline(),
        model.columns(),
        model.slices(),
        model.maxSliceValues(),
        model.granularities(),
        model.drift(),
        model.alerts(),
        List.of(),
        ModelConfig.Quality.defaults());
  }
}
