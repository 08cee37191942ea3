package dev.telltale.jobs.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.telltale.error.Errors;
import dev.telltale.jobs.bench.CheckBench;
import dev.telltale.jobs.bench.Measured;
import dev.telltale.jobs.bench.TemporaryDirectory;
import java.nio.file.Path;
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

/** {@code telltale bench check}. */
@Command(
    name = "check",
    description =
        "Measures the check of three tables of twenty expectations each beside Deequ called directly"
            + " with the same analyzers, in turn in one run.")
final class BenchCheckCommand implements Callable<Integer> {
  @Spec private CommandSpec command;
  @Mixin private MasterOption master;
  @Mixin private OutputOptions output;

  @Option(
      names = "--rows",
      paramLabel = "N",
      description = "Rows of each table. Default: ${DEFAULT-VALUE}.")
  private long rows = 1_000_000;

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
    if (rows < 1 || rounds < 1) {
      throw Errors.arguments("Rows and rounds are at least 1", command.qualifiedName(), "");
    }
    Settings settings = master.settings();
    output.start();
    SparkSession spark = settings.open("telltale bench check");
    List<Measured> measured =
        TerminalProgress.show(
            command,
            spark,
            progress ->
                TemporaryDirectory.orElse(
                    data,
                    directory -> new CheckBench(directory, rows, rounds, progress).run(spark)));
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("job", "bench check")
        .put("rows", rows)
        .put("rounds", rounds)
        .put("cores", spark.sparkContext().defaultParallelism());
    Contenders contenders = new Contenders(measured);
    contenders.addTo(json, "deequ_ratio");
    List<List<String>> lines = new ArrayList<>();
    for (Measured one : measured) {
      List<String> cells = new ArrayList<>(contenders.cells(one));
      cells.add(one.answer());
      lines.add(cells);
    }
    Table table = new Table(List.of("WHAT", "SECONDS", "× DEEQU", "PEAK HEAP MB", "ANSWER"), lines);
    String footnote =
        String.format(
            Locale.ROOT,
            "3 tables of %,d rows, 20 expectations each, medians of %d.",
            rows,
            rounds);
    output.print(json, format -> table.lines(format, footnote));
    return 0;
  }
}
