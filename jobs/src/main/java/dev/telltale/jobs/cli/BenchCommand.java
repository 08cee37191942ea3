package dev.telltale.jobs.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.telltale.error.Errors;
import dev.telltale.jobs.bench.BenchJob;
import dev.telltale.jobs.bench.BenchSpec;
import dev.telltale.jobs.bench.Measured;
import dev.telltale.jobs.bench.NightsBench;
import dev.telltale.jobs.bench.TemporaryDirectory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
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
    subcommands = BenchCommand.Nights.class)
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
    output.print(
        json(result),
        format -> {
          List<String> lines = new ArrayList<>(table(result).lines(format));
          if (format == Format.TABLE) {
            lines.add("");
            lines.add(footnote(result));
          }
          return lines;
        });
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

  /** {@code telltale bench nights}. */
  @Command(
      name = "nights",
      description =
          "Measures whether a night costs more the older the lake is: replays nights on one lake,"
              + " and in turn with its next nights the first night of a fresh lake.")
  static final class Nights implements Callable<Integer> {
    @Spec private CommandSpec command;
    @Mixin private MasterOption master;
    @Mixin private OutputOptions output;

    @Option(
        names = "--nights",
        paramLabel = "N",
        description = "Nights before measuring begins. Default: ${DEFAULT-VALUE}.")
    private int nights = 60;

    @Option(
        names = "--rows",
        paramLabel = "N",
        description = "Rows a night. Default: ${DEFAULT-VALUE}.")
    private long rows = 20_000;

    @Option(
        names = "--rounds",
        paramLabel = "N",
        description = "Nights measured on each lake. Default: ${DEFAULT-VALUE}.")
    private int rounds = 7;

    @Option(
        names = "--data",
        paramLabel = "DIR",
        description = "Keep the lakes here, in a directory that is empty. Default: temporary.")
    private Path data;

    @Override
    public Integer call() {
      if (nights < 1 || rows < 1 || rounds < 1) {
        throw Errors.arguments(
            "Nights, rows and rounds are at least 1", command.qualifiedName(), "");
      }
      Settings settings = master.settings();
      output.start();
      SparkSession spark = settings.open("telltale bench nights");
      Function<Path, NightsBench.Result> bench =
          directory ->
              TerminalProgress.show(
                  command,
                  spark,
                  progress ->
                      new NightsBench(directory, nights, rows, rounds, progress).run(spark));
      NightsBench.Result result =
          data == null ? TemporaryDirectory.with(bench) : bench.apply(data.toAbsolutePath());
      long read = result.late().stream().mapToLong(NightsBench.Night::rowsRead).max().orElseThrow();
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      json.put("job", "bench nights")
          .put("nights", nights)
          .put("rows", rows)
          .put("rounds", rounds)
          .put("late_night_rows_read", read);
      List<List<String>> lines = new ArrayList<>();
      for (String job : result.late().get(0).seconds().keySet()) {
        lines.add(compare(json.putObject(job), job, result, night -> night.seconds().get(job)));
      }
      lines.add(compare(json, "night", result, NightsBench.Night::totalSeconds));
      String late = "NIGHT " + (nights + 1);
      Table table = new Table(List.of("SECONDS", "FIRST NIGHT", late, "RATIO"), lines);
      output.print(
          json,
          format -> {
            List<String> printed = new ArrayList<>(table.lines(format));
            if (format == Format.TABLE) {
              printed.add("");
              printed.add(
                  String.format(
                      Locale.ROOT,
                      "Medians of %d nights each; %,d rows read of a night of %,d.",
                      rounds,
                      read,
                      rows));
            }
            return printed;
          });
      return 0;
    }

    private static List<String> compare(
        ObjectNode json,
        String name,
        NightsBench.Result result,
        ToDoubleFunction<NightsBench.Night> seconds) {
      double first = median(result.first(), seconds);
      double late = median(result.late(), seconds);
      json.put("first_night_seconds", first)
          .put("late_night_seconds", late)
          .put("ratio", late / first);
      return List.of(name, seconds(first), seconds(late), seconds(late / first));
    }

    private static double median(
        List<NightsBench.Night> measured, ToDoubleFunction<NightsBench.Night> seconds) {
      double[] sorted = measured.stream().mapToDouble(seconds).sorted().toArray();
      return sorted[(sorted.length - 1) / 2];
    }

    private static String seconds(double number) {
      return String.format(Locale.ROOT, "%.2f", number);
    }
  }
}
