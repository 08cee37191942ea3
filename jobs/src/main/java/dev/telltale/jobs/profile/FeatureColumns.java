package dev.telltale.jobs.profile;

import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.engine.ColumnPlan;
import dev.telltale.profile.ColumnKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.types.StructType;

/** What a model knew of a prediction, as far as the prediction log has it. */
public final class FeatureColumns {
  private FeatureColumns() {}

  /**
   * The quantities and categories of the baseline that the log has too, of the log's types and on
   * the baseline's anchors; but the answer, its score, the truth and the inclusion weight.
   *
   * @param known columns of the baseline; none if it is not profiled
   * @param log columns of the prediction log
   */
  public static List<ColumnPlan> of(ModelConfig model, List<ColumnPlan> known, StructType log) {
    Set<String> names = new HashSet<>(Arrays.asList(log.fieldNames()));
    names.remove(model.predictions().prediction());
    model.predictions().score().ifPresent(names::remove);
    model.predictions().weight().ifPresent(names::remove);
    model.truth().flatMap(truth -> truth.value()).ifPresent(names::remove);
    List<ColumnPlan> features = new ArrayList<>();
    for (ColumnPlan plan : known) {
      boolean categorical = plan.kind() == ColumnKind.CATEGORICAL;
      if ((categorical || plan.kind() == ColumnKind.NUMERIC) && names.contains(plan.name())) {
        var type = log.apply(plan.name()).dataType();
        // What has become another kind of column since the baseline is none of its columns.
        if (ColumnPlan.kindOf(type, categorical) == plan.kind()) {
          features.add(new ColumnPlan(plan.name(), plan.kind(), type, plan.anchors()));
        }
      }
    }
    return features;
  }
}
