package dev.telltale.jobs.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.telltale.error.Errors;
import dev.telltale.jobs.suggest.Role;
import dev.telltale.jobs.suggest.SuggestJob;
import dev.telltale.jobs.suggest.SuggestSpec;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code telltale suggest}. */
@Command(
    name = "suggest",
    description =
        "Suggests a first model file from a table of predictions: what its columns are, and"
            + " expectations that held on its last days. Needs no lake.")
final class SuggestCommand implements Callable<Integer> {
  @Spec private CommandSpec command;
  @Mixin private MasterOption master;

  @Option(
      names = "--data",
      paramLabel = "PATH",
      required = true,
      description =
          "A Delta table (PATH@VERSION for an older version) or Parquet, CSV or JSON: a file, a"
              + " directory or a glob.")
  private String data;

  @Option(
      names = "--model",
      paramLabel = "ID",
      description = "Id of the model. Default: what the data calls it, else the path.")
  private Optional<String> model = Optional.empty();

  @Option(
      names = "--event-time",
      paramLabel = "COLUMN",
      description = "When the prediction was made. Default: the timestamp named most like it.")
  private Optional<String> eventTime = Optional.empty();

  @Option(
      names = "--id",
      paramLabel = "COLUMN",
      description = "Id of the prediction. Default: a column that differs in every row.")
  private Optional<String> id = Optional.empty();

  @Option(
      names = "--prediction",
      paramLabel = "COLUMN",
      description = "The answer. Default: told by its name.")
  private Optional<String> prediction = Optional.empty();

  @Option(
      names = "--score",
      paramLabel = "COLUMN",
      description = "The score in 0 to 1. Default: told by its name.")
  private Optional<String> score = Optional.empty();

  @Option(
      names = "--label",
      paramLabel = "COLUMN",
      description = "The truth, if the table has it. Default: told by its name.")
  private Optional<String> label = Optional.empty();

  @Option(
      names = "--model-version",
      paramLabel = "COLUMN",
      description = "Version of the model. Default: told by its name.")
  private Optional<String> modelVersion = Optional.empty();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}, the model file.")
  private SuggestFormat format = SuggestFormat.YAML;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Write the answer here instead of standard output.")
  private Optional<Path> output = Optional.empty();

  /** How the answer is written. */
  enum SuggestFormat {
    YAML,
    JSON;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Override
  public Integer call() {
    Map<Role, String> columns = new EnumMap<>(Role.class);
    eventTime.ifPresent(name -> columns.put(Role.EVENT_TIME, name));
    id.ifPresent(name -> columns.put(Role.ID, name));
    prediction.ifPresent(name -> columns.put(Role.PREDICTION, name));
    score.ifPresent(name -> columns.put(Role.SCORE, name));
    label.ifPresent(name -> columns.put(Role.LABEL, name));
    modelVersion.ifPresent(name -> columns.put(Role.MODEL_VERSION, name));
    // Before the work: a typing error is to cost nothing.
    output.map(file -> file.toAbsolutePath().getParent()).ifPresent(SuggestCommand::require);
    SuggestSpec spec = new SuggestSpec(data, model, columns);
    Settings settings = master.settings();
    SparkSession spark = settings.open("telltale suggest");
    SuggestJob.Result result =
        TerminalProgress.show(
            command, spark, progress -> new SuggestJob(spec, progress).run(spark));
    String text = format == SuggestFormat.JSON ? json(result) + "\n" : result.yaml();
    if (output.isPresent()) {
      write(output.get(), text);
    } else {
      PrintWriter out = command.commandLine().getOut();
      out.print(text);
      out.flush();
    }
    return 0;
  }

  private static ObjectNode json(SuggestJob.Result result) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("rows", result.rows())
        .put("days", result.days())
        .put("days_held_out", result.heldOut());
    ObjectNode roles = json.putObject("roles");
    result.roles().forEach((role, name) -> roles.put(role.name().toLowerCase(Locale.ROOT), name));
    ArrayNode expectations = json.putArray("expectations");
    result
        .expectations()
        .forEach(
            one -> {
              ObjectNode node = expectations.addObject();
              node.put("expectation", one.expectation().expectation());
              node.set(
                  "kwargs",
                  new com.fasterxml.jackson.databind.ObjectMapper()
                      .valueToTree(one.expectation().parameters()));
              node.put("mostly", one.expectation().mostly()).put("because", one.because());
            });
    ArrayNode leftOut = json.putArray("left_out");
    result.leftOut().forEach(leftOut::add);
    json.put("model_file", result.yaml());
    return json;
  }

  private static void require(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw Errors.suggestionNotWritable(
          directory.toString(), new NoSuchFileException("There is no such directory."));
    }
  }

  private static void write(Path file, String text) {
    try {
      Path directory = file.toAbsolutePath().getParent();
      Path whole = Files.createTempFile(directory, ".telltale", ".yaml");
      Files.writeString(whole, text);
      whole.toFile().setReadable(true, false);
      Files.move(
          whole,
          file,
          java.nio.file.StandardCopyOption.ATOMIC_MOVE,
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw Errors.suggestionNotWritable(file.toString(), e);
    }
  }
}
