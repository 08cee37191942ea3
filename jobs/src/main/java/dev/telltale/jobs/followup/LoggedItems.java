package dev.telltale.jobs.followup;

import static dev.telltale.jobs.engine.OutcomeColumns.column;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.engine.ColumnPlan;
import dev.telltale.jobs.engine.RankedQueries;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.SourceTable;
import dev.telltale.jobs.lake.TimeRange;
import dev.telltale.jobs.profile.FeatureColumns;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import scala.collection.JavaConverters;

/** What the model knew of predictions: their inputs, and the weak slices that they are in. */
final class LoggedItems {
  static final String ID = RankedQueries.ID;
  static final String EVENT = RankedQueries.EVENT;

  /** The inputs as a JSON object, null where the log no longer has the prediction. */
  static final String INPUTS = "inputs";

  /** Indexes of the weak slices that the prediction is in: array of int, ascending. */
  static final String WEAK = "weak";

  private final ModelConfig model;
  private final SourceTable log;
  private final List<ColumnPlan> features;

  /**
   * Of the prediction log.
   *
   * @param known columns of the baseline; none if it is not profiled
   */
  LoggedItems(Lake lake, ModelConfig model, List<ColumnPlan> known) {
    this.model = model;
    this.log = lake.source(model.predictions().table());
    this.features = FeatureColumns.of(model, known, log.schema());
  }

  /**
   * Adds {@link #INPUTS} and {@link #WEAK} to rows, by their id and time.
   *
   * @param rows has {@link #ID} and {@link #EVENT}
   * @param days of the rows
   * @param predicates of the weak slices
   */
  Dataset<Row> join(Dataset<Row> rows, NavigableSet<Instant> days, List<String> predicates) {
    ModelConfig.Predictions named = model.predictions();
    List<Column> weak = new ArrayList<>();
    for (int i = 0; i < predicates.size(); i++) {
      weak.add(functions.when(functions.expr(predicates.get(i)), lit(i)));
    }
    Column inputs =
        functions.to_json(
            functions.struct(
                features.stream().map(plan -> column(plan.name())).toArray(Column[]::new)));
    Dataset<Row> items =
        log.data(named.eventTime(), TimeRange.of(Granularity.DAY, days))
            .select(
                column(named.id()).cast("string").as(ID),
                column(named.eventTime()).as(EVENT),
                (features.isEmpty() ? lit("{}") : inputs).as(INPUTS),
                functions
                    .array_compact(functions.array(weak.toArray(Column[]::new)))
                    .cast("array<int>")
                    .as(WEAK));
    // An id may have come twice at once; which of them is taken must not be chance.
    Dataset<Row> once =
        items
            .groupBy(col(ID), col(EVENT))
            .agg(functions.min(functions.struct(col(INPUTS), col(WEAK))).as("item"))
            .select(col(ID), col(EVENT), col("item." + INPUTS), col("item." + WEAK));
    return rows.join(once, JavaConverters.asScalaBuffer(List.of(ID, EVENT)).toSeq(), "left")
        .withColumn(WEAK, functions.coalesce(col(WEAK), functions.array().cast("array<int>")));
  }
}
