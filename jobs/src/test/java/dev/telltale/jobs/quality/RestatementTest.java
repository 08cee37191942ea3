package dev.telltale.jobs.quality;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.SparkTest;
import dev.telltale.jobs.night.NightRunner;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels come late, repeatedly, corrected, and for predictions that nobody made. */
class RestatementTest extends SparkTest {
  private static final int DAYS = 6;
  private static final int ROWS = 400;
  private static final ModelConfig MODEL =
      LabelledNight.model(List.of(LabelledNight.outcome()), Granularity.DAY, Granularity.WEEK);

  @TempDir Path directory;

  /** In whatever order and batches they come, in the end the tables are those of one run. */
  @Test
  void afterAllLabelsTheTablesAreThoseOfOneRun() {
    LabelledNight oneShot = new LabelledNight(spark, directory.resolve("one").toString());
    for (int day = 0; day < DAYS + 2; day++) {
      oneShot.predict(day, ROWS);
      oneShot.append("labels", oneShot.labels(day, ROWS));
    }
    oneShot.run(MODEL, 0, DAYS + 2, "one");

    LabelledNight nightly = new LabelledNight(spark, directory.resolve("nightly").toString());
    nightly.append("labels", nightly.labels(0, 0));
    for (int day = 0; day < DAYS + 2; day++) {
      nightly.predict(day, ROWS);
      batches(nightly, day);
      List<NightRunner.Outcome> night = nightly.run(MODEL, day, day + 1, "night-" + day);
      if (day == 5) {
        Map<String, Object> join = night.get(1).result().summary();
        // Of day 2 the last part came, of day 3 the second, of day 4 the first; of others nothing.
        assertThat(join).containsEntry("days", 1).containsEntry("days_restated", 3);
        assertThat(join.get("orphans")).isEqualTo(Map.of("outcome", 7L));
      }
    }
    batches(nightly, DAYS + 2);
    for (int day = DAYS; day < DAYS + 2; day++) {
      nightly.append("labels", nightly.labels(day, ROWS));
    }
    nightly.run(MODEL, DAYS + 1, DAYS + 2, "last");

    for (String table :
        List.of(
            "labelled",
            "quality_states",
            "quality_metrics",
            "quality_comparisons",
            "quality_curves",
            "label_maturity")) {
      List<String> expected = rows(oneShot, table);
      List<String> actual = rows(nightly, table);
      assertThat(actual).as(table).isNotEmpty().hasSameSizeAs(expected);
      for (int i = 0; i < expected.size(); i++) {
        assertThat(actual.get(i)).as(table).isEqualTo(expected.get(i));
      }
    }
  }

  /**
   * On the evening of a day arrive parts of what is known of the three days before, in no order:
   * corrections before what they correct among them. Nobody made the predictions of some.
   */
  private static void batches(LabelledNight night, int day) {
    for (int past = Math.max(0, day - 3); past < Math.min(day, DAYS); past++) {
      int age = day - past;
      if (age == 2 && past % 2 == 0) {
        continue;
      }
      String part = age == 1 ? "= 0" : age == 2 ? "= 1" : past % 2 == 0 ? "> 0" : "= 2";
      night.append(
          "labels",
          night
              .labels(past, ROWS)
              .where("pmod(xxhash64(prediction_id, label, 'batch'), 3) " + part)
              .orderBy("label_ts"));
    }
    night.append(
        "labels",
        night
            .labels(day, 7)
            .selectExpr("concat('nobody-', prediction_id) AS prediction_id", "label", "label_ts")
            .dropDuplicates("prediction_id"));
  }

  private static List<String> rows(LabelledNight night, String table) {
    return night
        .table(table)
        .where("window_date < date '2001-03-0" + (DAYS + 1) + "'")
        .drop("run_id", "computed_at")
        .toJSON()
        .collectAsList()
        .stream()
        .sorted()
        .toList();
  }
}
