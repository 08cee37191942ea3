package dev.telltale.jobs.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.config.Retention;
import dev.telltale.error.TelltaleException;
import dev.telltale.jobs.LakeContents;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.NightlyJob;
import dev.telltale.jobs.Progress;
import dev.telltale.jobs.SparkTest;
import dev.telltale.jobs.alerts.AlertsJob;
import dev.telltale.jobs.drift.DriftJob;
import dev.telltale.jobs.join.JoinJob;
import dev.telltale.jobs.lake.History;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.Maintenance;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.Upkeep;
import dev.telltale.jobs.lake.WindowScope;
import dev.telltale.jobs.maintain.MaintainJob;
import dev.telltale.jobs.night.NightRunner;
import dev.telltale.jobs.profile.ProfileJob;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is dropped is no correction: nights go on as if nothing had gone. */
class MaintainJobTest extends SparkTest {
  private static final int ROWS = 300;
  private static final NightlyJob[] NIGHT = {
    new ProfileJob(), new DriftJob(), new JoinJob(), new QualityJob(), new AlertsJob()
  };
  private static final ModelConfig MODEL =
      LabelledNight.model(List.of(LabelledNight.outcome()), Granularity.DAY, Granularity.WEEK);

  @TempDir Path directory;

  /** A fortnight, of which the first four days are dropped, and another night. */
  @Test
  void resultsAreThoseOfNightsThatKeepEverything() {
    ModelConfig dropping = keeping(days(10));
    LabelledNight kept = fortnight("kept");
    LabelledNight dropped = fortnight("dropped");
    scatter("dropped", Tables.DRIFT_METRICS);
    List<Map<String, Object>> would = tables(dryRun(dropping));
    NightRunner.Outcome maintained = maintain(dropped, dropping, 14, "maintain");
    List<Map<String, Object>> did = tables(maintained);
    assertThat(would).hasSameSizeAs(did).hasSize(2);
    assertThat(would.get(0)).isEqualTo(did.get(0));
    assertThat(did.get(0))
        .containsEntry("action", Maintenance.RETENTION)
        .containsEntry("rows", 4L * ROWS)
        .containsEntry("files_before", 14L)
        .containsEntry("files_after", 10L)
        .containsEntry("kept_from", "2001-03-05T00:00:00Z");
    assertThat(did.get(1)).containsEntry("action", Maintenance.COMPACTION);
    assertThat(would.get(1).get("files_after")).isEqualTo(did.get(1).get("files_after"));
    assertThat(maintained.result().summary()).containsEntry("rows_dropped", 4L * ROWS);
    assertThat(dropped.table("predictions").where("event_ts < '2001-03-05'").count()).isZero();
    assertThat(dropped.table("predictions").count()).isEqualTo(10L * ROWS);
    assertThat(contents("dropped")).isEqualTo(contents("kept"));

    for (LabelledNight night : List.of(kept, dropped)) {
      night.predict(14, ROWS);
      night.append("labels", night.labels(13, ROWS));
      night.append("labels", correction(night, 9));
      night.append("predictions", late(night, 11));
    }
    // Of dropped days comes a label, too, and a few predictions; both are late, and said to be.
    dropped.append("labels", correction(dropped, 2));
    dropped.append("predictions", late(dropped, 3));
    kept.run(MODEL, 14, 15, "last", NIGHT);
    List<NightRunner.Outcome> last = dropped.run(dropping, 14, 15, "last", NIGHT);
    assertThat(contents("dropped")).isEqualTo(contents("kept"));
    assertThat(last.get(0).result().summary())
        .containsEntry("windows_restated", 1)
        .containsEntry("late_rows_of_dropped_days", 7L);
    assertThat(last.get(2).result().summary())
        .containsEntry("days_restated", 3)
        .containsEntry("orphans", Map.of("outcome", 0L))
        .containsEntry("late_rows_of_dropped_days", Map.of("outcome", 5L));

    // The next time the late rows of dropped days go, with the day that has become too old.
    NightRunner.Outcome again = maintain(dropped, dropping, 15, "again");
    assertThat(again.result().summary()).containsEntry("rows_dropped", ROWS + 7L);
    assertThat(contents("dropped")).isEqualTo(contents("kept"));
    droppedDaysAreNotComputedAgain(dropped);
    aVacuumDeletesWhatNoRowIsIn();
    assertThat(contents("dropped")).isEqualTo(contents("kept"));
  }

  private static void droppedDaysAreNotComputedAgain(LabelledNight night) {
    for (NightlyJob job : List.of(new ProfileJob(), new JoinJob())) {
      assertThatThrownBy(() -> night.run(MODEL, 1, 2, "again", job))
          .as(job.name())
          .isInstanceOf(TelltaleException.class)
          .hasMessageContaining("are dropped, and 2001-03-02T00:00:00Z is before");
    }
  }

  private void aVacuumDeletesWhatNoRowIsIn() {
    History table =
        Lake.at(spark, directory.resolve("dropped").toString()).upkeep("predictions").history();
    assertThat(table.vacuum(Duration.ofHours(1), false).isNone()).isTrue();
    Upkeep.Change would = table.vacuum(Duration.ZERO, true);
    Upkeep.Change did = table.vacuum(Duration.ZERO, false);
    assertThat(did).isEqualTo(would);
    assertThat(did.filesAfter()).isLessThan(did.filesBefore());
  }

  private NightRunner.Outcome dryRun(ModelConfig model) {
    NightSpec spec =
        new NightSpec(
            directory.resolve("dropped").toString(),
            model,
            "hash",
            LabelledNight.day(13),
            LabelledNight.day(14),
            "dry",
            Optional.empty(),
            true);
    return NightRunner.run(spark, spec, List.of(new MaintainJob()), Progress.SILENT).get(0);
  }

  @Test
  void nothingIsDroppedBeforeItIsSummarised() {
    LabelledNight night = new LabelledNight(spark, directory.resolve("lake").toString());
    ModelConfig dropping = keeping(days(10));
    for (int day = 0; day < 3; day++) {
      night.predict(day, ROWS);
      night.append("labels", night.labels(day, ROWS));
    }
    night.run(MODEL, 0, 2, "night", NIGHT);
    refuses(night, dropping, 40, "but profile has not run for 2001-03-03.");
    night.run(MODEL, 2, 3, "night", new ProfileJob());
    refuses(night, dropping, 40, "but join has not run for 2001-03-03.");
    night.run(MODEL, 2, 3, "night", new JoinJob());
    refuses(night, dropping, 40, "but quality has not run for 2001-03-03.");
    night.run(MODEL, 2, 3, "night", new QualityJob());
    // The labels of a week are waited for until the sixth of March ends.
    refuses(night, keeping(days(1)), 5, "labels may still come");
    // Another model that reads the log is asked, too.
    ModelConfig other = renamed(MODEL, "other-model");
    night.run(other, 0, 2, "other", new ProfileJob());
    refuses(night, dropping, 40, "the model other-model reads them, too");
    night.run(other, 2, 3, "other", new ProfileJob());

    assertThat(night.table("predictions").count()).isEqualTo(3L * ROWS);
    assertThat(night.table("maintenance").count()).isZero();
    maintain(night, dropping, 40, "maintain");
    assertThat(night.table("predictions").count()).isZero();

    // Labelled rows and results go, too, once they are old enough; baselines stay.
    ModelConfig all =
        with(
            MODEL,
            new Retention(
                Optional.of(days(10)),
                Optional.empty(),
                Optional.of(days(20)),
                Optional.of(days(62)),
                Optional.empty()));
    night.predict(70, ROWS);
    night.run(all, 70, 71, "later", NIGHT);
    maintain(night, all, 71, "later");
    for (String table : List.of("profile_states", "drift_metrics", "quality_states", "labelled")) {
      assertThat(
              night
                  .table(table)
                  .where("granularity <> 'baseline'")
                  .where("model_id = '" + MODEL.model() + "'")
                  .select("window_date")
                  .distinct()
                  .collectAsList())
          .as(table)
          .extracting(row -> row.getDate(0).toString())
          .isSubsetOf("2001-05-07", "2001-05-10");
    }
    assertThat(night.table("profile_states").where("granularity = 'baseline'").count())
        .isPositive();
    assertThatThrownBy(() -> night.run(all, 0, 1, "again", new QualityJob()))
        .hasMessageContaining("labelled before 2001-04-21T00:00:00Z are dropped");
    // An alert was open since March, and nothing has looked since: its rows are dropped like
    // others.
    Map<Tables, List<String>> before = withoutAlerts(contents("lake"));
    night.run(all, 70, 71, "again", NIGHT);
    assertThat(withoutAlerts(contents("lake"))).isEqualTo(before);
  }

  private static Map<Tables, List<String>> withoutAlerts(Map<Tables, List<String>> contents) {
    Map<Tables, List<String>> rest = new HashMap<>(contents);
    rest.remove(Tables.ALERTS);
    return rest;
  }

  private LabelledNight fortnight(String name) {
    LabelledNight night = new LabelledNight(spark, directory.resolve(name).toString());
    for (int day = 0; day < 14; day++) {
      night.predict(day, ROWS);
      if (day < 13) {
        night.append("labels", night.labels(day, ROWS));
      }
    }
    night.run(MODEL, 0, 13, "first", NIGHT);
    night.run(MODEL, 13, 14, "second", NIGHT);
    return night;
  }

  private Map<Tables, List<String>> contents(String name) {
    return LakeContents.of(spark, directory.resolve(name).toString());
  }

  /** Five labels of a day are the other way round after all. */
  private static Dataset<Row> correction(LabelledNight night, int day) {
    return night
        .labels(day, 5)
        .dropDuplicates("prediction_id")
        .selectExpr(
            "prediction_id", "NOT label AS label", "label_ts + interval 3 days AS label_ts");
  }

  private static Dataset<Row> late(LabelledNight night, int day) {
    return night
        .rows(day, 7)
        .drop("label")
        .selectExpr(
            "concat('late-', prediction_id) AS prediction_id",
            "event_ts",
            "model_version",
            "category",
            "score",
            "prediction");
  }

  /** As if a partition had been written in many small files. */
  private void scatter(String name, Tables table) {
    Lake lake = Lake.at(spark, directory.resolve(name).toString());
    WindowScope scope =
        WindowScope.of(MODEL.model(), Granularity.DAY, Set.of(LabelledNight.day(13)));
    Dataset<Row> rows =
        spark.createDataFrame(lake.read(table, scope).collectAsList(), table.schema());
    lake.writer("second").replace(table, List.of(scope), rows.repartition(5));
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> tables(NightRunner.Outcome outcome) {
    return (List<Map<String, Object>>) outcome.result().summary().get("tables");
  }

  private static NightRunner.Outcome maintain(
      LabelledNight night, ModelConfig model, int to, String runId) {
    return night.run(model, to - 1, to, runId, new MaintainJob()).get(0);
  }

  private static void refuses(LabelledNight night, ModelConfig model, int to, String why) {
    assertThatThrownBy(() -> maintain(night, model, to, "refused"))
        .isInstanceOf(TelltaleException.class)
        .hasMessageContaining(why);
  }

  private static ModelConfig keeping(Duration telemetry) {
    return with(
        MODEL,
        new Retention(
            Optional.of(telemetry),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));
  }

  private static Duration days(int days) {
    return Duration.ofDays(days);
  }

  private static ModelConfig with(ModelConfig model, Retention retention) {
    return copy(model, model.model(), retention);
  }

  private static ModelConfig renamed(ModelConfig model, String name) {
    return copy(model, name, model.retention());
  }

  private static ModelConfig copy(ModelConfig model, String name, Retention retention) {
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
        model.feedback(),
        model.quality(),
        model.kpis(),
        model.sampling(),
        model.privacy(),
        retention,
        model.checks(),
        Optional.empty());
  }
}
