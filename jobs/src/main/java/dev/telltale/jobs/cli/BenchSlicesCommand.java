package dev.telltale.jobs.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.telltale.error.Errors;
import dev.telltale.jobs.bench.Measured;
import dev.telltale.jobs.bench.SlicesBench;
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

/** {@code telltale bench slices}. */
@Command(
    name = "slices",
    description =
        "Measures the search for weak slices beside the bare scan of the same columns, and says"
            + " what it finds of what was planted, and where nothing was.")
final class BenchSlicesCommand implements Callable<Integer> {
  private static final double MEGABYTE = 1e6;

  @Spec private CommandSpec command;
  @Mixin private MasterOption master;
  @Mixin private OutputOptions output;

  @Option(
      names = "--rows",
      paramLabel = "N",
      description = "Rows of the table. Default: ${DEFAULT-VALUE}.")
  private long rows = 1_000_000;

  @Option(
      names = "--columns",
      paramLabel = "N",
      description = "Features, of every type in turn, at least 26. Default: ${DEFAULT-VALUE}.")
  private int columns = 30;

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
    if (rows < 1 || columns < SlicesBench.LEAST_COLUMNS || rounds < 1) {
      throw Errors.arguments(
          "Rows and rounds are at least 1, columns at least " + SlicesBench.LEAST_COLUMNS,
          command.qualifiedName(),
          "");
    }
    Settings settings = master.settings();
    output.start();
    SparkSession spark = settings.open("telltale bench slices");
    SlicesBench.Result result =
        TerminalProgress.show(
            command,
            spark,
            progress ->
                TemporaryDirectory.orElse(
                    data,
                    directory ->
                        new SlicesBench(directory, rows, columns, rounds, progress).run(spark)));
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("job", "bench slices")
        .put("rows", rows)
        .put("columns", columns)
        .put("rounds", rounds)
        .put("cores", spark.sparkContext().defaultParallelism());
    ArrayNode contenders = json.putArray("contenders");
    List<List<String>> lines = new ArrayList<>();
    for (Measured one : result.measured()) {
      contenders
          .addObject()
          .put("name", one.name())
          .put("seconds", one.median())
          .put("peak_heap_bytes", one.peakHeapBytes())
          .put("answer", one.answer());
      lines.add(
          List.of(
              one.name(),
              String.format(Locale.ROOT, "%.2f", one.median()),
              String.format(Locale.ROOT, "%,.0f", one.peakHeapBytes() / MEGABYTE),
              one.answer()));
    }
    result.planted().forEach(json.putArray("planted")::add);
    result.found().forEach(json.putArray("found")::add);
    result.falseFound().forEach(json.putArray("found_where_none_are")::add);
    Table table = new Table(List.of("WHAT", "SECONDS", "PEAK HEAP MB", "COUNTED"), lines);
    List<String> notes = new ArrayList<>();
    result.planted().forEach(one -> notes.add("planted: " + one));
    result.found().forEach(one -> notes.add("found:   " + one));
    notes.add("where none are, found: " + result.falseFound().size());
    output.print(json, format -> table.lines(format, String.join("\n", notes)));
    return 0;
  }
}
