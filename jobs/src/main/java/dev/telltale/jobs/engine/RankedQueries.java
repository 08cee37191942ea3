package dev.telltale.jobs.engine;

import static dev.telltale.jobs.engine.OutcomeColumns.column;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Puts the items of a ranking together: one row a query, as a quality pass reads it.
 *
 * <p>A query is what one id of a group has on one day, UTC, as a prediction is what one id has. It
 * is where its first item is: in that window, version and slice, with that weight; of several at
 * once the first is that with the least id. Its items are in the order that a key gives, equal ones
 * in the order of their ids, so that the result does not depend on the order of rows.
 *
 * <p>A query counts as labelled once each of its first items is, as many as matter. What has no
 * group, or an item without a place in the order, is a query without relevances: it is counted and
 * not measured.
 */
public final class RankedQueries {
  /** Query of an item, string. */
  public static final String GROUP = "group_id";

  /** Id of an item, string. */
  public static final String ID = "prediction_id";

  /** Time of an item, timestamp; null where all is one day. */
  public static final String EVENT = "event_ts";

  /** What cannot be a relevance, in place of a label that is no number. */
  private static final Column NO_RELEVANCE = lit(-1.0);

  private RankedQueries() {}

  /** The key of items that have a score: the highest first. */
  public static Column byScore() {
    // Subtracted from zero, -0.0 is not told apart from 0.0.
    return lit(0.0).minus(col(QualityPlan.SCORE));
  }

  /** The key of items whose prediction is a place: the lowest first. */
  public static Column byPlace() {
    return col(QualityPlan.PREDICTION_VALUE).plus(lit(0.0));
  }

  /**
   * One row a query: {@link QualityPlan#columns()}, {@link QualityPlan#RELEVANCES}, {@link #EVENT}
   * and {@code kept}.
   *
   * @param items has {@link QualityPlan#columns()}, {@link #GROUP}, {@link #ID}, {@link #EVENT} and
   *     {@code kept}
   * @param key what items are ordered by, the least first; null or NaN = without a place
   * @param places how many first items have to have a label
   * @param kept names of columns whose value the first item of a query gives
   */
  public static Dataset<Row> of(Dataset<Row> items, Column key, int places, List<String> kept) {
    Column known = col(QualityPlan.LABEL).isNotNull();
    Column relevance = functions.nanvl(col(QualityPlan.LABEL_VALUE), NO_RELEVANCE);
    Column item =
        functions.struct(
            key.as("key"),
            col(ID).as("id"),
            functions.when(known, functions.coalesce(relevance, NO_RELEVANCE)).as("relevance"),
            col(QualityPlan.LABEL_DELAY_MICROS).as("delay"));
    List<Column> first = new ArrayList<>();
    first.add(col(EVENT).as("time"));
    first.add(col(ID).as("id"));
    first.add(col(QualityPlan.WEIGHT).as("weight"));
    for (int i = 0; i < kept.size(); i++) {
      first.add(column(kept.get(i)).as("kept" + i));
    }
    Dataset<Row> queries =
        items
            .groupBy(
                col(GROUP),
                functions.to_date(col(EVENT)),
                // Items without a group have nothing in common.
                functions.when(col(GROUP).isNull(), col(ID)))
            .agg(
                functions.sort_array(functions.collect_list(item)).as("items"),
                functions.min(functions.struct(first.toArray(Column[]::new))).as("first"),
                functions.max(functions.when(known, col(QualityPlan.LABEL_TS))).as("newest"),
                functions.max(key.isNull().or(functions.isnan(key))).as("unordered"));
    return queries.select(columns(places, kept).toArray(Column[]::new));
  }

  private static List<Column> columns(int places, List<String> kept) {
    Column none = lit(null);
    Column top = functions.slice(col("items"), 1, places);
    List<Column> columns = new ArrayList<>();
    columns.add(none.cast("double").as(QualityPlan.PREDICTION_VALUE));
    columns.add(none.cast("string").as(QualityPlan.PREDICTION));
    columns.add(none.cast("double").as(QualityPlan.LABEL_VALUE));
    columns.add(
        functions
            .when(functions.forall(top, one -> one.getField("relevance").isNotNull()), "known")
            .as(QualityPlan.LABEL));
    columns.add(none.cast("double").as(QualityPlan.SCORE));
    columns.add(col("first.weight").as(QualityPlan.WEIGHT));
    columns.add(col("newest").as(QualityPlan.LABEL_TS));
    columns.add(
        functions
            .array_max(functions.transform(top, one -> one.getField("delay")))
            .as(QualityPlan.LABEL_DELAY_MICROS));
    columns.add(
        functions
            .when(
                col(GROUP).isNotNull().and(functions.not(col("unordered"))),
                functions.transform(col("items"), one -> one.getField("relevance")))
            .as(QualityPlan.RELEVANCES));
    columns.add(col("first.time").as(EVENT));
    for (int i = 0; i < kept.size(); i++) {
      columns.add(col("first.kept" + i).as(kept.get(i)));
    }
    return columns;
  }
}
