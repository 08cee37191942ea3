package dev.telltale.jobs.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.telltale.error.Errors;
import dev.telltale.jobs.bench.Measured;
import dev.telltale.jobs.bench.QualityBench;
import dev.telltale.jobs.bench.TemporaryDirectory;
import java.nio.file.Path;
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

/** {@code telltale bench quality}. */
@Command(
    name = "quality",
    description =
        "Measures a night's join and quality of a binary model beside the bare Spark join of the"
            + " same predictions and labels, in turn in one run.")
final class BenchQualityCommand implements Callable<Integer> {
  @Spec private CommandSpec command;
  @Mixin private MasterOption master;
  @Mixin private OutputOptions output;

  @Option(
      names = "--rows",
      paramLabel = "N",
      description = "Predictions, and as many labels. Default: ${DEFAULT-VALUE}.")
  private long rows = 1_000_000;

  @Option(
      names = "--slices",
      paramLabel = "N",
      description = "Values of the slice. Default: ${DEFAULT-VALUE}.")
  private int slices = 50;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Rounds that count; one more warms up. Default: ${DEFAULT-VALUE}.")
  private int rounds = 3;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Keep the lake here, in a directory that is empty. Default: temporary.")
  private Optional<Path> data = Optional.empty();

  @Override
  public Integer call() {
    if (rows < 1 || slices < 1 || rounds < 1) {
      throw Errors.arguments("Rows, slices and rounds are at least 1", command.qualifiedName(), "");
    }
    Settings settings = master.settings();
    output.start();
    SparkSession spark = settings.open("telltale bench quality");
    List<Measured> measured =
        TerminalProgress.show(
            command,
            spark,
            progress ->
                TemporaryDirectory.orElse(
                    data,
                    directory ->
                        new QualityBench(directory, rows, slices, rounds, progress).run(spark)));
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("job", "bench quality")
        .put("rows", rows)
        .put("slices", slices)
        .put("rounds", rounds)
        .put("cores", spark.sparkContext().defaultParallelism());
    Contenders contenders = new Contenders(measured);
    contenders.addTo(json, "join_ratio");
    List<List<String>> lines = measured.stream().map(contenders::cells).toList();
    Table table = new Table(List.of("WHAT", "SECONDS", "× JOIN", "PEAK HEAP MB"), lines);
    String footnote =
        String.format(
            Locale.ROOT,
            "%,d predictions and labels, %d slices, medians of %d.",
            rows,
            slices,
            rounds);
    output.print(json, format -> table.lines(format, footnote));
    return 0;
  }
}
