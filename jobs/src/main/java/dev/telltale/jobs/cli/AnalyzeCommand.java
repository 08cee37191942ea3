package dev.telltale.jobs.cli;

import dev.telltale.config.Defaults;
import dev.telltale.error.Errors;
import dev.telltale.error.ExperimentErrors;
import dev.telltale.experiment.Adjustment;
import dev.telltale.experiment.ExperimentPolicy;
import dev.telltale.experiment.Hypothesis;
import dev.telltale.experiment.TestMethod;
import dev.telltale.jobs.analyze.AnalyzeJob;
import dev.telltale.jobs.analyze.AnalyzeSpec;
import dev.telltale.stats.Alternative;
import dev.telltale.stats.MultipleTesting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code telltale analyze}. */
@Command(
    name = "analyze",
    description =
        "What each variant of one experiment changes against the control, with intervals and a"
            + " decision that agrees with them; from rows of units or a summary of the arms. Needs"
            + " no lake.")
final class AnalyzeCommand implements Callable<Integer> {
  @Spec private CommandSpec command;
  @Mixin private MasterOption master;
  @Mixin private OutputOptions output;

  @ArgGroup(multiplicity = "1")
  private Source source;

  /** Where the arms are. */
  private static final class Source {
    @Option(
        names = "--data",
        paramLabel = "PATH",
        description =
            "Rows of units: a Delta table (PATH@VERSION for an older version) or Parquet, CSV or"
                + " JSON: a file, a directory or a glob.")
    private String data;

    @Option(
        names = "--summary",
        paramLabel = "PATH",
        description =
            "CSV or JSON with a line per variant and metric: variant, metric, n, mean and variance"
                + " or sum and sum_squares; docs/analyze.md has the columns of ratios and"
                + " covariates.")
    private String summary;
  }

  @Option(
      names = "--variant",
      paramLabel = "COLUMN",
      description = "Column that tells the variants apart. Default: ${DEFAULT-VALUE}.")
  private String variant = "variant";

  @Option(
      names = "--control",
      paramLabel = "NAME",
      required = true,
      description = "Its value for the control.")
  private String control;

  @Option(
      names = "--metric",
      paramLabel = "METRIC",
      description =
          "Column whose mean is compared, or NUM/DEN for the ratio of two columns' sums; once per"
              + " metric. Needed with --data.")
  private List<String> metrics = new ArrayList<>();

  @Option(
      names = "--covariate",
      paramLabel = "COLUMN",
      description =
          "Column from before the exposure that takes variance away; once per covariate. The"
              + " adjusted result then decides.")
  private List<String> covariates = new ArrayList<>();

  @Option(
      names = "--adjust",
      paramLabel = "HOW",
      description =
          "How covariates are used: cuped, the same coefficients in all arms, or interacted."
              + " Default: ${DEFAULT-VALUE}.")
  private String adjust = "cuped";

  @Option(
      names = "--segments",
      paramLabel = "COLUMN",
      split = ",",
      description = "Columns whose values are analyzed apart, comma-separated.")
  private List<String> segments = new ArrayList<>();

  @Option(
      names = "--test",
      paramLabel = "TEST",
      description =
          "auto, welch, z, score, chi-square, fisher, poisson, paired, wilcoxon, mann-whitney or"
              + " permutation. Default: ${DEFAULT-VALUE}: welch, and score for rare yes or no.")
  private String test = "auto";

  @Option(
      names = "--cluster",
      paramLabel = "COLUMN",
      description =
          "Column of what was assigned to the variants, if that is not the row: users with a row"
              + " per session. Standard errors are then those of whole clusters.")
  private Optional<String> cluster = Optional.empty();

  @Option(
      names = "--pair",
      paramLabel = "COLUMN",
      description = "Column that both rows of a pair share, for paired and wilcoxon.")
  private Optional<String> pair = Optional.empty();

  @Option(
      names = "--alternative",
      paramLabel = "SIDE",
      description =
          "two-sided, greater or less: the variant than the control. Default: ${DEFAULT-VALUE}.")
  private String alternative = "two-sided";

  @Option(
      names = "--non-inferiority",
      paramLabel = "MARGIN",
      description =
          "Show that the variant is worse by less than this, a number or a share of the control"
              + " such as 2%%; --alternative says which direction is better.")
  private Optional<String> nonInferiority = Optional.empty();

  @Option(
      names = "--equivalence",
      paramLabel = "MARGIN",
      description = "Show that the difference is below this, a number or a share such as 2%%.")
  private Optional<String> equivalence = Optional.empty();

  @Option(
      names = "--alpha",
      paramLabel = "P",
      description = "Level of the family of tests. Default: ${DEFAULT-VALUE}.")
  private double alpha = Defaults.ALPHA;

  @Option(
      names = "--correction",
      paramLabel = "NAME",
      description =
          "Correction for the number of metrics and variants: ${COMPLETION-CANDIDATES}. Default:"
              + " ${DEFAULT-VALUE}.")
  private MultipleTesting correction = MultipleTesting.HOLM;

  @Option(
      names = "--allocation",
      paramLabel = "NAME=SHARE",
      split = ",",
      description = "Planned share of each variant, sum 1. Default: equal.")
  private Map<String, Double> allocation = new LinkedHashMap<>();

  @Option(
      names = "--minimum-units",
      paramLabel = "N",
      description = "With fewer units in an arm nothing is judged. Default: ${DEFAULT-VALUE}.")
  private int minimumUnits = Defaults.MINIMUM_ROWS;

  @Override
  public Integer call() {
    AnalyzeSpec spec = spec();
    Settings settings = master.settings();
    output.start();
    SparkSession spark = settings.open("telltale analyze");
    AnalyzeJob.Result result =
        TerminalProgress.show(
            command, spark, progress -> new AnalyzeJob(spec, progress).run(spark));
    AnalyzeAnswer answer = new AnalyzeAnswer(spec, result);
    output.print(answer.json(), answer::lines);
    return 0;
  }

  private AnalyzeSpec spec() {
    if (source.data != null && metrics.isEmpty()) {
      throw wrong("Missing --metric: which columns are compared");
    }
    if (source.summary != null
        && !(covariates.isEmpty() && segments.isEmpty() && cluster.isEmpty())) {
      throw wrong(
          "--covariate, --segments and --cluster are for --data; a summary has one covariate");
    }
    if (!(alpha > 0 && alpha < 0.5)) {
      throw wrong("--alpha " + alpha + " is not above 0 and below 0.5");
    }
    return new AnalyzeSpec(
        source.data != null ? source.data : source.summary,
        source.summary != null,
        variant,
        control,
        metrics,
        covariates,
        segments,
        cluster,
        pair,
        allocation,
        new ExperimentPolicy(
            method(), hypothesis(), alpha, correction, adjustment(), minimumUnits));
  }

  private TestMethod method() {
    return TestMethod.of(test)
        .orElseThrow(
            () ->
                wrong(
                    "--test "
                        + test
                        + " is none of "
                        + Arrays.stream(TestMethod.values())
                            .map(TestMethod::toString)
                            .collect(Collectors.joining(", "))));
  }

  private Adjustment adjustment() {
    return switch (adjust.toLowerCase(Locale.ROOT)) {
      case "cuped" -> Adjustment.CUPED;
      case "interacted" -> Adjustment.INTERACTED;
      default -> throw wrong("--adjust " + adjust + " is none of cuped, interacted");
    };
  }

  private Hypothesis hypothesis() {
    Alternative side =
        switch (alternative.toLowerCase(Locale.ROOT)) {
          case "two-sided" -> Alternative.TWO_SIDED;
          case "greater" -> Alternative.GREATER;
          case "less" -> Alternative.LESS;
          default ->
              throw wrong("--alternative " + alternative + " is none of two-sided, greater, less");
        };
    if (nonInferiority.isPresent() && equivalence.isPresent()) {
      throw wrong("--non-inferiority and --equivalence exclude each other");
    }
    try {
      if (nonInferiority.isPresent()) {
        String margin = nonInferiority.get();
        return Hypothesis.nonInferiority(side, number(margin), margin.endsWith("%"));
      }
      if (equivalence.isPresent()) {
        String margin = equivalence.get();
        return new Hypothesis(
            Hypothesis.Kind.EQUIVALENCE, side, number(margin), margin.endsWith("%"));
      }
      return Hypothesis.superiority(side);
    } catch (IllegalArgumentException e) {
      throw ExperimentErrors.wrongDesign(e.getMessage());
    }
  }

  private RuntimeException wrong(String problem) {
    return Errors.arguments(problem, command.qualifiedName(), "");
  }

  private double number(String margin) {
    boolean isShare = margin.endsWith("%");
    String text = isShare ? margin.substring(0, margin.length() - 1) : margin;
    try {
      return isShare ? Double.parseDouble(text) / 100 : Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw wrong("The margin " + margin + " is no number, and no share such as 2%");
    }
  }
}
