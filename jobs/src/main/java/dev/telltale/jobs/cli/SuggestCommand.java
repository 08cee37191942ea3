package dev.telltale.jobs.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.telltale.error.Errors;
import dev.telltale.jobs.suggest.Role;
import dev.telltale.jobs.suggest.SuggestJob;
import dev.telltale.jobs.suggest.SuggestSpec;
import dev.telltale.jobs.suggest.Suggested;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
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
  private static final ObjectMapper JSON = new ObjectMapper();

  @Spec private CommandSpec command;
  @Mixin private MasterOption master;
  @Mixin private OutputOptions output;

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
      names = "--weight",
      paramLabel = "COLUMN",
      description =
          "Inclusion weight, if the rows are a sample. Default: told by its name, such as"
              + " sampling_weight.")
  private Optional<String> weight = Optional.empty();

  @Option(
      names = "--upload-time",
      paramLabel = "COLUMN",
      description =
          "When the row reached the lake. Default: a timestamp that is named like it and that"
              + " event times agree with.")
  private Optional<String> uploadTime = Optional.empty();

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description =
          "Write the model file here, where none may be yet, and answer what is in it. Default:"
              + " the model file is the answer.")
  private Optional<Path> file = Optional.empty();

  @Override
  public Integer call() {
    Map<Role, String> columns = new EnumMap<>(Role.class);
    eventTime.ifPresent(name -> columns.put(Role.EVENT_TIME, name));
    id.ifPresent(name -> columns.put(Role.ID, name));
    prediction.ifPresent(name -> columns.put(Role.PREDICTION, name));
    score.ifPresent(name -> columns.put(Role.SCORE, name));
    label.ifPresent(name -> columns.put(Role.LABEL, name));
    modelVersion.ifPresent(name -> columns.put(Role.MODEL_VERSION, name));
    weight.ifPresent(name -> columns.put(Role.WEIGHT, name));
    uploadTime.ifPresent(name -> columns.put(Role.UPLOAD_TIME, name));
    SuggestSpec spec = new SuggestSpec(data, model, columns);
    Settings settings = master.settings();
    output.start();
    file.ifPresent(SuggestCommand::requirePlace);
    SparkSession spark = settings.open("telltale suggest");
    SuggestJob.Result result =
        TerminalProgress.show(
            command, spark, progress -> new SuggestJob(spec, progress).run(spark));
    file.ifPresent(path -> write(path, result.yaml()));
    if (file.isEmpty() && !output.isFormatGiven()) {
      output.print(json(result), result.yaml());
    } else {
      output.print(
          json(result), format -> format == Format.TABLE ? summary(result) : list(result, format));
    }
    return 0;
  }

  private static void requirePlace(Path file) {
    try {
      WholeFile.requireDirectory(file);
    } catch (IOException e) {
      throw Errors.suggestionNotWritable(file.toString(), e);
    }
    if (Files.exists(file)) {
      throw Errors.suggestionThere(file.toString());
    }
  }

  private static void write(Path file, String text) {
    try {
      WholeFile.write(file, text);
    } catch (IOException e) {
      throw Errors.suggestionNotWritable(file.toString(), e);
    }
  }

  private static ObjectNode json(SuggestJob.Result result) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("rows", result.rows())
        .put("days", result.days())
        .put("days_held_out", result.heldOut());
    ObjectNode roles = json.putObject("roles");
    result
        .roles()
        .forEach(
            (role, chosen) ->
                roles
                    .putObject(role.name().toLowerCase(Locale.ROOT))
                    .put("column", chosen.column())
                    .put("because", chosen.because()));
    ArrayNode expectations = json.putArray("expectations");
    for (Suggested one : result.expectations()) {
      ObjectNode node = expectations.addObject();
      node.put("expectation", one.expectation().expectation());
      node.set("kwargs", JSON.valueToTree(one.expectation().parameters()));
      node.put("mostly", one.expectation().mostly()).put("because", one.because());
    }
    ArrayNode leftOut = json.putArray("left_out");
    result.leftOut().forEach(leftOut::add);
    json.put("model_file", result.yaml());
    return json;
  }

  /** For a person: what was guessed, and how to go on. */
  private List<String> summary(SuggestJob.Result result) {
    List<List<String>> rows = new ArrayList<>();
    result
        .roles()
        .forEach(
            (role, chosen) -> rows.add(List.of(role.words(), chosen.column(), chosen.because())));
    List<String> lines =
        new ArrayList<>(new Table(List.of("WHAT", "COLUMN", "BECAUSE"), rows).lines(Format.TABLE));
    lines.add("");
    lines.add(
        String.format(
            Locale.ROOT,
            "%d expectations from %,d rows; %d more are left out.",
            result.expectations().size(),
            result.rows(),
            result.leftOut().size()));
    file.ifPresent(
        path -> lines.add("Read " + path + ", then: telltale config check --config " + path));
    return lines;
  }

  /** For a spreadsheet: one line an expectation. */
  private static List<String> list(SuggestJob.Result result, Format format) {
    List<List<String>> rows = new ArrayList<>();
    for (Suggested one : result.expectations()) {
      rows.add(
          List.of(
              one.expectation().expectation(),
              one.expectation().text("column").orElse(""),
              JSON.valueToTree(one.expectation().parameters()).toString(),
              Double.toString(one.expectation().mostly()),
              one.because()));
    }
    return new Table(List.of("expectation", "column", "kwargs", "mostly", "because"), rows)
        .lines(format);
  }
}
