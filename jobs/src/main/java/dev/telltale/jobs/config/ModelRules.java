package dev.telltale.jobs.config;

import com.fasterxml.jackson.databind.JsonNode;
import dev.telltale.config.Feedback;
import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import java.util.ArrayList;
import java.util.List;

/** What a schema cannot say of a model: rules between keys. */
final class ModelRules {
  private ModelRules() {}

  /** The violations in a model that the schema allows. */
  static List<Problem> problems(ModelConfig model, YamlDocument document) {
    List<Problem> problems = new ArrayList<>();
    ModelConfig.Alerts alerts = model.alerts();
    if (alerts.required() > alerts.windows()) {
      String key = document.root().at("/alerts/required").isMissingNode() ? "windows" : "required";
      problems.add(
          new Problem(
              document.line("/alerts/" + key),
              "`alerts.required` is "
                  + alerts.required()
                  + " of only "
                  + alerts.windows()
                  + " `alerts.windows`, so that no alert could ever open"));
    }

    Granularity finest = model.granularities().get(0);
    if (finest == Granularity.WEEK && model.granularities().contains(Granularity.MONTH)) {
      problems.add(
          new Problem(
              document.line("/granularities"),
              "`1 month` is not a whole number of weeks and cannot be rolled up from `1 week`;"
                  + " add `1 day`"));
    }

    JsonNode exclude = document.root().at("/columns/exclude");
    for (int i = 0; i < exclude.size(); i++) {
      if (model.columns().include().contains(exclude.get(i).textValue())) {
        problems.add(
            new Problem(
                document.line("/columns/exclude/" + i),
                "column `" + exclude.get(i).textValue() + "` is both included and excluded"));
      }
    }

    feedback(model, document, problems);
    return problems;
  }

  private static void feedback(ModelConfig model, YamlDocument document, List<Problem> problems) {
    List<String> names = new ArrayList<>();
    int outcomes = 0;
    for (int i = 0; i < model.feedback().size(); i++) {
      Feedback source = model.feedback().get(i);
      int line = document.line("/feedback/" + i);
      if (names.contains(source.name())) {
        problems.add(new Problem(line, "two feedback sources are named `" + source.name() + "`"));
      }
      names.add(source.name());
      outcomes += source.kind() == Feedback.Kind.OUTCOME ? 1 : 0;
      if (source.kind() == Feedback.Kind.OUTCOME && outcomes > 1) {
        problems.add(
            new Problem(line, "two feedback sources are of the kind `outcome`; the truth is one"));
      }
      if (source.kind().needsValue() && source.value().isEmpty()) {
        problems.add(
            new Problem(
                line,
                "a feedback source of this kind needs `value`, the column with what was said"));
      }
      if (source.kind() == Feedback.Kind.OUTCOME && source.waitFor().isZero()) {
        problems.add(
            new Problem(
                line,
                "an outcome needs `wait`, how long after a prediction it may still be on its way,"
                    + " such as `3 days`"));
      }
    }
  }
}
