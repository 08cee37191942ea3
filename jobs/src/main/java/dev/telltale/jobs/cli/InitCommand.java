package dev.telltale.jobs.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.Tables;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code telltale init}. */
@Command(
    name = "init",
    description =
        "Creates the result tables of a lake, or adds what a newer version has. Never changes"
            + " rows; run it as often as you like.")
final class InitCommand implements Callable<Integer> {
  @Mixin private LakeOption lake;
  @Mixin private OutputOptions output;

  @Override
  public Integer call() {
    Settings settings = lake.settings();
    output.start();
    SparkSession spark = settings.open("telltale init");
    Lake opened = Lake.at(spark, settings.lake());
    opened.init();
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("job", "init").put("lake", opened.location());
    ObjectNode tables = answer.putObject("tables");
    Arrays.stream(Tables.values())
        .forEach(table -> tables.put(table.tableName(), opened.path(table)));
    output.print(answer, table()::lines);
    return 0;
  }

  private static Table table() {
    List<List<String>> rows =
        Arrays.stream(Tables.values())
            .map(table -> List.of(table.tableName(), table.comment()))
            .toList();
    return new Table(List.of("TABLE", "ONE ROW SAYS"), rows);
  }
}
