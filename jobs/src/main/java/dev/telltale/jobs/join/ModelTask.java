package dev.telltale.jobs.join;

import dev.telltale.config.ModelConfig;
import dev.telltale.error.Errors;
import dev.telltale.quality.Task;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/** The task of a model: as declared, or told from what its predictions have. */
public final class ModelTask {
  private ModelTask() {}

  /**
   * The task.
   *
   * @param table what has the predictions, for the error
   * @throws dev.telltale.error.TelltaleException if the type leaves it open (exit 2)
   */
  public static Task of(ModelConfig model, StructType schema, String table) {
    if (model.quality().task().isPresent()) {
      return Task.valueOf(model.quality().task().get());
    }
    if (model.predictions().group().isPresent()) {
      return Task.RANKING;
    }
    if (!model.predictions().quantiles().isEmpty()) {
      return Task.REGRESSION;
    }
    String name = model.predictions().prediction();
    DataType type = schema.apply(name).dataType();
    if (type instanceof BooleanType || model.quality().positive().isPresent()) {
      return Task.BINARY;
    }
    if (type instanceof StringType) {
      return Task.MULTICLASS;
    }
    if (type instanceof DoubleType || type instanceof FloatType || type instanceof DecimalType) {
      return Task.REGRESSION;
    }
    throw Errors.usage(
        "What kind of answer is " + name + " in " + table + "?",
        "It is of type " + type.simpleString() + ": yes or no, a class and a quantity all may be.",
        "Declare quality.task in the model file: binary, multiclass or regression.");
  }
}
