package dev.telltale.jobs.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.telltale.jobs.demo.DemoJob;
import dev.telltale.jobs.demo.DemoSpec;
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

/** {@code telltale demo}. */
@Command(
    name = "demo",
    description =
        "Shows it on real data: trains a model on the US flights of January and February 2001,"
            + " replays the nights from March on with the jobs of the night, draws the report, and"
            + " says what it found. Running it again changes nothing.")
final class DemoCommand implements Callable<Integer> {
  @Spec private CommandSpec command;
  @Mixin private LakeOption lake;
  @Mixin private OutputOptions output;

  @Option(
      names = "--nights",
      paramLabel = "N",
      description = "Nights to replay, from 1 March 2001 on. Default: ${DEFAULT-VALUE}.")
  private int nights = DemoSpec.DEFAULT_NIGHTS;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "The report, a file that ends in .html. Default: report.html in the lake.")
  private Optional<Path> report = Optional.empty();

  @Override
  public Integer call() {
    Settings settings = lake.settings();
    DemoSpec spec =
        new DemoSpec(
            settings.lake(),
            nights,
            report.orElseGet(() -> Path.of(settings.lake()).resolve("report.html")));
    output.start();
    SparkSession spark = settings.open("telltale demo");
    DemoJob.Result result =
        TerminalProgress.show(command, spark, progress -> new DemoJob(spec, progress).run(spark));
    output.print(
        json(result),
        format -> format == Format.TABLE ? text(result) : found(result).lines(format));
    return 0;
  }

  private static ObjectNode json(DemoJob.Result result) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("job", "demo")
        .put("lake", result.lake())
        .put("config", result.config())
        .put("from", result.from().toString())
        .put("to", result.to().toString())
        .put("nights", result.nights())
        .put("report", result.report().toString());
    result.found().forEach(json.putArray("found")::add);
    ObjectNode queries = json.putObject("queries");
    result.queries().forEach(queries::put);
    return json;
  }

  private static Table found(DemoJob.Result result) {
    return new Table(
        List.of("WHAT " + result.nights() + " NIGHTS FOUND"),
        result.found().stream().map(List::of).toList());
  }

  private static List<String> text(DemoJob.Result result) {
    List<String> lines = new ArrayList<>(found(result).lines(Format.TABLE));
    lines.add("");
    lines.add("The report: " + result.report());
    lines.add("The lake:   " + result.lake() + ", configured in " + result.config());
    lines.add("");
    lines.add("To look further, in spark-sql or a notebook:");
    result
        .queries()
        .forEach(
            (question, sql) -> {
              lines.add("");
              lines.add("-- " + question);
              lines.addAll(sql.lines().toList());
            });
    return lines;
  }
}
