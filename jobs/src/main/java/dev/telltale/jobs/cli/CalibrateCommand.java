package dev.telltale.jobs.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.telltale.config.Defaults;
import dev.telltale.error.Errors;
import dev.telltale.experiment.Adjustment;
import dev.telltale.experiment.ExperimentPolicy;
import dev.telltale.experiment.Hypothesis;
import dev.telltale.experiment.SplitCalibration;
import dev.telltale.experiment.TestMethod;
import dev.telltale.jobs.analyze.CalibrateJob;
import dev.telltale.stats.Alternative;
import dev.telltale.stats.MultipleTesting;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code telltale calibrate}. */
@Command(
    name = "calibrate",
    description =
        "Tries the tests on your own data: divides units among which nothing was changed into two"
            + " arms a thousand times, and says how often a difference is found. Needs no lake.")
final class CalibrateCommand implements Callable<Integer> {
  @Spec private CommandSpec command;
  @Mixin private MasterOption master;
  @Mixin private OutputOptions output;

  @Option(
      names = "--experiments",
      description = "Calibrate the tests of experiments, those of `analyze`.")
  private boolean experiments;

  @Option(
      names = "--data",
      paramLabel = "PATH",
      required = true,
      description =
          "Rows of units: a Delta table (PATH@VERSION for an older version) or Parquet, CSV or"
              + " JSON: a file, a directory or a glob.")
  private String data;

  @Option(
      names = "--metric",
      paramLabel = "METRIC",
      required = true,
      description =
          "Column whose mean is compared, or NUM/DEN for the ratio of two columns' sums; once per"
              + " metric.")
  private List<String> metrics = new ArrayList<>();

  @Option(
      names = "--covariate",
      paramLabel = "COLUMN",
      description = "Column that the analysis adjusts for; once per covariate.")
  private List<String> covariates = new ArrayList<>();

  @Option(
      names = "--segment",
      paramLabel = "COLUMN",
      description = "Column whose 20 most frequent values are calibrated apart, too.")
  private Optional<String> segment = Optional.empty();

  @Option(
      names = "--cluster",
      paramLabel = "COLUMN",
      description = "Column of what is assigned, if that is not the row.")
  private Optional<String> cluster = Optional.empty();

  @Option(
      names = "--test",
      paramLabel = "TEST",
      description = "auto, welch, z, score, chi-square or fisher. Default: ${DEFAULT-VALUE}.")
  private String test = "auto";

  @Option(
      names = "--alpha",
      paramLabel = "P",
      description = "Level of the test. Default: ${DEFAULT-VALUE}.")
  private double alpha = Defaults.ALPHA;

  @Option(
      names = "--splits",
      paramLabel = "N",
      description = "How often the units are divided. Default: ${DEFAULT-VALUE}.")
  private int splits = 1_000;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Another seed divides otherwise. Default: ${DEFAULT-VALUE}.")
  private long seed = 1;

  @Override
  public Integer call() {
    if (!experiments) {
      throw wrong("Say what is calibrated: --experiments, the only choice so far");
    }
    TestMethod method =
        TestMethod.of(test)
            .filter(TestMethod::isOfSummaries)
            .orElseThrow(
                () ->
                    wrong(
                        "--test "
                            + test
                            + " is none of auto, welch, z, score, chi-square, fisher"));
    if (!(alpha > 0 && alpha < 0.5)) {
      throw wrong("--alpha " + alpha + " is not above 0 and below 0.5");
    }
    if (splits < 100 || splits > 10_000) {
      throw wrong("--splits " + splits + " is not between 100 and 10000");
    }
    ExperimentPolicy policy =
        new ExperimentPolicy(
            method,
            Hypothesis.superiority(Alternative.TWO_SIDED),
            alpha,
            MultipleTesting.HOLM,
            Adjustment.CUPED,
            Defaults.MINIMUM_ROWS);
    Settings settings = master.settings();
    output.start();
    SparkSession spark = settings.open("telltale calibrate");
    List<CalibrateJob.Line> lines =
        TerminalProgress.show(
            command,
            spark,
            progress ->
                new CalibrateJob(
                        data, metrics, covariates, segment, cluster, policy, splits, seed, progress)
                    .run(spark));
    output.print(json(lines), format -> table(lines, format).lines(format));
    return 0;
  }

  private RuntimeException wrong(String problem) {
    return Errors.arguments(problem, command.qualifiedName(), "");
  }

  private ObjectNode json(List<CalibrateJob.Line> lines) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("alpha", alpha).put("splits", splits).put("seed", seed);
    ArrayNode array = json.putArray("calibrations");
    for (CalibrateJob.Line line : lines) {
      SplitCalibration found = line.calibration();
      ObjectNode one = array.addObject();
      one.put("metric", line.metric())
          .put("estimator", line.estimator())
          .put("slice_key", line.segment() == null ? null : segment.orElseThrow())
          .put("slice_value", line.segment())
          .put("splits_tested", found.splits())
          .put("false_positives", found.falsePositives());
      JsonNumber.put(one, "false_positive_rate", found.rate());
      JsonNumber.put(one, "expected_low", found.low());
      JsonNumber.put(one, "expected_high", found.high());
      JsonNumber.put(one, "uniform_p_value", found.uniformPValue());
      JsonNumber.put(one, "coverage", found.coverage());
      one.put("verdict", found.verdict().name()).put("because", found.because());
    }
    return json;
  }

  private static Table table(List<CalibrateJob.Line> lines, Format format) {
    List<List<String>> rows = new ArrayList<>();
    for (CalibrateJob.Line line : lines) {
      SplitCalibration found = line.calibration();
      String units = line.segment() == null ? "all" : line.segment();
      rows.add(
          format == Format.TABLE
              ? List.of(
                  line.metric(), units, line.estimator(), found.verdict().name(), found.because())
              : List.of(
                  line.metric(),
                  units,
                  line.estimator(),
                  Integer.toString(found.splits()),
                  text(found.rate()),
                  text(found.low()),
                  text(found.high()),
                  text(found.uniformPValue()),
                  text(found.coverage()),
                  found.verdict().name()));
    }
    return new Table(
        format == Format.TABLE
            ? List.of("METRIC", "UNITS", "ESTIMATOR", "VERDICT", "BECAUSE")
            : List.of(
                "metric",
                "units",
                "estimator",
                "splits_tested",
                "false_positive_rate",
                "expected_low",
                "expected_high",
                "uniform_p_value",
                "coverage",
                "verdict"),
        rows);
  }

  private static String text(double value) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%.4f", value) : "";
  }
}
