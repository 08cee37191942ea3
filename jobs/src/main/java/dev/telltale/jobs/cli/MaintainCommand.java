package dev.telltale.jobs.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.NightlyJob;
import dev.telltale.jobs.config.ModelFile;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.maintain.EraseJob;
import dev.telltale.jobs.maintain.EraseSpec;
import dev.telltale.jobs.maintain.MaintainJob;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code telltale maintain}. */
@Command(
    name = "maintain",
    description =
        "Drops what is older than `retention` in the model file allows, counted back from --to;"
            + " compacts the small files of nights; deletes files that no row is in any more.",
    subcommands = {MaintainCommand.Erase.class})
final class MaintainCommand extends NightCommand {
  @Override
  List<NightlyJob> jobs(NightSpec spec) {
    return List.of(new MaintainJob());
  }

  @Override
  void print(OutputOptions to, NightAnswer answer, Lake lake) {
    Object tables = answer.outcomes().get(0).result().summary().get("tables");
    to.print(answer.json(), MaintenanceTable.of((List<?>) tables, answer.spec().dryRun())::lines);
  }

  /** {@code telltale maintain erase}. */
  @Command(
      name = "erase",
      description =
          "Erases one subject: its rows in every table of the lake and in the tables that the"
              + " models read, its name where rows are only counted, and all history of these"
              + " tables, which ends time travel before. Nothing may write to them meanwhile."
              + " Running it again is safe.")
  static final class Erase implements Callable<Integer> {
    @Mixin private LakeOption lake;
    @Mixin private OutputOptions output;

    @Option(
        names = "--subject",
        paramLabel = "ID",
        required = true,
        description = "Whose rows: a value of the column.")
    private String subject;

    @Option(
        names = "--column",
        paramLabel = "NAME",
        description =
            "Column of the telemetry that says whose a row is. Default: sampling.unit, else the id"
                + " of the prediction.")
    private Optional<String> column = Optional.empty();

    @Option(
        names = "--model",
        paramLabel = "ID",
        description = "Only the tables of this model. Default: of all models.")
    private Optional<String> model = Optional.empty();

    @Option(names = "--dry-run", description = "Say what would be erased; change nothing.")
    private boolean dryRun;

    @Override
    public Integer call() {
      Settings settings = lake.settings();
      List<ModelFile> models =
          model.isPresent() ? List.of(settings.config().model(model)) : settings.config().check();
      output.start();
      String runId = IntervalOptions.newRunId();
      EraseSpec spec = new EraseSpec(settings.lake(), models, subject, column, runId, dryRun);
      EraseJob.Result result = EraseJob.run(settings.open("telltale maintain erase"), spec);
      ObjectNode answer = JsonNodeFactory.instance.objectNode();
      answer
          .put("run_id", runId)
          .put("job", EraseJob.NAME)
          .put("outcome", dryRun ? "DRY_RUN" : "SUCCEEDED")
          .put("predictions", result.predictions())
          .put("rows_erased", result.rows())
          .put("rows_renamed", result.names());
      answer.set("tables", new ObjectMapper().valueToTree(result.tables()));
      answer.set("files_left", new ObjectMapper().valueToTree(result.filesLeft()));
      Table table = MaintenanceTable.of(result.tables(), dryRun);
      output.print(answer, format -> table.lines(format, words(result)));
      return 0;
    }

    private String words(EraseJob.Result result) {
      List<String> words = new ArrayList<>();
      words.add(
          String.format(
              Locale.ROOT,
              "%,d predictions of the subject%s known; %,d rows %serased,"
                  + " %,d rows of counts %sname it.",
              result.predictions(),
              result.predictions() == 1 ? " is" : " are",
              result.rows(),
              dryRun ? "would be " : "",
              result.names(),
              dryRun ? "" : "no longer "));
      if (!dryRun) {
        words.add("History before is gone: no older version of these tables can be read.");
      }
      for (String file : result.filesLeft()) {
        words.add("It is still named in " + file + ": delete the file, or draw it again.");
      }
      return String.join("\n", words);
    }
  }
}
