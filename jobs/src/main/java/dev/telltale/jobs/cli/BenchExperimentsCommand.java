package dev.telltale.jobs.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.telltale.error.Errors;
import dev.telltale.jobs.bench.ExperimentBench;
import dev.telltale.jobs.bench.Measured;
import dev.telltale.jobs.bench.TemporaryDirectory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code telltale bench experiments}. */
@Command(
    name = "experiments",
    description =
        "Measures a look at many experiments, one pass for all units, experiments and metrics,"
            + " beside what Spark takes for means and variances alone of the same rows.")
final class BenchExperimentsCommand implements Callable<Integer> {
  @Spec private CommandSpec command;
  @Mixin private MasterOption master;
  @Mixin private OutputOptions output;

  @Option(
      names = "--rows",
      paramLabel = "N",
      description = "Rows of units and days. Default: ${DEFAULT-VALUE}.")
  private long rows = 5_000_000;

  @Option(
      names = "--experiments",
      paramLabel = "N",
      description = "Experiments that every unit is in. Default: ${DEFAULT-VALUE}.")
  private int experiments = 20;

  @Option(
      names = "--metrics",
      paramLabel = "N",
      description = "Metrics of each. Default: ${DEFAULT-VALUE}.")
  private int metrics = 30;

  @Option(
      names = "--pre-days",
      paramLabel = "N",
      description = "Days of covariates; 0 = none. Default: ${DEFAULT-VALUE}.")
  private int preDays = 7;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Rounds that count; one more warms up. Default: ${DEFAULT-VALUE}.")
  private int rounds = 1;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Keep the tables here. Default: a temporary directory that is removed.")
  private Optional<Path> data = Optional.empty();

  @Override
  public Integer call() {
    if (rows < 1 || experiments < 1 || metrics < 1 || preDays < 0 || preDays > 14 || rounds < 1) {
      throw Errors.arguments(
          "Rows, experiments, metrics and rounds are at least 1, pre-days 0 to 14",
          command.qualifiedName(),
          "");
    }
    Settings settings = master.settings();
    output.start();
    SparkSession spark = settings.open("telltale bench experiments");
    Contenders measured =
        new Contenders(
            TerminalProgress.show(
                command,
                spark,
                progress ->
                    TemporaryDirectory.orElse(
                        data,
                        directory ->
                            new ExperimentBench(
                                    directory,
                                    rows,
                                    experiments,
                                    metrics,
                                    preDays,
                                    rounds,
                                    progress)
                                .run(spark))));
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("job", "bench experiments")
        .put("rows", rows)
        .put("experiments", experiments)
        .put("metrics", metrics)
        .put("pre_days", preDays)
        .put("rounds", rounds)
        .put("cores", spark.sparkContext().defaultParallelism());
    measured.addTo(json, "spark_ratio");
    List<List<String>> lines = new ArrayList<>();
    for (Measured one : measured.measured()) {
      List<String> line = new ArrayList<>(measured.cells(one));
      line.add(one.answer());
      lines.add(line);
    }
    Table table = new Table(List.of("WHAT", "SECONDS", "RATIO", "PEAK HEAP MB", "COUNTED"), lines);
    output.print(json, table::lines);
    return 0;
  }
}
