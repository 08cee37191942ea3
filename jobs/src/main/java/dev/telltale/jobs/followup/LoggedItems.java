package dev.telltale.jobs.followup;

import static dev.telltale.jobs.engine.OutcomeColumns.column;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.engine.ColumnPlan;
import dev.telltale.jobs.engine.RankedQueries;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.SmallData;
import dev.telltale.jobs.lake.SourceTable;
import dev.telltale.jobs.lake.Telemetry;
import dev.telltale.jobs.lake.TimeRange;
import dev.telltale.jobs.profile.FeatureColumns;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/** What the model knew of predictions: their inputs, and the weak slices that they are in. */
final class LoggedItems {
  static final String ID = RankedQueries.ID;
  static final String EVENT = RankedQueries.EVENT;

  /** Indexes of the weak slices that the prediction is in: array of int, ascending. */
  static final String WEAK = "weak";

  private static final String INPUTS = "inputs";
  private static final StructType KEY =
      new StructType().add(ID, DataTypes.StringType).add(EVENT, DataTypes.TimestampType);
  private static final Seq<String> KEY_COLUMNS =
      JavaConverters.asScalaBuffer(List.of(ID, EVENT)).toSeq();

  private final ModelConfig model;
  private final SourceTable log;
  private final List<ColumnPlan> features;
  private final NavigableSet<Instant> days;

  /**
   * Of the prediction log.
   *
   * @param known columns of the baseline; none if it is not profiled
   * @param days of the predictions
   */
  LoggedItems(Lake lake, ModelConfig model, List<ColumnPlan> known, NavigableSet<Instant> days) {
    this.model = model;
    this.log = lake.predictions(model);
    this.features = FeatureColumns.of(model, known, log.schema());
    this.days = days;
  }

  /**
   * Adds {@link #WEAK} to rows, by their id and time; without slices nothing is read.
   *
   * @param rows has {@link #ID} and {@link #EVENT}
   * @param predicates of the weak slices
   */
  Dataset<Row> inSlices(Dataset<Row> rows, List<String> predicates) {
    Column none = functions.array().cast("array<int>");
    if (predicates.isEmpty()) {
      return rows.withColumn(WEAK, none);
    }
    List<Column> weak = new ArrayList<>();
    for (int i = 0; i < predicates.size(); i++) {
      weak.add(functions.when(functions.expr(predicates.get(i)), lit(i)));
    }
    Column indexes = functions.array_compact(functions.array(weak.toArray(Column[]::new)));
    return rows.join(once(logged(indexes.cast("array<int>"), WEAK), WEAK), KEY_COLUMNS, "left")
        .withColumn(WEAK, functions.coalesce(col(WEAK), none));
  }

  /**
   * The inputs of a few predictions, each as a JSON object, by id and time; what the log no longer
   * has is absent.
   *
   * @param rows with {@link #ID} and {@link #EVENT}
   */
  Map<List<Object>, String> inputs(List<Row> rows) {
    Map<List<Object>, String> inputs = new HashMap<>();
    if (rows.isEmpty()) {
      return inputs;
    }
    Column json =
        features.isEmpty()
            ? lit("{}")
            : functions.to_json(
                functions.struct(
                    features.stream().map(plan -> column(plan.name())).toArray(Column[]::new)));
    Dataset<Row> logged = logged(json, INPUTS);
    List<Row> keys =
        rows.stream().map(row -> RowFactory.create(row.getAs(ID), row.getAs(EVENT))).toList();
    Dataset<Row> wanted = logged.sparkSession().createDataFrame(keys, KEY);
    Dataset<Row> few = logged.join(functions.broadcast(wanted), KEY_COLUMNS, "left_semi");
    for (Row item : once(few, INPUTS).collectAsList()) {
      inputs.put(key(item), item.getAs(INPUTS));
    }
    return inputs;
  }

  /** What {@link #inputs} has a prediction under. */
  static List<Object> key(Row row) {
    return List.of(row.<String>getAs(ID), row.<Timestamp>getAs(EVENT));
  }

  private Dataset<Row> logged(Column value, String name) {
    ModelConfig.Predictions named = model.predictions();
    return SmallData.together(Telemetry.of(log, named).rows(TimeRange.of(Granularity.DAY, days)))
        .select(
            column(named.id()).cast("string").as(ID),
            column(named.eventTime()).as(EVENT),
            value.as(name));
  }

  /** An id may have come twice at once; which of them is taken must not be chance. */
  private static Dataset<Row> once(Dataset<Row> items, String name) {
    return items.groupBy(col(ID), col(EVENT)).agg(functions.min(col(name)).as(name));
  }
}
