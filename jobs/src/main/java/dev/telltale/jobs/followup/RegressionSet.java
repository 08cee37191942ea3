package dev.telltale.jobs.followup;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.telltale.config.Feedback;
import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.engine.ColumnPlan;
import dev.telltale.jobs.engine.QualityPlan;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.SmallData;
import dev.telltale.jobs.lake.TableRow;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import dev.telltale.quality.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;

/**
 * Mistakes that a next version should not make: of a week whose wait is over those of which the
 * model was most sure, and the surest of each weak slice.
 */
public final class RegressionSet {
  /** As many as a team can read. */
  private static final int MOST = 100;

  /** Enough of a slice to see what is wrong with it. */
  private static final int MOST_OF_SLICE = 20;

  private static final String LOSS = "loss";
  private static final String GROUP = "telltale_group";
  private static final String GROUPS = "telltale_groups";

  private RegressionSet() {}

  /**
   * Writes the mistakes of some weeks.
   *
   * @param weeks whose wait is over
   * @param known columns of the baseline; none if it is not profiled
   * @return rows written
   */
  public static long write(
      Lake lake, NightSpec spec, Task task, List<ColumnPlan> known, NavigableSet<Instant> weeks) {
    if (weeks.isEmpty() || !task.hasMistakes() || spec.dryRun()) {
      return 0;
    }
    ModelConfig model = spec.model();
    Feedback truth = model.truth().orElseThrow();
    Instant computedAt = Instant.now();
    List<Row> rows = new ArrayList<>();
    for (Instant week : weeks) {
      NavigableSet<Instant> only = new TreeSet<>(List.of(week));
      ConfirmedSlices slices = ConfirmedSlices.of(lake, model.model(), only);
      NavigableSet<Instant> days = WindowScope.daysOf(Granularity.WEEK, only);
      Dataset<Row> mistakes =
          SmallData.together(
                  lake.read(Tables.LABELLED, WindowScope.of(model.model(), Granularity.DAY, days)))
              .where(col("source").equalTo(truth.name()))
              .withColumn(LOSS, loss(task))
              .where(col(LOSS).gt(0));
      LoggedItems items = new LoggedItems(lake, model, known, days);
      List<Row> chosen = chosen(items.inSlices(mistakes, slices.predicates()));
      Map<List<Object>, String> inputs = items.inputs(chosen);
      for (Row mistake : chosen) {
        TableRow row = row(mistake, week, task, spec, truth.name(), slices.words(), computedAt);
        rows.add(row.set("inputs", inputs.get(LoggedItems.key(mistake))).build());
      }
    }
    return lake.writer(spec.runId())
        .replace(
            Tables.REGRESSION_SET,
            List.of(WindowScope.of(model.model(), Granularity.WEEK, weeks)),
            rows);
  }

  /** Null without a label, 0 of a right answer. */
  private static Column loss(Task task) {
    Column score = col(QualityPlan.SCORE);
    return switch (task) {
      case BINARY ->
          functions
              .when(col(QualityPlan.PREDICTION_VALUE).equalTo(col(QualityPlan.LABEL_VALUE)), 0.0)
              .when(col(QualityPlan.LABEL_VALUE).isNull(), lit(null))
              .when(score.isNull().or(functions.not(score.between(0, 1))), 1.0)
              .when(col(QualityPlan.PREDICTION_VALUE).equalTo(1), score)
              .otherwise(lit(1.0).minus(score));
      case MULTICLASS ->
          functions
              .when(col(QualityPlan.PREDICTION).equalTo(col(QualityPlan.LABEL)), 0.0)
              .when(col(QualityPlan.LABEL).isNull(), lit(null))
              .when(score.isNull().or(functions.not(score.between(0, 1))), 1.0)
              .otherwise(score);
      default -> {
        Column error =
            functions.abs(col(QualityPlan.PREDICTION_VALUE).minus(col(QualityPlan.LABEL_VALUE)));
        yield functions.when(error.lt(Double.POSITIVE_INFINITY), error);
      }
    };
  }

  /** The rows, each with the groups that it is chosen of: -1 is everything, others are slices. */
  private static List<Row> chosen(Dataset<Row> mistakes) {
    Column place =
        functions
            .row_number()
            .over(
                Window.partitionBy(GROUP)
                    .orderBy(col(LOSS).desc(), col(LoggedItems.ID), col(LoggedItems.EVENT)));
    Dataset<Row> places =
        mistakes
            .withColumn(
                GROUP,
                functions.explode(
                    functions.concat(functions.array(lit(-1)), col(LoggedItems.WEAK))))
            .withColumn("telltale_place", place)
            .where(
                col("telltale_place")
                    .leq(functions.when(col(GROUP).equalTo(-1), MOST).otherwise(MOST_OF_SLICE)));
    List<String> kept =
        List.of(
            "model_version", QualityPlan.PREDICTION, QualityPlan.SCORE, QualityPlan.LABEL, LOSS);
    Column[] firsts =
        kept.stream().map(name -> functions.first(col(name)).as(name)).toArray(Column[]::new);
    return places
        .groupBy(col(LoggedItems.ID), col(LoggedItems.EVENT))
        .agg(functions.sort_array(functions.collect_set(col(GROUP))).as(GROUPS), firsts)
        .coalesce(1)
        .sortWithinPartitions(col(LOSS).desc(), col(LoggedItems.ID), col(LoggedItems.EVENT))
        .collectAsList();
  }

  private static TableRow row(
      Row mistake,
      Instant week,
      Task task,
      NightSpec spec,
      String source,
      List<String> slices,
      Instant computedAt) {
    boolean isWrong = task != Task.REGRESSION;
    List<String> reasons = new ArrayList<>();
    for (int group : mistake.<Integer>getList(mistake.fieldIndex(GROUPS))) {
      reasons.add(group >= 0 ? slices.get(group) : isWrong ? "CONFIDENT" : "LARGE");
    }
    double loss = mistake.<Double>getAs(LOSS);
    String said =
        "Said " + mistake.getAs(QualityPlan.PREDICTION) + ", is " + mistake.getAs("label");
    String how =
        !isWrong
            ? String.format(Locale.ROOT, ", an error of %.4g", loss)
            : mistake.getAs(QualityPlan.SCORE) == null
                ? ""
                : String.format(Locale.ROOT, ", and was %.1f %% sure", 100 * loss);
    String where =
        String.join("; ", reasons.stream().filter(reason -> slices.contains(reason)).toList());
    return new TableRow(Tables.REGRESSION_SET.schema())
        .window(week, Granularity.WEEK.next(week))
        .set("granularity", Granularity.WEEK.label())
        .set("model_id", spec.model().model())
        .set("model_version", mistake.getAs("model_version"))
        .set("run_id", spec.runId())
        .set("computed_at", computedAt)
        .set("source", source)
        .set("prediction_id", mistake.getAs(LoggedItems.ID))
        .set("event_ts", mistake.getAs(LoggedItems.EVENT))
        .set("prediction", mistake.getAs(QualityPlan.PREDICTION))
        .set("score", mistake.getAs(QualityPlan.SCORE))
        .set("expected", mistake.getAs("label"))
        .set("loss", loss)
        .set("reasons", reasons.toArray(new String[0]))
        .set(
            "because",
            said + how + (where.isEmpty() ? "" : "; the model is weak where " + where) + ".");
  }
}
