package dev.telltale.jobs.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.telltale.error.Errors;
import dev.telltale.jobs.bench.BenchJob;
import dev.telltale.jobs.bench.BenchSpec;
import dev.telltale.jobs.bench.Measured;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code telltale bench}. */
@Command(
    name = "bench",
    description =
        "Measures the profile of a synthetic wide table beside the bare scan of its columns, Spark's"
            + " own aggregates and Deequ's analyzers for the same statistics, interleaved in one"
            + " run, and prints ratios.",
    subcommands = {
      BenchCheckCommand.class,
      BenchExperimentsCommand.class,
      BenchNightsCommand.class,
      BenchQualityCommand.class,
      BenchSlicesCommand.class
    })
final class BenchCommand implements Callable<Integer> {
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
      description = "Measured columns, of every type in turn. Default: ${DEFAULT-VALUE}.")
  private int columns = 30;

  @Option(
      names = "--slices",
      paramLabel = "N",
      description =
          "Slices of one more profile of the same table; 0 = none. Default: ${DEFAULT-VALUE}.")
  private int slices = 100;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Rounds that count; one more warms up. Default: ${DEFAULT-VALUE}.")
  private int rounds = 3;

  @Option(
      names = "--without",
      paramLabel = "NAME",
      split = ",",
      description = "Leave out spark, deequ or both, comma-separated: Deequ takes its time.")
  private Set<String> without = new HashSet<>();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Keep the tables here. Default: a temporary directory that is removed.")
  private Optional<Path> data = Optional.empty();

  @Override
  public Integer call() {
    BenchSpec spec = new BenchSpec(rows, columns, slices, rounds, Set.copyOf(without), data);
    check(spec);
    Settings settings = master.settings();
    output.start();
    SparkSession spark = settings.open("telltale bench");
    BenchJob.Result result =
        TerminalProgress.show(command, spark, progress -> new BenchJob(spec, progress).run(spark));
    output.print(json(result), format -> table(result).lines(format, footnote(result)));
    return 0;
  }

  private void check(BenchSpec spec) {
    if (spec.rows() < 1 || spec.columns() < 1 || spec.slices() < 0 || spec.rounds() < 1) {
      throw Errors.arguments(
          "Rows, columns and rounds are at least 1, slices at least 0",
          command.qualifiedName(),
          "");
    }
    for (String name : spec.without()) {
      if (!BenchSpec.OPTIONAL.contains(name)) {
        throw Errors.arguments(
            "--without knows spark and deequ, not " + name, command.qualifiedName(), "");
      }
    }
  }

  private static ObjectNode json(BenchJob.Result result) {
    BenchSpec spec = result.spec();
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("job", "bench")
        .put("rows", spec.rows())
        .put("columns", spec.columns())
        .put("slices", spec.slices())
        .put("rounds", spec.rounds())
        .put("table_bytes", result.bytes())
        .put("cores", result.cores())
        .put("heap_bytes", result.heapBytes());
    ArrayNode contenders = json.putArray("contenders");
    for (Measured measured : result.measured()) {
      ObjectNode one = contenders.addObject();
      one.put("name", measured.name())
          .put("seconds", measured.median())
          .put("seconds_fastest", measured.fastest())
          .put("seconds_slowest", measured.slowest())
          .put("scan_ratio", scanRatio(result, measured))
          .put("rows_per_second", spec.rows() / measured.median())
          .put("peak_heap_bytes", measured.peakHeapBytes())
          .put("answer", measured.answer());
    }
    return json;
  }

  /** Of the medians: the rounds are interleaved, so both have met the same machine. */
  private static double scanRatio(BenchJob.Result result, Measured measured) {
    return measured.median() / result.measured().get(0).median();
  }

  private static Table table(BenchJob.Result result) {
    List<List<String>> lines = new ArrayList<>();
    for (Measured measured : result.measured()) {
      lines.add(
          List.of(
              measured.name(),
              String.format(Locale.ROOT, "%.2f", measured.median()),
              String.format(Locale.ROOT, "%.2f", scanRatio(result, measured)),
              String.format(Locale.ROOT, "%,.0f", result.spec().rows() / measured.median()),
              String.format(Locale.ROOT, "%,.0f", measured.peakHeapBytes() / MEGABYTE)));
    }
    return new Table(List.of("WHAT", "SECONDS", "× SCAN", "ROWS/S", "PEAK HEAP MB"), lines);
  }

  private static String footnote(BenchJob.Result result) {
    return String.format(
        Locale.ROOT,
        "%,d rows x %d columns, %,.0f MB of Parquet, %d cores, heap %,.0f MB, medians of %d.",
        result.spec().rows(),
        result.spec().columns(),
        result.bytes() / MEGABYTE,
        result.cores(),
        result.heapBytes() / MEGABYTE,
        result.spec().rounds());
  }
}
