package dev.telltale.jobs.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.telltale.config.Defaults;
import dev.telltale.jobs.config.ConfigReader;
import dev.telltale.jobs.config.ModelFile;
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
            "Directory with telltale.yaml and models/*.yaml, or one model file. Also"
                + " TELLTALE_CONFIG; else `conf`.")
    private Optional<String> config = Optional.empty();

    @Override
    public Integer call() {
      output.start();
      Map<String, String> environment = Main.context(spec).environment();
      String location =
          config.or(() -> Settings.variable(environment, Settings.CONFIG)).orElse(Defaults.CONFIG);
      List<ModelFile> models = ConfigReader.of(location, environment).check();
      ObjectNode answer = JsonNodeFactory.instance.objectNode();
      answer.put("job", "config check").put("config", location);
      ArrayNode files = answer.putArray("models");
      for (ModelFile model : models) {
        files
            .addObject()
            .put("model", model.config().model())
            .put("file", model.file())
            .put("config_hash", model.hash());
      }

      output.print(answer, table(models)::lines);
      return 0;
    }

    private static Table table(List<ModelFile> models) {
      return new Table(
          List.of("MODEL", "CONFIG HASH", "FILE"),
          models.stream()
              .map(m -> List.of(m.config().model(), m.hash().substring(0, 12), m.file()))
              .toList());
    }
  }
}
