package dev.telltale.jobs.join;

import static dev.telltale.jobs.engine.OutcomeColumns.column;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.engine.OutcomeColumns;
import dev.telltale.jobs.engine.QualityPlan;
import dev.telltale.jobs.lake.SourceTable;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.Telemetry;
import dev.telltale.jobs.lake.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** The rows of {@code labelled} for some days. */
final class LabelJoin {
  /** Clocks differ: feedback may seem to be a little older than what it is about. */
  private static final Duration CLOCK_SKEW = Duration.ofDays(1);

  private static final String ID = "prediction_id";
  private static final String DAY = "window_date";
  private static final String EVENT = "event_ts";
  private static final String GROUP = "group_id";
  private static final String QUANTILES = "quantiles";
  private static final String SLICES = "slices";

  /** Of predictions with one id on one day; of several at once any is the same. */
  private static final List<Column> ORDER =
      List.of(
          col(Telemetry.ARRIVED),
          col(EVENT),
          col("model_version"),
          col(QualityPlan.PREDICTION),
          col(QualityPlan.SCORE),
          col(QualityPlan.WEIGHT),
          col(GROUP),
          // Maps have no order; here all have the same keys.
          functions.map_values(col(QUANTILES)),
          functions.map_values(col(SLICES)));

  private final ModelConfig model;
  private final SourceTable predictions;
  private final OutcomeColumns outcomes;

  LabelJoin(ModelConfig model, SourceTable predictions, OutcomeColumns outcomes) {
    this.model = model;
    this.predictions = predictions;
    this.outcomes = outcomes;
  }

  /**
   * Every prediction of the days, with its label where there is one. Of several predictions with
   * one id on one day that which was uploaded first is kept.
   */
  Dataset<Row> rows(FeedbackTable feedback, SortedSet<Instant> days) {
    Dataset<Row> joined =
        MergeJoin.of(predicted(days), ORDER, feedback.known(days.first().minus(CLOCK_SKEW)));
    Dataset<Row> all =
        joined
            .withColumn("granularity", lit(Granularity.DAY.label()))
            .withColumn("model_id", lit(model.model()))
            .withColumn(QualityPlan.LABEL_VALUE, feedback.value())
            .withColumn("source", lit(feedback.source().name()))
            .withColumn(
                QualityPlan.LABEL_DELAY_MICROS,
                functions
                    .unix_micros(col("first_label_ts"))
                    .minus(functions.unix_micros(col(EVENT))));
    return all.select(
        java.util.Arrays.stream(Tables.LABELLED.schema().fieldNames())
            .map(functions::col)
            .toArray(Column[]::new));
  }

  private Dataset<Row> predicted(SortedSet<Instant> days) {
    ModelConfig.Predictions log = model.predictions();
    List<Column> columns = new ArrayList<>();
    columns.add(column(log.id()).cast("string").as(ID));
    columns.add(functions.to_date(column(log.eventTime())).as(DAY));
    columns.add(column(log.eventTime()).as(EVENT));
    columns.add(col(Telemetry.ARRIVED));
    columns.add(
        log.modelVersion()
            .map(OutcomeColumns::column)
            .orElse(lit(null))
            .cast("string")
            .as("model_version"));
    columns.add(
        OutcomeColumns.text(log.prediction(), predictions.schema()).as(QualityPlan.PREDICTION));
    columns.add(
        outcomes.value(log.prediction(), predictions.schema()).as(QualityPlan.PREDICTION_VALUE));
    columns.add(
        log.score()
            .map(OutcomeColumns::column)
            .orElse(lit(null))
            .cast("double")
            .as(QualityPlan.SCORE));
    columns.add(log.group().map(OutcomeColumns::column).orElse(lit(null)).cast("string").as(GROUP));
    columns.add(quantiles(log.quantiles()).as(QUANTILES));
    columns.add(OutcomeColumns.inclusionWeight(log.weight()).as(QualityPlan.WEIGHT));
    columns.add(slices().as(SLICES));
    return Telemetry.of(predictions, log)
        .arrivals(TimeRange.of(Granularity.DAY, days))
        .select(columns.toArray(Column[]::new))
        .where(col(ID).isNotNull());
  }

  private static Column quantiles(List<ModelConfig.Quantile> quantiles) {
    Column[] pairs =
        quantiles.stream()
            .flatMap(one -> Stream.of(lit(one.level()), column(one.column()).cast("double")))
            .toArray(Column[]::new);
    return (pairs.length == 0 ? lit(null) : functions.map(pairs)).cast("map<double,double>");
  }

  private Column slices() {
    Column[] pairs =
        model.slices().stream()
            .flatMap(List::stream)
            .distinct()
            .flatMap(name -> Stream.of(lit(name), column(name).cast("string")))
            .toArray(Column[]::new);
    return pairs.length == 0 ? functions.map().cast("map<string,string>") : functions.map(pairs);
  }
}
