package dev.telltale.jobs.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.telltale.error.Errors;
import dev.telltale.jobs.bench.Measured;
import dev.telltale.jobs.bench.NightsBench;
import dev.telltale.jobs.bench.TemporaryDirectory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code telltale bench nights}. */
@Command(
    name = "nights",
    description =
        "Measures whether a night costs more the older the lake is: replays nights on one lake,"
            + " and in turn with its next nights the first night of a fresh lake.")
final class BenchNightsCommand implements Callable<Integer> {
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
  private Optional<Path> data = Optional.empty();

  @Override
  public Integer call() {
    if (nights < 1 || rows < 1 || rounds < 1) {
      throw Errors.arguments("Nights, rows and rounds are at least 1", command.qualifiedName(), "");
    }
    Settings settings = master.settings();
    output.start();
    SparkSession spark = settings.open("telltale bench nights");
    NightsBench.Result result =
        TerminalProgress.show(
            command,
            spark,
            progress ->
                TemporaryDirectory.orElse(
                    data,
                    directory ->
                        new NightsBench(directory, nights, rows, rounds, progress).run(spark)));
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
    String footnote =
        String.format(
            Locale.ROOT,
            "Medians of %d nights each; %,d rows read of a night of %,d.",
            rounds,
            read,
            rows);
    output.print(json, format -> table.lines(format, footnote));
    return 0;
  }

  private static List<String> compare(
      ObjectNode json,
      String name,
      NightsBench.Result result,
      Function<NightsBench.Night, Double> seconds) {
    double first = median(result.first(), seconds);
    double late = median(result.late(), seconds);
    json.put("first_night_seconds", first)
        .put("late_night_seconds", late)
        .put("ratio", late / first);
    return List.of(name, seconds(first), seconds(late), seconds(late / first));
  }

  private static double median(
      List<NightsBench.Night> measured, Function<NightsBench.Night, Double> seconds) {
    return Measured.median(measured.stream().map(seconds).toList());
  }

  private static String seconds(double number) {
    return String.format(Locale.ROOT, "%.2f", number);
  }
}
