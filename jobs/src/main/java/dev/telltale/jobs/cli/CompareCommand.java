package dev.telltale.jobs.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.telltale.config.Defaults;
import dev.telltale.drift.DriftPolicy;
import dev.telltale.drift.JudgedMetric;
import dev.telltale.drift.Metrics;
import dev.telltale.drift.Verdict;
import dev.telltale.drift.VerdictStatus;
import dev.telltale.error.Errors;
import dev.telltale.finding.Severity;
import dev.telltale.jobs.compare.CompareJob;
import dev.telltale.jobs.compare.CompareSpec;
import dev.telltale.profile.ColumnKind;
import dev.telltale.stats.MultipleTesting;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code telltale compare}. */
@Command(
    name = "compare",
    description =
        "Compares two data sets column by column: distances, calibrated tests, and a verdict that"
            + " needs both. A path is a Delta table (PATH@VERSION for an older version) or Parquet,"
            + " CSV or JSON: a file, a directory or a glob. Needs no lake.")
final class CompareCommand implements Callable<Integer> {
  @Spec private CommandSpec command;
  @Mixin private MasterOption master;
  @Mixin private OutputOptions output;
  @Mixin private FailOn failOn;

  @Option(
      names = "--reference",
      paramLabel = "PATH",
      required = true,
      description = "What it should look like.")
  private String reference;

  @Option(
      names = "--current",
      paramLabel = "PATH",
      required = true,
      description = "What is compared with it.")
  private String current;

  @Option(
      names = "--columns",
      paramLabel = "NAME",
      split = ",",
      description = "Only these columns, comma-separated. Default: all that both have.")
  private List<String> columns = new ArrayList<>();

  @Option(
      names = "--categorical",
      paramLabel = "NAME",
      split = ",",
      description = "Whole-number columns that hold codes, comma-separated.")
  private List<String> categorical = new ArrayList<>();

  @Option(
      names = "--alpha",
      paramLabel = "P",
      description = "Level of the family of tests. Default: ${DEFAULT-VALUE}.")
  private double alpha = Defaults.ALPHA;

  @Option(
      names = "--correction",
      paramLabel = "NAME",
      description =
          "Correction for the number of tests: ${COMPLETION-CANDIDATES}. Default:"
              + " ${DEFAULT-VALUE}.")
  private MultipleTesting correction = MultipleTesting.valueOf(Defaults.CORRECTION);

  @Option(
      names = "--effect",
      paramLabel = "METRIC",
      description =
          "Metric that must reach --threshold besides the p-value. Default: ${DEFAULT-VALUE}.")
  private String effect = Defaults.EFFECT;

  @Option(
      names = "--threshold",
      paramLabel = "VALUE",
      description = "Smallest effect that matters. Default: ${DEFAULT-VALUE}.")
  private double threshold = Defaults.THRESHOLD;

  @Override
  public Integer call() {
    CompareSpec spec = new CompareSpec(reference, current, columns, categorical, policy());
    Settings settings = master.settings();
    output.start();
    SparkSession spark = settings.open("telltale compare");
    CompareJob.Result result =
        TerminalProgress.show(
            command, spark, progress -> new CompareJob(spec, progress).run(spark));
    output.print(
        json(result),
        format ->
            format == Format.TABLE
                ? verdicts(result).lines(format)
                : metrics(result).lines(format));
    return failOn.exitCode(severities(result));
  }

  private DriftPolicy policy() {
    DriftPolicy defaults = DriftPolicy.defaults();
    try {
      return new DriftPolicy(
          alpha,
          correction,
          effect,
          threshold,
          defaults.missingness(),
          defaults.newCategory(),
          defaults.outOfRange(),
          defaults.rowCountRatio(),
          defaults.minimumRows());
    } catch (IllegalArgumentException e) {
      throw Errors.arguments(e.getMessage(), command.qualifiedName(), "");
    }
  }

  private ObjectNode json(CompareJob.Result result) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.putObject("reference").put("path", reference).put("rows", result.referenceRows());
    json.putObject("current").put("path", current).put("rows", result.currentRows());
    json.put("family_size", result.familySize());
    ArrayNode array = json.putArray("columns");
    for (CompareJob.Column column : result.columns()) {
      Verdict verdict = column.judgement().headline();
      ObjectNode one = array.addObject();
      one.put("column", column.name())
          .put("kind", kind(column))
          .put("n_reference", column.comparison().referenceValues())
          .put("n_current", column.comparison().currentValues())
          .put("status", verdict.status().name())
          .put("because", verdict.because());
      ObjectNode metrics = one.putObject("metrics");
      for (JudgedMetric metric : metrics(column)) {
        ObjectNode value = metrics.putObject(metric.name());
        value.put("value", metric.value());
        metric.pValue().ifPresent(p -> value.put("p_value", p));
        metric.pValueAdjusted().ifPresent(p -> value.put("p_value_adjusted", p));
        metric.degreesOfFreedom().ifPresent(degrees -> value.put("degrees_of_freedom", degrees));
        value.put("error_bound", metric.errorBound());
      }
    }
    if (!result.skipped().isEmpty()) {
      ArrayNode skipped = json.putArray("skipped");
      result
          .skipped()
          .forEach((name, why) -> skipped.addObject().put("column", name).put("because", why));
    }
    return json;
  }

  private static String kind(CompareJob.Column column) {
    return column.kind() == ColumnKind.CATEGORICAL ? "categorical" : "numeric";
  }

  private static List<JudgedMetric> metrics(CompareJob.Column column) {
    return column.judgement().metrics().stream()
        .filter(metric -> Metrics.ALL.contains(metric.name()))
        .toList();
  }

  /** For a person: what differs first, with the reason. */
  private static Table verdicts(CompareJob.Result result) {
    List<List<String>> rows = new ArrayList<>();
    result.columns().stream()
        .sorted(Comparator.comparing(column -> order(column.judgement().headline().status())))
        .forEach(
            column -> {
              for (Verdict verdict : said(column)) {
                rows.add(List.of(column.name(), verdict.status().name(), verdict.because()));
              }
            });
    result.skipped().forEach((name, why) -> rows.add(List.of(name, "SKIPPED", why + ".")));
    return new Table(List.of("COLUMN", "STATUS", "BECAUSE"), rows);
  }

  /** All that fired, or the one that stands for all. */
  private static List<Verdict> said(CompareJob.Column column) {
    List<Verdict> fired =
        column.judgement().verdicts().stream()
            .filter(verdict -> verdict.status() == VerdictStatus.DRIFT)
            .toList();
    return fired.isEmpty() ? List.of(column.judgement().headline()) : fired;
  }

  private static int order(VerdictStatus status) {
    return switch (status) {
      case DRIFT -> 0;
      case INSUFFICIENT_DATA -> 1;
      case OK -> 2;
    };
  }

  /** For a spreadsheet: one line a metric. */
  private static Table metrics(CompareJob.Result result) {
    List<List<String>> rows = new ArrayList<>();
    for (CompareJob.Column column : result.columns()) {
      for (JudgedMetric metric : metrics(column)) {
        rows.add(
            List.of(
                column.name(),
                kind(column),
                metric.name(),
                Double.toString(metric.value()),
                text(metric.pValue()),
                text(metric.pValueAdjusted()),
                metric.degreesOfFreedom().isPresent()
                    ? Integer.toString(metric.degreesOfFreedom().getAsInt())
                    : "",
                Double.toString(metric.errorBound()),
                Long.toString(column.comparison().referenceValues()),
                Long.toString(column.comparison().currentValues()),
                column.judgement().headline().status().name()));
      }
    }
    return new Table(
        List.of(
            "column",
            "kind",
            "metric",
            "value",
            "p_value",
            "p_value_adjusted",
            "degrees_of_freedom",
            "error_bound",
            "n_reference",
            "n_current",
            "status"),
        rows);
  }

  private static String text(OptionalDouble number) {
    return number.isPresent() ? Double.toString(number.getAsDouble()) : "";
  }

  private static Map<Severity, Long> severities(CompareJob.Result result) {
    Map<Severity, Long> counts = new EnumMap<>(Severity.class);
    for (CompareJob.Column column : result.columns()) {
      for (Verdict verdict : column.judgement().verdicts()) {
        if (verdict.status() == VerdictStatus.DRIFT) {
          counts.merge(verdict.severity(), 1L, Long::sum);
        }
      }
    }
    return counts;
  }
}
