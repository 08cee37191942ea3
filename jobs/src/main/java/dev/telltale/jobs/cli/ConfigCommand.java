package dev.telltale.jobs.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.telltale.config.Defaults;
import dev.telltale.jobs.config.ConfigReader;
import dev.telltale.jobs.config.ExperimentFile;
import dev.telltale.jobs.config.ModelFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code telltale config}. */
@Command(
    name = "config",
    description = "Works on the configuration.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = ConfigCommand.Check.class)
final class ConfigCommand {
  /** {@code telltale config check}. */
  @Command(
      name = "check",
      description =
          "Checks every configuration file against the published schema. Says every problem with"
              + " its line, what is allowed and what was probably meant. Starts no Spark.")
  static final class Check implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private OutputOptions output;

    @Option(
        names = "--config",
        paramLabel = "DIR|FILE",
        description =
            "Directory with telltale.yaml, models/*.yaml and experiments/*.yaml, or one model file."
                + " Also TELLTALE_CONFIG; else `conf`.")
    private Optional<String> config = Optional.empty();

    @Override
    public Integer call() {
      output.start();
      Map<String, String> environment = Main.context(spec).environment();
      String location =
          config.or(() -> Settings.variable(environment, Settings.CONFIG)).orElse(Defaults.CONFIG);
      ConfigReader reader = ConfigReader.of(location, environment);
      List<ModelFile> models = reader.check();
      List<ExperimentFile> experiments = reader.experiments();
      ObjectNode answer = JsonNodeFactory.instance.objectNode();
      answer.put("job", "config check").put("config", location);
      ArrayNode modelFiles = answer.putArray("models");
      for (ModelFile model : models) {
        modelFiles
            .addObject()
            .put("model", model.config().model())
            .put("file", model.file())
            .put("config_hash", model.hash());
      }

      ArrayNode experimentFiles = answer.putArray("experiments");
      for (ExperimentFile experiment : experiments) {
        experimentFiles
            .addObject()
            .put("experiment", experiment.config().id())
            .put("model", experiment.config().model())
            .put("file", experiment.file())
            .put("config_hash", experiment.hash());
      }

      output.print(answer, table(models, experiments)::lines);
      return 0;
    }

    private static Table table(List<ModelFile> models, List<ExperimentFile> experiments) {
      List<List<String>> rows = new ArrayList<>();
      models.forEach(m -> rows.add(row(m.config().model(), "", m.hash(), m.file())));
      experiments.forEach(
          e -> rows.add(row(e.config().model(), e.config().id(), e.hash(), e.file())));
      return new Table(List.of("MODEL", "EXPERIMENT", "CONFIG HASH", "FILE"), rows);
    }

    private static List<String> row(String model, String experiment, String hash, String file) {
      return List.of(model, experiment, hash.substring(0, 12), file);
    }
  }
}
