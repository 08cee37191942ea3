package dev.telltale.jobs.config;

import com.fasterxml.jackson.databind.JsonNode;
import dev.telltale.check.Expectations;
import dev.telltale.config.Check;
import dev.telltale.config.ModelConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a schema cannot say of {@code checks}: which parameters an expectation has. */
final class CheckRules {
  private CheckRules() {}

  static void problems(ModelConfig model, YamlDocument document, List<Problem> problems) {
    for (int i = 0; i < model.checks().size(); i++) {
      List<Check.Expectation> expectations = model.checks().get(i).expectations();
      List<Check.Expectation> seen = new ArrayList<>();
      for (int k = 0; k < expectations.size(); k++) {
        String at = "/checks/" + i + "/expectations/" + k;
        Check.Expectation expectation = expectations.get(k);
        of(expectation, at, document, problems);
        if (seen.contains(expectation)) {
          problems.add(new Problem(document.line(at), named(at) + " is the same as one before it"));
        }
        seen.add(expectation);
      }
    }
  }

  private static void of(
      Check.Expectation expectation, String at, YamlDocument document, List<Problem> problems) {
    JsonNode json = document.root().at(at);
    List<String> given = new ArrayList<>();
    json.fieldNames().forEachRemaining(given::add);
    for (Expectations.Problem problem : Expectations.problems(expectation, given)) {
      String pointer = problem.key().isEmpty() ? at : YamlDocument.child(at, problem.key());
      problems.add(new Problem(document.line(pointer), named(at) + ": " + problem.text()));
    }
    for (String key : List.of("row_condition", "condition")) {
      Optional<String> condition =
          key.equals("condition") ? expectation.text(key) : expectation.rowCondition();
      condition
          .flatMap(SqlRules::notSql)
          .ifPresent(
              why ->
                  problems.add(
                      new Problem(
                          document.line(at + "/" + key),
                          named(at)
                              + ": `"
                              + key
                              + "` is `"
                              + condition.get()
                              + "`, which is no SQL condition: "
                              + why)));
    }
  }

  private static String named(String at) {
    return "`" + SchemaCheck.name(at) + "`";
  }
}
