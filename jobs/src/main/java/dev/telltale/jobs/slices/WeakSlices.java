package dev.telltale.jobs.slices;

import static dev.telltale.jobs.engine.OutcomeColumns.column;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.telltale.config.Feedback;
import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.engine.BinnedRows;
import dev.telltale.jobs.engine.QualityPlan;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.ResultDays;
import dev.telltale.jobs.lake.SourceTable;
import dev.telltale.jobs.lake.TableRow;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.Telemetry;
import dev.telltale.jobs.lake.TimeRange;
import dev.telltale.jobs.lake.WindowScope;
import dev.telltale.jobs.profile.BaselineProfile;
import dev.telltale.jobs.profile.FeatureColumns;
import dev.telltale.quality.QualityPolicy;
import dev.telltale.quality.Task;
import dev.telltale.slices.HeldOut;
import dev.telltale.slices.RowBlock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * The weak slices of a model: whenever the wait of a week is over, the labelled rows of the four
 * weeks up to its end are searched.
 */
public final class WeakSlices {
  /** Long enough for slices of some per cent of a small model's rows. */
  private static final Duration SEARCHED = Duration.ofDays(28);

  /** An absolute error counts in this many parts of the mean, rounded down to a power of two. */
  private static final int UNITS_OF_MEAN = 256;

  /** A row that stands for more times the mean than this is there several times. */
  private static final int TIMES_MEAN_WEIGHT = 4;

  /** No feature is called so. */
  private static final String RAW_LOSS = "telltale_raw_loss";

  private static final String WEIGHT = "telltale_weight_of_label";
  private static final long HASHES = 1L << 32;

  private final SparkSession spark;
  private final Lake lake;
  private final NightSpec spec;
  private final ModelConfig model;
  private final Feedback source;
  private final Task task;
  private final QualityPolicy policy;
  private final Instant computedAt;

  private WeakSlices(
      SparkSession spark,
      Lake lake,
      NightSpec spec,
      Feedback source,
      Task task,
      QualityPolicy policy,
      Instant computedAt) {
    this.spark = spark;
    this.lake = lake;
    this.spec = spec;
    this.model = spec.model();
    this.source = source;
    this.task = task;
    this.policy = policy;
    this.computedAt = computedAt;
  }

  /**
   * Searches for the weeks whose wait ends in the interval, and writes what is found.
   *
   * @param baseline whose values bin the features
   * @param policy how much larger a loss matters
   * @return rows written
   */
  public static long write(
      SparkSession spark,
      Lake lake,
      NightSpec spec,
      Task task,
      Optional<BaselineProfile> baseline,
      QualityPolicy policy) {
    Optional<Feedback> truth = spec.model().truth();
    if (truth.isEmpty() || baseline.isEmpty() || !task.hasMistakes() || spec.dryRun()) {
      return 0;
    }
    return new WeakSlices(spark, lake, spec, truth.get(), task, policy, Instant.now())
        .write(baseline.get());
  }

  private long write(BaselineProfile baseline) {
    NavigableSet<Instant> weeks = weeks(spec, source);
    if (weeks.isEmpty()) {
      return 0;
    }
    SourceTable predictions = lake.predictions(model);
    List<BinnedRows.Binning> binnings =
        FeatureColumns.of(model, baseline.columns(), predictions.schema()).stream()
            .map(BinnedRows.Binning::new)
            .toList();
    List<Row> rows = new ArrayList<>();
    for (Instant week : weeks) {
      rows.addAll(searched(week, predictions, binnings));
    }
    return lake.writer(spec.runId())
        .replace(
            Tables.WEAK_SLICES,
            List.of(WindowScope.of(model.model(), Granularity.WEEK, weeks)),
            rows);
  }

  /**
   * Weeks whose wait ends in the interval.
   *
   * @param source what is waited for
   */
  public static NavigableSet<Instant> weeks(NightSpec spec, Feedback source) {
    NavigableSet<Instant> weeks = new TreeSet<>();
    Instant week =
        Granularity.WEEK.previous(Granularity.WEEK.floor(spec.from().minus(source.waitFor())));
    for (; !over(week, source).isAfter(spec.to()); week = Granularity.WEEK.next(week)) {
      if (over(week, source).isAfter(spec.from())) {
        weeks.add(week);
      }
    }
    return weeks;
  }

  private static Instant over(Instant week, Feedback source) {
    return Granularity.WEEK.next(week).plus(source.waitFor());
  }

  private List<Row> searched(
      Instant week, SourceTable predictions, List<BinnedRows.Binning> binnings) {
    Instant end = Granularity.WEEK.next(week);
    Instant start = end.minus(SEARCHED);
    NavigableSet<Instant> days =
        new TreeSet<>(
            ResultDays.of(lake, Tables.LABELLED, model.model(), Granularity.DAY)
                .among(WindowScope.between(model.model(), Granularity.DAY, start, end).windows()));
    if (days.isEmpty() || binnings.isEmpty()) {
      return List.of();
    }
    double unit = 1;
    Dataset<Row> losses = evenly(losses(days));
    if (task == Task.REGRESSION) {
      Row mean = losses.agg(functions.avg(RAW_LOSS)).head();
      if (mean.isNullAt(0) || !(mean.getDouble(0) > 0)) {
        return List.of();
      }
      unit = Math.pow(2, Math.getExponent(mean.getDouble(0))) / UNITS_OF_MEAN;
    }
    WeakSliceSearch.Result result =
        new WeakSliceSearch(spark, binnings, task != Task.REGRESSION)
            .run(rows(predictions, days, losses, binnings, unit));
    List<Row> rows = new ArrayList<>();
    int rank = 1;
    for (WeakSliceSearch.Found found : result.found()) {
      rows.add(row(week, days.first(), end, rank++, found, result.found().size(), unit));
    }
    return rows;
  }

  /** Id, day and loss of every row with a label. */
  private Dataset<Row> losses(NavigableSet<Instant> days) {
    Column loss =
        switch (task) {
          case BINARY ->
              col(QualityPlan.PREDICTION_VALUE)
                  .notEqual(col(QualityPlan.LABEL_VALUE))
                  .cast("double");
          case MULTICLASS ->
              col(QualityPlan.PREDICTION).notEqual(col(QualityPlan.LABEL)).cast("double");
          default ->
              functions.abs(col(QualityPlan.PREDICTION_VALUE).minus(col(QualityPlan.LABEL_VALUE)));
        };
    return lake.read(Tables.LABELLED, WindowScope.of(model.model(), Granularity.DAY, days))
        .where(col("source").equalTo(source.name()))
        .select(
            col("prediction_id").as("telltale_id"),
            col("window_date").as("telltale_day"),
            functions.coalesce(col(QualityPlan.WEIGHT), lit(1.0)).as(WEIGHT),
            loss.as(RAW_LOSS))
        .where(col(RAW_LOSS).isNotNull().and(functions.not(functions.isnan(col(RAW_LOSS)))));
  }

  /**
   * Of a sample, rows that each stand for as many: those that stand for few are thinned out by the
   * hash of their id, so that what is counted is as it is among all predictions, and its tests are
   * those of rows without weights.
   */
  private Dataset<Row> evenly(Dataset<Row> losses) {
    if (model.predictions().weight().isEmpty()) {
      return losses;
    }
    Row weights = losses.agg(functions.max(WEIGHT), functions.avg(WEIGHT)).head();
    if (weights.isNullAt(0)) {
      return losses;
    }
    double step = Math.min(weights.getDouble(0), TIMES_MEAN_WEIGHT * weights.getDouble(1));
    Column times = col(WEIGHT).divide(step);
    Column uniform =
        functions
            .pmod(functions.xxhash64(col("telltale_id"), lit("thinned")), lit(HASHES))
            .divide(HASHES);
    Column copies = functions.floor(times.plus(1).minus(uniform)).cast("int");
    return losses
        .where(copies.gt(0))
        .withColumn("telltale_copy", functions.explode(functions.sequence(lit(1), copies)));
  }

  private Dataset<Row> rows(
      SourceTable predictions,
      NavigableSet<Instant> days,
      Dataset<Row> losses,
      List<BinnedRows.Binning> binnings,
      double unit) {
    ModelConfig.Predictions log = model.predictions();
    List<Column> columns = new ArrayList<>();
    binnings.forEach(binning -> columns.add(column(binning.feature().name())));
    columns.add(column(log.id()).cast("string").as("telltale_said"));
    columns.add(functions.to_date(column(log.eventTime())).as("telltale_said_day"));
    Dataset<Row> said =
        Telemetry.of(predictions, log)
            .rows(TimeRange.of(Granularity.DAY, days))
            .select(columns.toArray(Column[]::new));
    Column units =
        functions.least(functions.round(col(RAW_LOSS).divide(unit)), lit(RowBlock.MAX_LOSS));
    return said.join(
            losses,
            col("telltale_said")
                .equalTo(col("telltale_id"))
                .and(col("telltale_said_day").equalTo(col("telltale_day"))))
        .withColumn(BinnedRows.LOSS, units.cast("int"))
        .withColumn(
            BinnedRows.HELD_OUT,
            functions
                .pmod(functions.xxhash64(col("telltale_id"), lit("held out")), lit(2))
                .equalTo(1));
  }

  private Row row(
      Instant week,
      Instant start,
      Instant end,
      int rank,
      WeakSliceSearch.Found found,
      int family,
      double unit) {
    HeldOut heldOut = found.heldOut();
    boolean isWrong = task != Task.REGRESSION;
    double mean = unit * heldOut.mean();
    double elsewhere = unit * heldOut.otherMean();
    double matters = policy.threshold(isWrong ? "error_rate" : "mae", elsewhere);
    boolean weak = found.pValueAdjusted() <= policy.alpha() && mean - elsewhere >= matters;
    String said =
        isWrong
            ? String.format(
                Locale.ROOT,
                "%.1f %% of %,d predictions are wrong, %.1f %% of all others",
                100 * mean,
                heldOut.rows(),
                100 * elsewhere)
            : String.format(
                Locale.ROOT,
                "the mean absolute error of %,d predictions is %.4g, %.4g of all others",
                heldOut.rows(),
                mean,
                elsewhere);
    return new TableRow(Tables.WEAK_SLICES.schema())
        .window(week, end)
        .set("granularity", Granularity.WEEK.label())
        .set("model_id", model.model())
        .set("run_id", spec.runId())
        .set("computed_at", computedAt)
        .set("source", source.name())
        .set("period_start", start)
        .set("period_end", end)
        .set("rank", rank)
        .set("slice", found.words())
        .set("predicate", found.predicate())
        .set("conditions", found.conditions())
        .set("loss", isWrong ? "wrong answers" : "absolute error")
        .set("n", heldOut.rows())
        .set("mean_loss", mean)
        .set("mean_loss_elsewhere", elsewhere)
        .set("difference", mean - elsewhere)
        .set("std_error", unit * heldOut.stdError())
        .set("excess_loss", unit * heldOut.excess())
        .set("p_value", found.pValue())
        .set("p_value_adjusted", found.pValueAdjusted())
        .set("family_size", family)
        .set("status", weak ? "WEAK" : "UNCONFIRMED")
        .set(
            "because",
            String.format(
                Locale.ROOT,
                "Where %s, %s (corrected p = %.2g)%s.",
                found.words(),
                said,
                found.pValueAdjusted(),
                weak ? "" : ", which is not enough to say so"))
        .build();
  }
}
