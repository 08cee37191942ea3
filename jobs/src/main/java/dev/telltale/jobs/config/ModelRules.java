package dev.telltale.jobs.config;

import com.fasterxml.jackson.databind.JsonNode;
import dev.telltale.config.Feedback;
import dev.telltale.config.Granularity;
import dev.telltale.config.Kpi;
import dev.telltale.config.ModelConfig;
import dev.telltale.config.Retention;
import dev.telltale.config.Sampling;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a schema cannot say of a model: rules between keys. */
final class ModelRules {
  private static final String AT = "_at_";

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
    kpis(model, document, problems);
    task(model, document, problems);
    cutoffs(model, document, problems);
    model.sampling().ifPresent(sampling -> sampling(sampling, document, problems));
    problems.addAll(PrivacyMapping.problems(model, document));
    retention(document, problems);
    shortest(model, document, problems);
    CheckRules.problems(model, document, problems);
    model.system().ifPresent(system -> SystemMapping.problems(system, document, problems));
    return problems;
  }

  /** Rows are dropped by whole days; files are as old as the clock says. */
  private static void retention(YamlDocument document, List<Problem> problems) {
    for (Map.Entry<String, JsonNode> age : document.root().path("retention").properties()) {
      Duration kept = Durations.read(age.getValue(), Duration.ZERO);
      boolean inDays = RetentionMapping.DAYS.contains(age.getKey());
      if (kept.isZero() || (inDays && kept.toHours() % 24 != 0)) {
        problems.add(
            new Problem(
                document.line("/retention/" + age.getKey()),
                "`retention."
                    + age.getKey()
                    + "` is `"
                    + age.getValue().textValue()
                    + "`, but must be a whole number of "
                    + (inDays ? "days, 1 day or more" : "hours or days, 1 hour or more")));
      }
    }
    if (document.root().at("/retention").has("sample") && !document.root().has("sampling")) {
      problems.add(
          new Problem(
              document.line("/retention/sample"),
              "`retention.sample` is of a sample, but there is no `sampling`"));
    }
  }

  /** What a night still reads of earlier ones must be there: it would be refused every time. */
  private static void shortest(ModelConfig model, YamlDocument document, List<Problem> problems) {
    Duration wait =
        model.feedback().stream()
            .map(Feedback::waitFor)
            .max(Duration::compareTo)
            .orElse(Duration.ZERO);
    // A week is searched for weak slices once the wait of its last day is over.
    Duration searched = Duration.ofDays(7).plus(wait);
    Retention kept = model.retention();
    if (!model.feedback().isEmpty()) {
      String why = "the longest `wait` and a week, which is searched as a whole";
      if (model.sampling().isEmpty()) {
        atLeast("telemetry", kept.telemetry(), searched, why, document, problems);
      }
      atLeast("sample", kept.sample(), searched, why, document, problems);
      atLeast("labelled", kept.labelled(), searched, why, document, problems);
    }
    atLeast(
        "results",
        kept.results(),
        Duration.ofDays(62),
        "two months: the longest window, and the one before it",
        document,
        problems);
  }

  private static void atLeast(
      String key,
      Optional<Duration> age,
      Duration least,
      String why,
      YamlDocument document,
      List<Problem> problems) {
    if (age.isPresent() && age.get().compareTo(least) < 0) {
      problems.add(
          new Problem(
              document.line("/retention/" + key),
              "`retention."
                  + key
                  + "` is `"
                  + Durations.text(age.get())
                  + "`, but must be at least `"
                  + Durations.text(least)
                  + "`, "
                  + why));
    }
  }

  /** Which ways of sampling exclude each other. */
  private static void sampling(Sampling sampling, YamlDocument document, List<Problem> problems) {
    String at = "/sampling";
    JsonNode json = document.root().at(at);
    List<String> amounts =
        Arrays.stream(Sampling.AmountKind.values())
            .map(SamplingMapping::key)
            .filter(json::has)
            .toList();
    if (amounts.size() != 1) {
      problems.add(
          new Problem(
              document.line(at),
              amounts.isEmpty()
                  ? "`sampling` says not how much; add `rate`, `rows-per-day`, `cost-per-day` or"
                      + " `rows-per-stratum`"
                  : "`sampling` has `"
                      + String.join("` and `", amounts)
                      + "`, which contradict each other; keep one"));
    }
    if (sampling.amount().kind() == Sampling.AmountKind.COST_PER_DAY
        && sampling.costPerMillionRows().isEmpty()) {
      problems.add(
          new Problem(
              document.line(at + "/cost-per-day"),
              "`sampling.cost-per-day` is a budget of money, and nothing says what rows cost; add"
                  + " `cost-per-million-rows`"));
    }
    boolean fixed = json.has(SamplingMapping.key(Sampling.AmountKind.ROWS_PER_STRATUM));
    boolean neyman = sampling.allocation() == Sampling.Allocation.NEYMAN;
    boolean even = sampling.allocation() == Sampling.Allocation.PROPORTIONAL;
    String allocation = sampling.allocation().name().toLowerCase(Locale.ROOT);
    if (!even && fixed) {
      problems.add(
          new Problem(
              document.line(at + "/allocation"),
              "`sampling.allocation` is `"
                  + allocation
                  + "`, but `rows-per-stratum` has allocated already"));
    }
    if (!even && sampling.strata().isEmpty()) {
      problems.add(
          new Problem(
              document.line(at + "/allocation"),
              "`sampling.allocation` is `"
                  + allocation
                  + "`, but there are no `strata` to allocate to"));
    }
    if (neyman && sampling.measure().isEmpty()) {
      problems.add(
          new Problem(
              document.line(at + "/allocation"),
              "`sampling.allocation` is `neyman`, and nothing says whose spread counts; add"
                  + " `measure`, a numeric column"));
    }
    if (sampling.unit().isPresent()
        && (fixed || !sampling.strata().isEmpty() || !sampling.whole().isEmpty())) {
      problems.add(
          new Problem(
              document.line(at + "/unit"),
              "`sampling.unit` keeps all rows of a unit or none, which `strata`, `whole` and"
                  + " `rows-per-stratum` would break; use it with `rate`, `rows-per-day` or `cost-per-day` alone"));
    }
  }

  /** What only a ranking or a regression has. */
  private static void task(ModelConfig model, YamlDocument document, List<Problem> problems) {
    String task = model.quality().task().orElse("").toLowerCase(Locale.ROOT);
    boolean ranks = model.predictions().group().isPresent();
    if (task.equals("ranking") && !ranks) {
      problems.add(
          new Problem(
              document.line("/quality/task"),
              "`quality.task` is `ranking`, and nothing says which items answer the same query;"
                  + " name the column of the query with `predictions.group`"));
    }
    if (ranks && !task.isEmpty() && !task.equals("ranking")) {
      problems.add(
          new Problem(
              document.line("/predictions/group"),
              "`predictions.group` is for a `ranking`, but `quality.task` is `" + task + "`"));
    }
    List<ModelConfig.Quantile> quantiles = model.predictions().quantiles();
    if (!quantiles.isEmpty() && (ranks || !(task.isEmpty() || task.equals("regression")))) {
      problems.add(
          new Problem(
              document.line("/predictions/quantiles"),
              "`predictions.quantiles` are those of a `regression`, but the model is a `"
                  + (task.isEmpty() ? "ranking" : task)
                  + "`"));
    }
    for (int i = 1; i < quantiles.size(); i++) {
      if (quantiles.get(i).level() == quantiles.get(i - 1).level()) {
        problems.add(
            new Problem(
                document.line(
                    YamlDocument.child("/predictions/quantiles", quantiles.get(i).column())),
                "`predictions.quantiles` has two columns of the level "
                    + quantiles.get(i).level()
                    + ", `"
                    + quantiles.get(i - 1).column()
                    + "` and `"
                    + quantiles.get(i).column()
                    + "`"));
      }
    }
  }

  private static void cutoffs(ModelConfig model, YamlDocument document, List<Problem> problems) {
    List<String> metrics = model.quality().metrics();
    for (int i = 0; i < metrics.size(); i++) {
      int at = metrics.get(i).indexOf(AT);
      if (at > 0) {
        int cutoff = Integer.parseInt(metrics.get(i).substring(at + AT.length()));
        if (!model.quality().cutoffs().contains(cutoff)) {
          problems.add(
              new Problem(
                  document.line("/quality/metrics/" + i),
                  "`quality.metrics["
                      + i
                      + "]` is `"
                      + metrics.get(i)
                      + "`, but `quality.at` has no "
                      + cutoff));
        }
      }
    }
  }

  private static void kpis(ModelConfig model, YamlDocument document, List<Problem> problems) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < model.kpis().size(); i++) {
      Kpi kpi = model.kpis().get(i);
      if (names.contains(kpi.name())) {
        problems.add(
            new Problem(document.line("/kpis/" + i), "two KPIs are named `" + kpi.name() + "`"));
      }
      names.add(kpi.name());
    }
    if (!model.kpis().isEmpty() && model.truth().isEmpty()) {
      problems.add(
          new Problem(
              document.line("/kpis"),
              "`kpis` are held against the quality of the model, which nothing says; add a source"
                  + " of the kind `outcome` under `feedback`"));
    }
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
