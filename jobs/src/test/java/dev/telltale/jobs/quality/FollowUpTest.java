package dev.telltale.jobs.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.config.Defaults;
import dev.telltale.config.Feedback;
import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.SparkTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people and the next training do about mistakes. */
class FollowUpTest extends SparkTest {
  private static final int ROWS = 6000;
  private static final int BUDGET = 600;

  @TempDir Path directory;

  private static Feedback labels(Feedback.Kind kind, String table, Optional<String> annotator) {
    return new Feedback(
        kind.name().toLowerCase(java.util.Locale.ROOT),
        kind,
        table,
        "prediction_id",
        "label_ts",
        Optional.of("label"),
        annotator,
        Duration.ofDays(2),
        Optional.empty());
  }

  private static ModelConfig model(int budget, Feedback... feedback) {
    ModelConfig model = LabelledNight.model(List.of(feedback), Granularity.DAY, Granularity.WEEK);
    ModelConfig.Quality quality = model.quality();
    return LabelledNight.copy(
        model,
        model.slices(),
        new ModelConfig.Quality(
            quality.task(),
            quality.positive(),
            quality.beta(),
            quality.outcomeValues(),
            quality.cutoffs(),
            quality.metrics(),
            quality.tolerance(),
            quality.toleranceRatio(),
            quality.alpha(),
            quality.minimumLabels(),
            Defaults.RESTATE_WITHIN,
            budget));
  }

  private LabelledNight night() {
    return new LabelledNight(spark, directory.toString());
  }

  private static List<String> rows(Dataset<Row> table) {
    return table.drop("run_id", "computed_at").toJSON().collectAsList().stream().sorted().toList();
  }

  @Test
  void theWorstMistakesOfAWeekAndOfItsWeakSlicesAreToBeTestedAgain() {
    LabelledNight night = night();
    ModelConfig model = model(BUDGET, LabelledNight.outcome());
    int days = 6;
    for (int day = 0; day < days; day++) {
      night.predict(day, 1500);
      Dataset<Row> labels =
          night
              .rows(day, 1500)
              .selectExpr(
                  "prediction_id",
                  "IF(category = 'b' AND pmod(xxhash64(prediction_id, 'n'), 3) = 0, NOT label,"
                      + " label) AS label",
                  "event_ts + interval 1 day AS label_ts");
      night.append("labels", day < days - 1 ? labels : labels.limit(0));
    }
    night.run(model, 0, days, "run");
    // The week of day 0 ends on day 4, and its wait on day 6.
    Dataset<Row> set = night.table("regression_set");
    List<Row> rows = set.orderBy("loss").collectAsList();
    assertThat(rows.size()).isBetween(100, 300);
    for (Row row : rows) {
      boolean said = Boolean.parseBoolean(row.getAs("prediction"));
      assertThat(row.<String>getAs("expected")).isEqualTo(String.valueOf(!said));
      double score = row.<Double>getAs("score");
      assertThat(row.<Double>getAs("loss")).isCloseTo(said ? score : 1 - score, within(1e-15));
      assertThat(row.<String>getAs("inputs")).startsWith("{\"category\":\"");
      assertThat(row.getList(row.fieldIndex("reasons"))).isNotEmpty();
    }
    // The surest mistakes of all, without a gap.
    double least =
        set.where("array_contains(reasons, 'CONFIDENT')")
            .selectExpr("min(loss)")
            .head()
            .getDouble(0);
    long surer =
        night
            .table("labelled")
            .where("window_date < '2001-03-05' AND prediction_value <> label_value")
            .where("IF(prediction_value = 1, score, 1 - score) > " + least)
            .count();
    assertThat(surer).isLessThanOrEqualTo(100);
    assertThat(set.where("array_contains(reasons, 'CONFIDENT')").count()).isEqualTo(100);
    // The predicate of a slice says what its words say.
    Row slice = night.table("weak_slices").where("status = 'WEAK'").orderBy("rank").head();
    assertThat(slice.<String>getAs("predicate")).contains("(CAST(`category` AS STRING) <=> 'b')");
    Dataset<Row> ofSlice =
        set.where("array_contains(reasons, '" + slice.<String>getAs("slice") + "')");
    assertThat(ofSlice.count()).isEqualTo(20);
    assertThat(ofSlice.where("inputs LIKE '%\"category\":\"b\"%'").count()).isEqualTo(20);
    assertThat(ofSlice.head().<String>getAs("because"))
        .startsWith("Said ")
        .contains("the model is weak where category is b");
    // The queue of the days takes the slice into account, and does so again.
    List<String> before = rows(set);
    List<String> queue = rows(night.table("labelling_queue"));
    night.run(model, 0, days, "again");
    assertThat(rows(night.table("regression_set"))).isEqualTo(before);
    assertThat(rows(night.table("labelling_queue"))).isEqualTo(queue);
    assertThat(queue.stream().filter(row -> row.contains("\"reason\":\"WEAK_SLICE\"")).count())
        .isGreaterThan(queue.size() / 4);
  }

  @Test
  void labelsOfTheQueueEstimateTheWholeDay() {
    LabelledNight night = night();
    Feedback annotation = labels(Feedback.Kind.ANNOTATION, "labels", Optional.empty());
    Feedback shadow = labels(Feedback.Kind.SHADOW, "shadow", Optional.empty());
    ModelConfig model = model(BUDGET, annotation, shadow);
    night.predict(0, ROWS);
    // A tenth of the day is labelled already, and another model answers a tenth otherwise.
    night.append(
        "labels",
        night
            .rows(0, ROWS)
            .where("pmod(xxhash64(prediction_id, 'known'), 10) = 0")
            .selectExpr("prediction_id", "label", "event_ts AS label_ts"));
    night.append(
        "shadow",
        night
            .rows(0, ROWS)
            .selectExpr(
                "prediction_id",
                "prediction <> (pmod(xxhash64(prediction_id, 'other'), 10) = 0) AS label",
                "event_ts AS label_ts"));
    night.run(model, 0, 1, "run");
    Dataset<Row> queue = night.table("labelling_queue");
    queue.createOrReplaceTempView("queue");
    night.rows(0, ROWS).createOrReplaceTempView("truth");
    night.table("labelled").where("source = 'annotation'").createOrReplaceTempView("known");
    // The number drawn has at most the standard deviation of a count of that mean.
    assertThat((double) queue.count()).isCloseTo(BUDGET, within(4 * Math.sqrt(BUDGET)));
    assertThat(
            spark
                .sql("SELECT * FROM queue JOIN known USING (prediction_id) WHERE label IS NOT NULL")
                .count())
        .isZero();
    assertThat(queue.where("inclusion_probability < 0.2 * 600 / 6000").count()).isZero();
    Row estimate =
        spark
            .sql(
                "SELECT sum(1 / inclusion_probability),"
                    + " sum(CAST(t.label = t.prediction AS INT) / inclusion_probability),"
                    + " sqrt(sum((1 - inclusion_probability) / pow(inclusion_probability, 2))),"
                    + " avg(1 - abs(2 * q.score - 1))"
                    + " FROM queue q JOIN truth t USING (prediction_id)")
            .head();
    Row truth =
        spark
            .sql(
                "SELECT count(*), sum(CAST(t.label = t.prediction AS INT)),"
                    + " avg(1 - abs(2 * t.score - 1))"
                    + " FROM truth t JOIN known k USING (prediction_id) WHERE k.label IS NULL")
            .head();
    double error = estimate.getDouble(2);
    assertThat(error).isLessThan(600);
    assertThat(estimate.getDouble(0)).isCloseTo((double) truth.getLong(0), within(3 * error));
    assertThat(estimate.getDouble(1)).isCloseTo((double) truth.getLong(1), within(3 * error));
    // Unsure ones and those that the other model answers otherwise come more often.
    assertThat(estimate.getDouble(3)).isGreaterThan(truth.getDouble(2) + 0.1);
    assertThat(queue.where("reason = 'DISAGREEMENT'").count()).isGreaterThan(90);
    assertThat(queue.where("reason = 'RANDOM'").count()).isGreaterThan(10);
    assertThat(queue.where("rank = 1").head().<String>getAs("reason")).isEqualTo("DISAGREEMENT");
    List<String> before = rows(queue);
    night.run(model, 0, 1, "again");
    assertThat(rows(night.table("labelling_queue"))).isEqualTo(before);
  }

  @Test
  void withoutABudgetNobodyIsAsked() {
    LabelledNight night = night();
    night.predict(0, 50);
    night.append("labels", night.labels(0, 50).limit(0));
    night.run(model(0, LabelledNight.outcome()), 0, 1, "run");
    assertThat(night.table("labelling_queue").count()).isZero();
  }

  /** Values of statsmodels 0.15.0: inter_rater.cohens_kappa on the same votes. */
  @Test
  void annotatorsAgreeBeyondChanceOrNot() {
    LabelledNight night = night();
    Feedback annotation = labels(Feedback.Kind.ANNOTATION, "votes", Optional.of("who"));
    night.predict(0, 400);
    for (String who : List.of("ann", "bob", "cat")) {
      int wrong = who.equals("ann") ? 10 : who.equals("bob") ? 5 : 3;
      night.append(
          "votes",
          night
              .rows(0, 400)
              // Item i is said otherwise by an annotator where i is a multiple of their number.
              .selectExpr(
                  "prediction_id",
                  "CAST(split(prediction_id, '-')[1] AS INT) AS item",
                  "event_ts + interval 1 hour AS label_ts")
              .where(who.equals("cat") ? "item < 200" : "true")
              .selectExpr(
                  "prediction_id",
                  "(item % 2 = 0) <> (item % " + wrong + " = 0) AS label",
                  "label_ts",
                  "'" + who + "' AS who"));
    }
    night.run(model(0, annotation), 0, 1, "run");
    Dataset<Row> agreement = night.table("annotator_agreement").where("granularity = '1 day'");
    Row all = agreement.where("metric = 'fleiss_kappa'").head();
    assertThat(all.<Long>getAs("n")).isEqualTo(400);
    assertThat(all.<Long>getAs("ties")).isEqualTo(20);
    assertThat(agreement.where("metric = 'cohen_kappa'").count()).isEqualTo(3);
    Row pair = agreement.where("annotator_a = 'ann' AND annotator_b = 'bob'").head();
    assertThat(pair.<Double>getAs("value")).isCloseTo(0.8, within(1e-12));
    assertThat(pair.<Long>getAs("n")).isEqualTo(400);
    assertThat(pair.<String>getAs("because")).startsWith("ann and bob give the same label in ");
    Row withCat = agreement.where("annotator_a = 'ann' AND annotator_b = 'cat'").head();
    assertThat(withCat.<Double>getAs("value")).isCloseTo(0.2685370741482966, within(1e-12));
    assertThat(withCat.<Long>getAs("n")).isEqualTo(200);
    Dataset<Row> labelled = night.table("labelled").where("annotations IS NOT NULL");
    assertThat(labelled.count()).isEqualTo(400);
    assertThat(labelled.where("label_count = 3 AND annotations['cat'] IS NOT NULL").count())
        .isEqualTo(200);
    // Where most say one thing, that is the label.
    assertThat(
            labelled
                .where(
                    "size(filter(map_values(annotations), x -> x = label)) * 2"
                        + " < size(annotations)")
                .count())
        .isZero();
  }
}
