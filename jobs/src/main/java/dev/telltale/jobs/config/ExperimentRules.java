package dev.telltale.jobs.config;

import com.fasterxml.jackson.databind.JsonNode;
import dev.telltale.config.Experiment;
import dev.telltale.config.ExperimentMetric;
import dev.telltale.config.ExperimentMetric.Kind;
import dev.telltale.config.ExperimentMetric.Role;
import dev.telltale.sequential.Spending;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a schema cannot say of an experiment: rules between keys. */
final class ExperimentRules {
  /** Shares such as thirds are rounded. */
  private static final BigDecimal ROUNDED = new BigDecimal("1e-6");

  private static final String EXPRESSION = "expression";
  private static final String CONDITION = "condition";

  private final Experiment experiment;
  private final YamlDocument document;
  private final List<Problem> problems = new ArrayList<>();

  private ExperimentRules(Experiment experiment, YamlDocument document) {
    this.experiment = experiment;
    this.document = document;
  }

  /**
   * The violations in an experiment that the schema allows.
   *
   * @param models ids of the models that there are; empty = not known
   */
  static List<Problem> problems(Experiment experiment, YamlDocument document, List<String> models) {
    ExperimentRules rules = new ExperimentRules(experiment, document);
    rules.model(models);
    rules.days();
    rules.shares();
    rules.control();
    rules.spending();
    SqlRules.check("/exposures/where", CONDITION, document, rules.problems);
    SqlRules.check("/exposures/exclude", CONDITION, document, rules.problems);
    rules.metrics();
    return rules.problems;
  }

  private void model(List<String> models) {
    if (!models.isEmpty() && !models.contains(experiment.model())) {
      problem(
          "/model",
          "`model` is `"
              + experiment.model()
              + "`, which no model file declares"
              + SchemaCheck.instead(experiment.model(), models));
    }
  }

  private void days() {
    for (String key : List.of("from", "to")) {
      JsonNode day = document.root().path(key);
      if (day.isTextual() && !Days.read(day).toString().equals(day.textValue())) {
        problem("/" + key, "`" + key + "` is `" + day.textValue() + "`, a day that no month has");
      }
    }
    if (experiment.to().isPresent() && !experiment.to().get().isAfter(experiment.from())) {
      problem(
          "/to",
          "`to` is `"
              + experiment.to().get()
              + "`, the day after the last one, but must be after `from`, `"
              + experiment.from()
              + "`");
    }
  }

  private void shares() {
    BigDecimal sum = BigDecimal.ZERO;
    long exposed = 0;
    for (JsonNode share : document.root().path("variants")) {
      sum = sum.add(share.decimalValue());
      exposed += share.decimalValue().signum();
    }
    if (sum.subtract(BigDecimal.ONE).abs().compareTo(ROUNDED) > 0) {
      problem(
          "/variants",
          "the shares of `variants` must sum to 1, but they sum to "
              + sum.round(new MathContext(9)).stripTrailingZeros().toPlainString());
    }
    if (exposed < 2) {
      problem(
          "/variants",
          "`variants` has a share above 0 for "
              + (exposed == 0 ? "none" : "one")
              + "; a comparison takes a control and at least one variant");
    }
  }

  private void control() {
    String control = experiment.control();
    Double share = experiment.variants().get(control);
    if (share == null) {
      problem(
          "/control",
          "`control` is `"
              + control
              + "`, which is no variant"
              + SchemaCheck.instead(control, List.copyOf(experiment.variants().keySet())));
    } else if (share == 0) {
      boolean named = document.root().has("control");
      problem(
          named ? "/control" : YamlDocument.child("/variants", control),
          (named ? "`control` is" : "the control is the first variant,")
              + " `"
              + control
              + "`, whose share is 0, so that there is nothing to compare with");
    }
  }

  private void spending() {
    try {
      Spending.of(experiment.spending());
    } catch (IllegalArgumentException e) {
      problem(
          "/spending",
          "`spending` is `"
              + experiment.spending()
              + "`, but must be `obf`, `pocock` or `power:R` with R above 0, such as `power:2`");
    }
  }

  private void metrics() {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < experiment.metrics().size(); i++) {
      String at = "/metrics/" + i;
      ExperimentMetric metric = experiment.metrics().get(i);
      if (!names.add(metric.name())) {
        problem(at, "two metrics are named `" + metric.name() + "`");
      }
      keys(metric, at);
      SqlRules.check(at + "/where", CONDITION, document, problems);
      SqlRules.check(at + "/value", EXPRESSION, document, problems);
      SqlRules.check(
          at + "/denominator",
          metric.kind() == Kind.FUNNEL ? CONDITION : EXPRESSION,
          document,
          problems);
    }
    if (experiment.metrics(Role.PRIMARY).isEmpty()) {
      problem("/metrics", "no metric has the `role` `primary`, so that nothing decides");
    }
  }

  /** Which keys the kind and the role of a metric need or refuse. */
  private void keys(ExperimentMetric metric, String at) {
    List<Kind> values = List.of(Kind.SUM, Kind.MEAN, Kind.RATIO, Kind.QUANTILE);
    List<Kind> denominators = List.of(Kind.RATIO, Kind.FUNNEL);
    only(metric, at, "value", values);
    only(metric, at, "denominator", denominators);
    only(metric, at, "cap", List.of(Kind.SUM, Kind.COUNT, Kind.MEAN, Kind.RATIO));
    only(metric, at, "denominator-cap", List.of(Kind.MEAN, Kind.RATIO));
    only(metric, at, "quantile", List.of(Kind.QUANTILE));
    if (values.contains(metric.kind()) && metric.value().isEmpty()) {
      needed(metric, at, "value", "the SQL expression of a number");
    }
    if (denominators.contains(metric.kind()) && metric.denominator().isEmpty()) {
      needed(
          metric,
          at,
          "denominator",
          metric.kind() == Kind.FUNNEL
              ? "the SQL condition of the step before"
              : "the SQL expression of a number");
    }
    if (metric.kind() == Kind.QUANTILE && metric.quantile().isEmpty()) {
      needed(metric, at, "quantile", "a number between 0 and 1, such as `0.95`");
    }
    if (metric.margin().isPresent() && metric.role() != Role.GUARDRAIL) {
      problem(
          at + "/margin",
          named(at + "/margin")
              + " is of a `guardrail`, but the `role` of the metric is "
              + quoted(metric.role()));
    }
  }

  private void only(ExperimentMetric metric, String at, String key, List<Kind> kinds) {
    if (document.root().at(at).has(key) && !kinds.contains(metric.kind())) {
      String last = quoted(kinds.get(kinds.size() - 1));
      Stream<Kind> others = kinds.subList(0, kinds.size() - 1).stream();
      problem(
          at + "/" + key,
          named(at + "/" + key)
              + " is of the kind "
              + others.map(ExperimentRules::quoted).collect(Collectors.joining(", "))
              + (kinds.size() > 1 ? " or " : "")
              + last
              + ", but the metric is of the kind "
              + quoted(metric.kind()));
    }
  }

  private void needed(ExperimentMetric metric, String at, String key, String what) {
    problem(
        at,
        named(at)
            + " is of the kind "
            + quoted(metric.kind())
            + " and needs `"
            + key
            + "`, "
            + what);
  }

  private void problem(String pointer, String text) {
    problems.add(new Problem(document.line(pointer), text));
  }

  private static String named(String pointer) {
    return "`" + SchemaCheck.name(pointer) + "`";
  }

  private static String quoted(Enum<?> constant) {
    return "`" + constant.name().toLowerCase(Locale.ROOT) + "`";
  }
}
