package dev.telltale.jobs.engine;

import dev.telltale.error.Errors;
import dev.telltale.quality.Task;
import dev.telltale.sampling.WholeWeight;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/** Labels and predictions of any type as the columns that a quality pass reads. */
public final class OutcomeColumns {
  private final Task task;
  private final Optional<String> positive;

  /**
   * Of a task.
   *
   * @param positive the value that means yes in a binary task; else true, 1 or the text "true" do
   */
  public OutcomeColumns(Task task, Optional<String> positive) {
    this.task = task;
    this.positive = positive;
  }

  /**
   * The answer or truth as a class: null where it is null or NaN, which says as little.
   *
   * @throws dev.telltale.error.TelltaleException if a column of this type can be neither (exit 2)
   */
  public static Column text(String name, StructType schema) {
    return known(name, schema).cast("string");
  }

  /** The answer or truth as a number; null where it is none of the task. */
  public Column value(String name, StructType schema) {
    Column known = known(name, schema);
    DataType type = schema.apply(name).dataType();
    if (task == Task.MULTICLASS) {
      return functions.lit(null).cast("double");
    }
    if (task == Task.BINARY && positive.isPresent()) {
      return known.cast("string").equalTo(positive.get()).cast("double");
    }
    if (task == Task.BINARY && type instanceof StringType) {
      return functions
          .when(functions.lower(known).equalTo("true"), 1.0)
          .when(functions.lower(known).equalTo("false"), 0.0)
          .otherwise(known.cast("double"));
    }
    return known.cast("double");
  }

  private static Column known(String name, StructType schema) {
    DataType type = schema.apply(name).dataType();
    if (!(type instanceof BooleanType
        || type instanceof NumericType
        || type instanceof StringType)) {
      throw Errors.usage(
          "Column " + name + " can be neither label nor prediction.",
          "It is of type " + type.simpleString() + ".",
          "Labels and predictions are booleans, numbers or texts.");
    }
    Column column = column(name);
    return type instanceof DoubleType || type instanceof FloatType
        ? functions.when(functions.not(functions.isnan(column)), column)
        : column;
  }

  /**
   * The inclusion weight of a row of telemetry: null without such a column, and where it is no
   * {@link WholeWeight#isWeight}; such a row stands for itself.
   */
  public static Column inclusionWeight(Optional<String> name) {
    return name.map(
            given -> {
              Column weight = column(given).cast("double");
              return functions.when(weight.gt(0).and(weight.leq(WholeWeight.MAX)), weight);
            })
        .orElse(functions.lit(null).cast("double"));
  }

  /** A column by its name, whatever characters it holds. */
  public static Column column(String name) {
    return functions.col(quoted(name));
  }

  /** A column's name in SQL, whatever characters it holds. */
  public static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }
}
