package dev.telltale.jobs.evaluate;

import static dev.telltale.jobs.engine.OutcomeColumns.column;

import dev.telltale.error.Errors;
import dev.telltale.quality.Task;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;

/**
 * What has to be known of a data set before it is evaluated, from one pass over its few columns.
 *
 * @param task the task that was asked for, or that the columns suggest
 * @param rows all rows
 * @param origin mean label of a regression
 */
record TaskGuess(Task task, long rows, double origin) {
  /** Whole numbers with so few values are classes; with more they are quantities. */
  static final int MOST_NUMBERED_CLASSES = 20;

  /** Looks at the data. */
  static TaskGuess of(Dataset<Row> data, EvaluateSpec spec) {
    DataType label = data.schema().apply(spec.label()).dataType();
    DataType prediction = data.schema().apply(spec.prediction()).dataType();
    boolean numbers = label instanceof NumericType && prediction instanceof NumericType;
    Column truth =
        numbers ? column(spec.label()).cast("double") : functions.lit(null).cast("double");
    Column answer =
        numbers ? column(spec.prediction()).cast("double") : functions.lit(null).cast("double");
    Column weight =
        spec.weight().map(name -> column(name).cast("double")).orElse(functions.lit(1.0));
    Column finite =
        truth
            .isNotNull()
            .and(functions.not(functions.isnan(truth)))
            .and(functions.abs(truth).lt(Double.POSITIVE_INFINITY));
    Row facts =
        data.agg(
                functions.count(functions.lit(1)),
                functions.avg(functions.when(finite, truth)),
                share(truth, answer, value -> value.isin(0.0, 1.0)),
                share(truth, answer, value -> value.equalTo(functions.floor(value))),
                functions.approx_count_distinct(truth),
                functions.count_if(
                    functions
                        .not(weight.geq(0))
                        .or(functions.isnan(weight))
                        .or(weight.equalTo(Double.POSITIVE_INFINITY))))
            .head();
    if (facts.getLong(5) > 0) {
      throw Errors.badWeights(spec.weight().orElseThrow(), facts.getLong(5), facts.getLong(0));
    }
    double origin = facts.isNullAt(1) ? 0 : facts.getDouble(1);
    Task task =
        spec.task()
            .orElseGet(
                () ->
                    guess(
                        spec,
                        List.of(label, prediction),
                        facts.getBoolean(2),
                        facts.getBoolean(3) && facts.getLong(4) <= MOST_NUMBERED_CLASSES));
    return new TaskGuess(task, facts.getLong(0), origin);
  }

  private interface Condition {
    Column of(Column value);
  }

  /** Whether a condition holds for all values that there are. */
  private static Column share(Column truth, Column answer, Condition condition) {
    return functions.coalesce(
        functions.every(
            functions
                .coalesce(condition.of(truth), functions.lit(true))
                .and(functions.coalesce(condition.of(answer), functions.lit(true)))),
        functions.lit(true));
  }

  private static Task guess(
      EvaluateSpec spec, List<DataType> types, boolean zeroOrOne, boolean fewWhole) {
    if (spec.positive().isPresent()
        || types.stream().anyMatch(type -> type instanceof BooleanType)) {
      return Task.BINARY;
    }
    if (types.stream().anyMatch(type -> type instanceof StringType)) {
      return Task.MULTICLASS;
    }
    if (zeroOrOne) {
      return Task.BINARY;
    }
    return fewWhole ? Task.MULTICLASS : Task.REGRESSION;
  }
}
