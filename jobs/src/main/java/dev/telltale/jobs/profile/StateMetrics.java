package dev.telltale.jobs.profile;

import dev.telltale.jobs.lake.TableRow;
import dev.telltale.profile.CategoryState;
import dev.telltale.profile.ColumnState;
import dev.telltale.profile.NumericState;
import dev.telltale.stats.Moments;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import scala.collection.JavaConverters;

/** The summary statistics of a state, as columns of {@code profile_metrics}. */
final class StateMetrics {
  private static final double[] PROBABILITIES = {
    0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1
  };

  /** As many as fit a screen. */
  private static final int FREQUENT_ITEMS = 20;

  private StateMetrics() {}

  static void fill(TableRow row, ColumnState state) {
    fillRows(row, state);
    if (state instanceof NumericState numeric) {
      fillNumeric(row, numeric);
    } else if (state instanceof CategoryState category) {
      fillCategory(row, category);
    }
  }

  /** How many rows there are, of a column or a table. */
  static void fillRows(TableRow row, ColumnState state) {
    row.set("count", state.rows()).set("effective_rows", state.effectiveRows());
  }

  private static void fillNumeric(TableRow row, NumericState state) {
    fillNulls(row, state);
    row.set("num_nan", state.nans())
        .set("num_negative_infinity", state.negativeInfinities())
        .set("num_positive_infinity", state.positiveInfinities())
        .set("num_zeros", state.zeros());
    Moments moments = state.moments();
    if (moments.count() == 0) {
      return;
    }
    double[] values = state.quantiles(PROBABILITIES);
    List<Row> quantiles = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      quantiles.add(RowFactory.create(PROBABILITIES[i], values[i]));
    }
    row.set("min", state.min())
        .set("max", state.max())
        .set("avg", finite(moments.mean()))
        .set("stddev", finite(moments.sampleStandardDeviation()))
        .set("skewness", finite(moments.skewness()))
        .set("kurtosis", finite(moments.excessKurtosis()))
        .set("quantiles", JavaConverters.asScalaBuffer(quantiles).toSeq())
        .set("quantile_rank_error", state.quantileRankError());
  }

  private static void fillCategory(TableRow row, CategoryState state) {
    fillNulls(row, state);
    List<Row> items = new ArrayList<>();
    state
        .frequentItems(FREQUENT_ITEMS)
        .forEach((item, count) -> items.add(RowFactory.create(item, count)));
    row.set("distinct_count", state.distinct())
        .set("distinct_is_exact", state.exact())
        .set("frequent_items", JavaConverters.asScalaBuffer(items).toSeq())
        .set("frequent_items_error", state.frequentItemsError())
        .set("num_unseen", state.unseen());
    if (state.values() > 0) {
      row.set("min_length", state.minLength()).set("max_length", state.maxLength());
    }
  }

  private static void fillNulls(TableRow row, ColumnState state) {
    row.set("num_nulls", state.nulls());
    if (state.rows() > 0) {
      row.set("percent_null", 100.0 * state.nulls() / state.rows());
    }
  }

  /** Moments of values near the largest double overflow; null says so, infinity would lie. */
  private static Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
