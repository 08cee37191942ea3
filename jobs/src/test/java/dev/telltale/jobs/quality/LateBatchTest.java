package dev.telltale.jobs.quality;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.NightlyJob;
import dev.telltale.jobs.SparkTest;
import dev.telltale.jobs.drift.DriftJob;
import dev.telltale.jobs.join.JoinJob;
import dev.telltale.jobs.profile.ProfileJob;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A batch that is uploaded three weeks late gives its windows what it had given them on time. */
class LateBatchTest extends SparkTest {
  private static final int ROWS = 1500;
  private static final ModelConfig MODEL =
      LabelledNight.model(List.of(LabelledNight.outcome()), Granularity.DAY);

  @TempDir Path directory;

  @Test
  void theWindowsOfALateBatchAreThoseOfTheSameRowsOnTime() {
    LabelledNight onTime = night("on-time");
    onTime.append("predictions", batch(onTime));
    run(onTime, 0, 5, "on-time");

    LabelledNight late = night("late");
    run(late, 0, 5, "without");
    assertThat(rows(late, "drift_metrics")).isNotEqualTo(rows(onTime, "drift_metrics"));
    late.append("predictions", batch(late));
    late.predict(21, 300);
    List<NightlyJob.Result> results = run(late, 21, 22, "three-weeks-late");
    assertThat(results.get(0).restated()).containsExactly(LabelledNight.day(1));
    assertThat(results.get(1).restated())
        .containsExactly(LabelledNight.day(1), LabelledNight.day(2));
    assertThat(results.get(2).restated()).containsExactly(LabelledNight.day(1));

    for (String table :
        List.of(
            "profile_states",
            "profile_metrics",
            "drift_metrics",
            "labelled",
            "quality_states",
            "label_maturity")) {
      assertThat(rows(late, table)).as(table).isNotEmpty().isEqualTo(rows(onTime, table));
    }
    // Estimates rest on what was known of other days at the time.
    assertThat(realized(late)).isNotEmpty().isEqualTo(realized(onTime));
    assertThat(findings(late)).isEqualTo(findings(onTime));
  }

  /** Three days, the second without half of its rows, and the labels of all. */
  private LabelledNight night(String name) {
    LabelledNight night = new LabelledNight(spark, directory.resolve(name).toString());
    night.predict(0, ROWS);
    night.append("predictions", night.rows(1, ROWS).drop("label").where(half(0)));
    night.predict(2, ROWS);
    for (int day = 0; day < 3; day++) {
      night.append("labels", night.labels(day, ROWS));
    }
    return night;
  }

  private static Dataset<Row> batch(LabelledNight night) {
    return night.rows(1, ROWS).drop("label").where(half(1));
  }

  private static String half(int rest) {
    return "pmod(CAST(substring(prediction_id, 4) AS INT), 2) = " + rest;
  }

  private static List<NightlyJob.Result> run(LabelledNight night, int from, int to, String runId) {
    return night
        .run(
            MODEL,
            from,
            to,
            runId,
            new ProfileJob(),
            new DriftJob(),
            new JoinJob(),
            new QualityJob())
        .stream()
        .map(outcome -> outcome.result())
        .toList();
  }

  private static List<String> rows(LabelledNight night, String table) {
    return text(night.table(table));
  }

  private static List<String> realized(LabelledNight night) {
    return text(night.table("quality_metrics").where("kind = 'REALIZED'"));
  }

  private static List<String> findings(LabelledNight night) {
    return text(night.table("findings").where("job = 'drift'"));
  }

  /** Of the day of the batch and the day after, which is compared with it. */
  private static List<String> text(Dataset<Row> rows) {
    return rows
        .where("window_date IN ('2001-03-02', '2001-03-03')")
        .drop("run_id", "computed_at")
        .toJSON()
        .collectAsList()
        .stream()
        .sorted()
        .toList();
  }
}
