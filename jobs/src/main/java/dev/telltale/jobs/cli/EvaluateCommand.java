package dev.telltale.jobs.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.telltale.config.Defaults;
import dev.telltale.jobs.evaluate.EvaluateJob;
import dev.telltale.jobs.evaluate.EvaluateSpec;
import dev.telltale.quality.ConfusionCell;
import dev.telltale.quality.Estimate;
import dev.telltale.quality.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code telltale evaluate}. */
@Command(
    name = "evaluate",
    description =
        "Quality metrics of any data set that has labels and predictions, with standard errors and"
            + " 95 %% intervals, for all rows and each segment. Needs no lake.")
final class EvaluateCommand implements Callable<Integer> {
  @Spec private CommandSpec command;
  @Mixin private MasterOption master;
  @Mixin private OutputOptions output;

  @Option(
      names = "--data",
      paramLabel = "PATH",
      required = true,
      description =
          "A Delta table (PATH@VERSION for an older version) or Parquet, CSV or JSON: a file, a"
              + " directory or a glob.")
  private String data;

  @Option(
      names = "--label",
      paramLabel = "COLUMN",
      required = true,
      description = "Column with the truth; rows where it is null are counted and left out.")
  private String label;

  @Option(
      names = "--prediction",
      paramLabel = "COLUMN",
      required = true,
      description = "Column with the answer of the model.")
  private String prediction;

  @Option(
      names = "--score",
      paramLabel = "COLUMN",
      description = "Column with the probability of yes, or of the predicted class.")
  private Optional<String> score = Optional.empty();

  @Option(
      names = "--weight",
      paramLabel = "COLUMN",
      description = "Column with inclusion weights. Default: every row counts once.")
  private Optional<String> weight = Optional.empty();

  @Option(
      names = "--segments",
      paramLabel = "COLUMN",
      split = ",",
      description = "Columns whose values are evaluated apart, comma-separated.")
  private List<String> segments = new ArrayList<>();

  @Option(
      names = "--task",
      paramLabel = "TASK",
      description =
          "binary, multiclass or regression. Default: booleans, 0/1 and a --positive are binary;"
              + " texts, and up to 20 whole numbers, multiclass; other numbers regression.")
  private Optional<String> task = Optional.empty();

  @Option(
      names = "--positive",
      paramLabel = "VALUE",
      description = "Label and prediction that mean yes, where they are not true, 1 or \"true\".")
  private Optional<String> positive = Optional.empty();

  @Override
  public Integer call() {
    EvaluateSpec spec =
        new EvaluateSpec(
            data,
            label,
            prediction,
            score,
            weight,
            segments,
            task.map(this::task),
            positive,
            Defaults.MAX_SLICE_VALUES);
    Settings settings = master.settings();
    output.start();
    SparkSession spark = settings.open("telltale evaluate");
    EvaluateJob.Result result =
        TerminalProgress.show(
            command, spark, progress -> new EvaluateJob(spec, progress).run(spark));
    output.print(json(result), format -> lines(result, format));
    return 0;
  }

  private Task task(String name) {
    for (Task one : List.of(Task.BINARY, Task.MULTICLASS, Task.REGRESSION)) {
      if (one.name().equalsIgnoreCase(name)) {
        return one;
      }
    }
    throw dev.telltale.error.Errors.arguments(
        "--task " + name + " is none of binary, multiclass, regression",
        command.qualifiedName(),
        "");
  }

  private static ObjectNode json(EvaluateJob.Result result) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("task", result.task().name().toLowerCase(Locale.ROOT));
    json.put("rows", result.rows());
    json.put("rows_labelled", result.labelled());
    metrics(json.putObject("metrics"), result.metrics());
    ArrayNode segments = json.putArray("segments");
    for (EvaluateJob.Segment segment : result.segments()) {
      ObjectNode one = segments.addObject();
      one.put("slice_key", segment.key())
          .put("slice_value", segment.value())
          .put("n", segment.rows());
      metrics(one.putObject("metrics"), segment.metrics());
    }
    ArrayNode confusion = json.putArray("confusion");
    for (ConfusionCell cell : result.confusion()) {
      ObjectNode one = confusion.addObject();
      one.put("label", cell.label())
          .put("prediction", cell.prediction())
          .put("count", cell.mass().rows());
      if (cell.mass().weight() != cell.mass().rows()) {
        one.put("weight", cell.mass().weight());
      }
    }
    ArrayNode problems = json.putArray("problems");
    result.problems().forEach(problems::add);
    return json;
  }

  private static void metrics(ObjectNode json, Map<String, Estimate> metrics) {
    metrics.forEach(
        (name, estimate) -> {
          ObjectNode one = json.putObject(name);
          one.put("value", estimate.value());
          estimate.stdError().ifPresent(value -> one.put("std_error", value));
          estimate.low().ifPresent(value -> one.put("ci_low", value));
          estimate.high().ifPresent(value -> one.put("ci_high", value));
          one.put("n", estimate.rows());
          if (estimate.errorBound() > 0) {
            one.put("error_bound", estimate.errorBound());
          }
        });
  }

  private static List<String> lines(EvaluateJob.Result result, Format format) {
    List<List<String>> rows = new ArrayList<>();
    add(rows, "", "", result.metrics(), format);
    for (EvaluateJob.Segment segment : result.segments()) {
      add(rows, segment.key(), segment.value(), segment.metrics(), format);
    }
    List<String> lines;
    if (format == Format.TABLE) {
      lines =
          new ArrayList<>(
              new Table(List.of("SEGMENT", "METRIC", "VALUE", "95 % INTERVAL", "N"), rows)
                  .lines(format));
      result.problems().forEach(problem -> lines.add("Note: " + problem));
      return lines;
    }
    return new Table(
            List.of(
                "slice_key",
                "slice_value",
                "metric",
                "value",
                "std_error",
                "ci_low",
                "ci_high",
                "n",
                "error_bound"),
            rows)
        .lines(format);
  }

  private static void add(
      List<List<String>> rows,
      String key,
      String value,
      Map<String, Estimate> metrics,
      Format format) {
    metrics.forEach(
        (name, estimate) ->
            rows.add(
                format == Format.TABLE
                    ? List.of(
                        key.isEmpty() ? "" : key + "=" + value,
                        name,
                        rounded(OptionalDouble.of(estimate.value())),
                        rounded(estimate.low()) + " to " + rounded(estimate.high()),
                        String.format(Locale.ROOT, "%,d", estimate.rows()))
                    : List.of(
                        key,
                        value,
                        name,
                        Double.toString(estimate.value()),
                        text(estimate.stdError()),
                        text(estimate.low()),
                        text(estimate.high()),
                        Long.toString(estimate.rows()),
                        Double.toString(estimate.errorBound()))));
  }

  private static String rounded(OptionalDouble value) {
    return value.isPresent() ? String.format(Locale.ROOT, "%.4g", value.getAsDouble()) : "";
  }

  private static String text(OptionalDouble value) {
    return value.isPresent() ? Double.toString(value.getAsDouble()) : "";
  }
}
