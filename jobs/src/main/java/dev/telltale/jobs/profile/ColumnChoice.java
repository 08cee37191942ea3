package dev.telltale.jobs.profile;

import dev.telltale.config.ModelConfig;
import dev.telltale.error.Errors;
import dev.telltale.jobs.engine.ColumnPlan;
import dev.telltale.jobs.lake.SourceTable;
import dev.telltale.profile.Anchors;
import dev.telltale.profile.ColumnKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Which columns of a table a model file asks for, checked against what is there. */
public final class ColumnChoice {
  private final ModelConfig model;

  public ColumnChoice(ModelConfig model) {
    this.model = model;
  }

  /**
   * Checks that the prediction log has what the model file names, of a type that can be used.
   *
   * @throws dev.telltale.error.TelltaleException on the first column that is not (exit 3)
   */
  public void checkPredictions(SourceTable predictions) {
    check(predictions, model.predictions());
  }

  /** The same of the log of all predictions, where {@link #checkPredictions} is of a sample. */
  public void checkTelemetry(SourceTable telemetry) {
    check(telemetry, model.telemetry());
  }

  private void check(SourceTable predictions, ModelConfig.Predictions named) {
    requireCategory(predictions, named.id(), "prediction id");
    predictions.requireTimestamp(named.eventTime(), "event time");
    named
        .clocks()
        .uploadTime()
        .ifPresent(time -> predictions.requireTimestamp(time, "upload time"));
    predictions.require(named.prediction(), "prediction");
    named.score().ifPresent(score -> predictions.requireNumber(score, "score"));
    named.weight().ifPresent(weight -> predictions.requireNumber(weight, "inclusion weight"));
    named.group().ifPresent(group -> requireCategory(predictions, group, "query of an item"));
    if (named.group().isPresent() && named.score().isEmpty()) {
      predictions.requireNumber(named.prediction(), "place in a ranking that has no score");
    }
    for (ModelConfig.Quantile quantile : named.quantiles()) {
      predictions.requireNumber(quantile.column(), "quantile of level " + quantile.level());
    }
    named
        .modelVersion()
        .ifPresent(version -> requireCategory(predictions, version, "model version"));
    checkCommon(predictions);
  }

  /** Checks that the baseline has the columns that the model file names. */
  void checkBaseline(SourceTable baseline) {
    checkCommon(baseline);
    model.columns().include().forEach(column -> baseline.require(column, "included column"));
    model
        .columns()
        .categorical()
        .forEach(column -> requireCategory(baseline, column, "categorical column"));
  }

  private void checkCommon(SourceTable table) {
    for (List<String> slice : model.slices()) {
      slice.forEach(column -> requireCategory(table, column, "slice column"));
    }
  }

  private static void requireCategory(SourceTable table, String column, String role) {
    DataType type = table.require(column, role);
    if (ColumnPlan.kindOf(type, true) != ColumnKind.CATEGORICAL) {
      throw Errors.wrongType(
          table.location(),
          column,
          role,
          type.simpleString(),
          "a string, a boolean, a whole number or a decimal");
    }
  }

  /** The columns of the baseline that are profiled or named as skipped, without anchors. */
  List<ColumnPlan> ofBaseline(StructType baseline) {
    List<ColumnPlan> plans = new ArrayList<>();
    Set<String> categorical = Set.copyOf(model.columns().categorical());
    for (StructField field : baseline.fields()) {
      if (chosen(field.name())) {
        ColumnKind kind = ColumnPlan.kindOf(field.dataType(), categorical.contains(field.name()));
        plans.add(new ColumnPlan(field.name(), kind, field.dataType(), Anchors.NONE));
      }
    }
    return plans;
  }

  /**
   * The columns of the predictions: those of the baseline in its order, with its anchors; then
   * those that the baseline does not have.
   */
  List<ColumnPlan> ofPredictions(StructType predictions, List<ColumnPlan> baseline) {
    List<ColumnPlan> plans = new ArrayList<>();
    Set<String> names = new LinkedHashSet<>(Arrays.asList(predictions.fieldNames()));
    Set<String> categorical = Set.copyOf(model.columns().categorical());
    for (ColumnPlan column : baseline) {
      String name = column.name();
      if (!names.remove(name)) {
        plans.add(new ColumnPlan(name, ColumnKind.LOST, column.type(), Anchors.NONE));
        continue;
      }
      DataType type = predictions.apply(name).dataType();
      ColumnKind kind = ColumnPlan.kindOf(type, categorical.contains(name));
      ColumnKind shared = kind == column.kind() ? kind : ColumnKind.RETYPED;
      plans.add(
          new ColumnPlan(
              name, shared, type, shared.summarised() ? column.anchors() : Anchors.NONE));
    }
    for (String name : names) {
      if (chosen(name) && !known(name)) {
        DataType type = predictions.apply(name).dataType();
        plans.add(new ColumnPlan(name, ColumnKind.GAINED, type, Anchors.NONE));
      }
    }
    return plans;
  }

  private boolean chosen(String name) {
    ModelConfig.Columns columns = model.columns();
    boolean service =
        name.equals(model.predictions().id())
            || name.equals(model.predictions().eventTime())
            || model.predictions().clocks().uploadTime().filter(name::equals).isPresent()
            || model.predictions().modelVersion().filter(name::equals).isPresent()
            || model.predictions().group().filter(name::equals).isPresent()
            || model.telemetry().weight().filter(name::equals).isPresent()
            || model.privacy().pseudonym().contains(name);
    return !service
        && !columns.exclude().contains(name)
        && (columns.include().isEmpty() || columns.include().contains(name));
  }

  /** The answer and the score are no feature: a baseline may lack them without news. */
  private boolean known(String name) {
    return name.equals(model.predictions().prediction())
        || model.predictions().score().filter(name::equals).isPresent()
        || model.predictions().quantiles().stream().anyMatch(one -> one.column().equals(name));
  }
}
