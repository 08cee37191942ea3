package dev.telltale.jobs.config;

import com.fasterxml.jackson.databind.JsonNode;
import dev.telltale.error.Errors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads a configuration: a directory with {@code telltale.yaml} and {@code models/*.yaml}, or one
 * model file. Every problem of a file is reported at once, with its line.
 */
public final class ConfigReader {
  private final String location;
  private final Map<String, String> environment;
  private final List<String> modelFiles;
  private final Optional<String> deploymentFile;

  private ConfigReader(
      String location,
      Map<String, String> environment,
      List<String> modelFiles,
      Optional<String> deploymentFile) {
    this.location = location;
    this.environment = environment;
    this.modelFiles = modelFiles;
    this.deploymentFile = deploymentFile;
  }

  /**
   * The configuration at {@code location}.
   *
   * @param location directory or model file, local or on any file system that Hadoop knows
   * @param environment variables for <code>${NAME}</code>
   */
  public static ConfigReader of(String location, Map<String, String> environment) {
    try {
      if (ConfigFiles.isDirectory(location)) {
        return new ConfigReader(
            location,
            environment,
            ConfigFiles.yamlFiles(ConfigFiles.child(location, "models")),
            Optional.of(ConfigFiles.child(location, "telltale.yaml")));
      }
    } catch (IOException e) {
      throw Errors.unreadableConfiguration(location, e);
    }

    return new ConfigReader(location, environment, List.of(location), Optional.empty());
  }

  /** What the deployment sets; nothing without {@code telltale.yaml}, or for one model file. */
  public Deployment deployment() {
    List<String> lines = new ArrayList<>();
    Deployment deployment = deployment(lines);
    report(lines);
    return deployment;
  }

  private Deployment deployment(List<String> lines) {
    Optional<String> text = deploymentFile.flatMap(ConfigReader::text);
    if (text.isEmpty()) {
      return Deployment.NONE;
    }

    YamlDocument document = YamlDocument.parse(text.get());
    List<Problem> problems = problems(SchemaCheck.of("telltale"), document);
    if (!problems.isEmpty()) {
      lines.addAll(lines(deploymentFile.get(), problems));
      return Deployment.NONE;
    }

    JsonNode json = document.root();
    return new Deployment(
        Optional.ofNullable(json.path("lake").textValue()),
        Optional.ofNullable(json.path("master").textValue()),
        json.has("verbosity")
            ? OptionalInt.of(json.path("verbosity").intValue())
            : OptionalInt.empty());
  }

  /** All models, checked; the problems of all files are in one message. */
  public List<ModelFile> models() {
    List<String> lines = new ArrayList<>();
    List<ModelFile> models = models(lines);
    report(lines);
    return models;
  }

  /** Checks every file; the problems of all of them are in one message. */
  public List<ModelFile> check() {
    List<String> lines = new ArrayList<>();
    deployment(lines);
    List<ModelFile> models = models(lines);
    report(lines);
    if (models.isEmpty()) {
      throw Errors.noModels(location);
    }

    return models;
  }

  private List<ModelFile> models(List<String> lines) {
    Map<String, ModelFile> models = new LinkedHashMap<>();
    for (String file : modelFiles) {
      model(file, document(file), lines)
          .ifPresent(
              model -> {
                ModelFile other = models.putIfAbsent(model.config().model(), model);
                if (other != null) {
                  throw Errors.duplicateModel(model.config().model(), other.file(), file);
                }
              });
    }

    return List.copyOf(models.values());
  }

  /**
   * One model, checked; the files of other models may have problems.
   *
   * @param id the model; without it there must be exactly one model
   */
  public ModelFile model(Optional<String> id) {
    if (modelFiles.isEmpty()) {
      throw Errors.noModels(location);
    }

    Map<String, YamlDocument> documents = new LinkedHashMap<>();
    List<String> ids = new ArrayList<>();
    for (String file : modelFiles) {
      YamlDocument document = document(file);
      String declared = document.root().path("model").asText();
      ids.add(declared);
      if (id.isEmpty() || id.get().equals(declared)) {
        documents.put(file, document);
      }
    }

    if (documents.size() == 1) {
      String file = documents.keySet().iterator().next();
      List<String> lines = new ArrayList<>();
      Optional<ModelFile> model = model(file, documents.get(file), lines);
      report(lines);
      return model.orElseThrow();
    }

    if (id.isEmpty()) {
      throw Errors.whichModel(location, ids);
    }

    List<String> files = List.copyOf(documents.keySet());
    if (files.isEmpty()) {
      // A file that cannot be read may be the one that was meant.
      models();
      throw Errors.unknownModel(id.get(), location, ids);
    }

    throw Errors.duplicateModel(id.get(), files.get(0), files.get(1));
  }

  private Optional<ModelFile> model(String file, YamlDocument document, List<String> lines) {
    List<Problem> problems = problems(SchemaCheck.of("model"), document);
    if (problems.isEmpty()) {
      problems = ModelRules.problems(ModelMapping.read(document.root(), environment), document);
    }

    lines.addAll(lines(file, problems));
    return problems.isEmpty()
        ? Optional.of(new ModelFile(file, ModelMapping.read(document.root(), environment)))
        : Optional.empty();
  }

  private List<Problem> problems(SchemaCheck schema, YamlDocument document) {
    List<Problem> problems = new ArrayList<>(document.problems());
    if (document.isYaml()) {
      problems.addAll(Environment.replace(environment, schema, document));
      problems.addAll(schema.problems(document));
    }

    return problems;
  }

  private static List<String> lines(String file, List<Problem> problems) {
    return problems.stream()
        .sorted()
        .map(problem -> file + ":" + problem.line() + ": " + problem.text())
        .toList();
  }

  private static void report(List<String> lines) {
    if (!lines.isEmpty()) {
      throw Errors.configuration(lines);
    }
  }

  private YamlDocument document(String file) {
    return YamlDocument.parse(text(file).orElseThrow(() -> Errors.noConfiguration(location)));
  }

  private static Optional<String> text(String file) {
    try {
      return ConfigFiles.read(file);
    } catch (IOException e) {
      throw Errors.unreadableConfiguration(file, e);
    }
  }
}
