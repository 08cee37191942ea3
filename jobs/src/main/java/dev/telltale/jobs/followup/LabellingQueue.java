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
import dev.telltale.sampling.InclusionProbabilities;
import java.sql.Date;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;

/**
 * Which predictions of a day people should label: those that the model is unsure of, that another
 * model answers otherwise, or that are in a weak slice, more often than others; and every one with
 * some probability, which is stored, so that the labels still estimate the whole day.
 */
public final class LabellingQueue {
  /** Part of the budget that all predictions share alike. */
  private static final double RANDOM_SHARE = 0.2;

  /** Steps of the priority; so many sizes have one probability each. */
  private static final int LEVELS = 60;

  private static final double MOST_PRIORITY = 3;
  private static final String VERSION = "model_version";
  private static final String DAY = "window_date";
  private static final String LEVEL = "telltale_level";
  private static final String PRIORITY = "priority";
  private static final String REASON = "reason";

  private static final String KNOWN = "telltale_known";
  private static final String DISAGREES = "telltale_disagrees";
  private static final String UNSURE = "telltale_unsure";

  private LabellingQueue() {}

  /**
   * Writes the queue of some days.
   *
   * @param days that the interval has predictions of
   * @param known columns of the baseline; none if it is not profiled
   * @return rows written
   */
  public static long write(
      Lake lake, NightSpec spec, Task task, List<ColumnPlan> known, NavigableSet<Instant> days) {
    ModelConfig model = spec.model();
    if (model.quality().labellingBudget() == 0
        || days.isEmpty()
        || task == Task.RANKING
        || spec.dryRun()) {
      return 0;
    }
    ConfirmedSlices slices = slices(lake, spec);
    LoggedItems items = new LoggedItems(lake, model, known, days);
    Dataset<Row> candidates =
        items
            .inSlices(open(lake, model, task, days), slices.predicates())
            .select(priorities())
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      List<Row> drawn = drawn(model, candidates);
      List<Row> rows = rows(spec, drawn, items.inputs(drawn));
      return lake.writer(spec.runId())
          .replace(
              Tables.LABELLING_QUEUE,
              List.of(WindowScope.of(model.model(), Granularity.DAY, days)),
              rows);
    } finally {
      candidates.unpersist();
    }
  }

  /** Those of the newest week that was searched before the interval ended. */
  private static ConfirmedSlices slices(Lake lake, NightSpec spec) {
    return spec.model()
        .truth()
        .map(
            truth -> {
              Instant last = Granularity.WEEK.floor(spec.to().minus(truth.waitFor()));
              return ConfirmedSlices.of(
                  lake,
                  spec.model().model(),
                  new TreeSet<>(List.of(Granularity.WEEK.previous(last))));
            })
        .orElse(new ConfirmedSlices(List.of(), List.of()));
  }

  /** Every prediction without a label, how unsure the model was and whether others disagree. */
  private static Dataset<Row> open(
      Lake lake, ModelConfig model, Task task, NavigableSet<Instant> days) {
    Column isLabel = col("source").isInCollection(names(model, false));
    Column isOther = col("source").isInCollection(names(model, true));
    // Of a quantity no two models say the same.
    Column differs =
        task == Task.REGRESSION
            ? lit(false)
            : col(QualityPlan.LABEL).notEqual(col(QualityPlan.PREDICTION));
    WindowScope scope = WindowScope.of(model.model(), Granularity.DAY, days);
    return SmallData.together(lake.read(Tables.LABELLED, scope))
        .groupBy(col(DAY), col(LoggedItems.ID), col(LoggedItems.EVENT))
        .agg(
            functions.max(VERSION).as(VERSION),
            functions.max(QualityPlan.PREDICTION).as(QualityPlan.PREDICTION),
            functions.max(QualityPlan.SCORE).as(QualityPlan.SCORE),
            functions.max(isLabel.and(col(QualityPlan.LABEL).isNotNull())).as(KNOWN),
            functions
                .max(functions.coalesce(isOther.and(differs), lit(false)))
                .cast("double")
                .as(DISAGREES))
        .where(functions.not(col(KNOWN)))
        .withColumn(UNSURE, unsure(task));
  }

  /** The priority of a prediction and what it is mostly due to. */
  private static Column[] priorities() {
    Column weak = functions.when(functions.size(col(LoggedItems.WEAK)).gt(0), 1.0).otherwise(0.0);
    Column priority = col(UNSURE).plus(col(DISAGREES)).plus(weak);
    return new Column[] {
      col(DAY),
      col(LoggedItems.ID),
      col(LoggedItems.EVENT),
      col(VERSION),
      col(QualityPlan.PREDICTION),
      col(QualityPlan.SCORE),
      priority.as(PRIORITY),
      functions
          .when(col(DISAGREES).geq(functions.greatest(col(UNSURE), weak, lit(0.5))), "DISAGREEMENT")
          .when(weak.geq(functions.greatest(col(UNSURE), lit(0.5))), "WEAK_SLICE")
          .otherwise("UNCERTAINTY")
          .as(REASON),
      functions.round(priority.multiply(LEVELS / MOST_PRIORITY)).cast("int").as(LEVEL)
    };
  }

  private static List<String> names(ModelConfig model, boolean isShadow) {
    return model.feedback().stream()
        .filter(
            source ->
                source.kind().isLabel() && (source.kind() == Feedback.Kind.SHADOW) == isShadow)
        .map(Feedback::name)
        .toList();
  }

  /** From 0 where the model is sure to 1 where it might as well toss a coin. */
  private static Column unsure(Task task) {
    Column score = col(QualityPlan.SCORE);
    Column distance =
        task == Task.BINARY
            ? lit(1.0).minus(functions.abs(score.multiply(2).minus(1)))
            : lit(1.0).minus(score);
    return task == Task.REGRESSION
        ? lit(0.0)
        : functions.when(score.between(0, 1), distance).otherwise(0.0);
  }

  /** Draws each candidate with its probability, by the hash of its id: always the same. */
  private static List<Row> drawn(ModelConfig model, Dataset<Row> candidates) {
    Map<LocalDate, long[]> counts = new TreeMap<>();
    for (Row row : candidates.groupBy(DAY, LEVEL).count().collectAsList()) {
      counts
              .computeIfAbsent(row.getDate(0).toLocalDate(), day -> new long[LEVELS + 1])[
              row.getInt(1)] =
          row.getLong(2);
    }
    double[] sizes = new double[LEVELS + 1];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = i;
    }
    Column probability = lit(null).cast("double");
    Column alike = lit(0.0);
    for (Map.Entry<LocalDate, long[]> day : counts.entrySet()) {
      double budget = model.quality().labellingBudget();
      double[] ofLevels = InclusionProbabilities.of(day.getValue(), sizes, budget, RANDOM_SHARE);
      Column isDay = col(DAY).equalTo(lit(Date.valueOf(day.getKey())));
      probability =
          functions.when(isDay, functions.get(lit(ofLevels), col(LEVEL))).otherwise(probability);
      double items = Arrays.stream(day.getValue()).sum();
      alike = functions.when(isDay, Math.min(1, RANDOM_SHARE * budget / items)).otherwise(alike);
    }
    // A number in 0 to 1 from 52 bits of a hash that no other draw uses.
    Column lot =
        functions
            .shiftrightunsigned(functions.xxhash64(col(LoggedItems.ID), lit("labelling queue")), 12)
            .divide(lit(0x1p52));
    return candidates
        .withColumn("inclusion_probability", probability)
        .withColumn(
            REASON,
            functions
                .when(alike.multiply(2).geq(col("inclusion_probability")), "RANDOM")
                .otherwise(col(REASON)))
        .where(lot.lt(col("inclusion_probability")))
        .coalesce(1)
        .sortWithinPartitions(
            col(DAY), col(PRIORITY).desc(), col(LoggedItems.ID), col(LoggedItems.EVENT))
        .collectAsList();
  }

  private static List<Row> rows(NightSpec spec, List<Row> drawn, Map<List<Object>, String> inputs) {
    Instant computedAt = Instant.now();
    List<Row> rows = new ArrayList<>();
    LocalDate last = null;
    int rank = 0;
    for (Row item : drawn) {
      LocalDate day = item.<Date>getAs(DAY).toLocalDate();
      rank = day.equals(last) ? rank + 1 : 1;
      last = day;
      Instant start = day.atStartOfDay(ZoneOffset.UTC).toInstant();
      TableRow row =
          new TableRow(Tables.LABELLING_QUEUE.schema())
              .window(start, Granularity.DAY.next(start))
              .set("granularity", Granularity.DAY.label())
              .set("model_id", spec.model().model())
              .set("run_id", spec.runId())
              .set("computed_at", computedAt)
              .set("inputs", inputs.get(LoggedItems.key(item)))
              .set("rank", rank);
      for (String name :
          List.of(
              VERSION,
              LoggedItems.ID,
              LoggedItems.EVENT,
              QualityPlan.PREDICTION,
              QualityPlan.SCORE,
              PRIORITY,
              REASON,
              "inclusion_probability")) {
        row.set(name, item.getAs(name));
      }
      rows.add(row.build());
    }
    return rows;
  }
}
