package dev.telltale.jobs.config;

import com.fasterxml.jackson.databind.JsonNode;
import dev.telltale.error.Errors;
import dev.telltale.error.ExperimentErrors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Reads a configuration: a directory with {@code telltale.yaml}, {@code models/*.yaml} and {@code
 * experiments/*.yaml}, or one model file. Every problem of a file is reported at once, with its
 * line.
 */
public final class ConfigReader {
  private final String location;
  private final Map<String, String> environment;
  private final List<String> modelFiles;
  private final List<String> experimentFiles;
  private final Optional<String> deploymentFile;

  private ConfigReader(
      String location,
      Map<String, String> environment,
      List<String> modelFiles,
      List<String> experimentFiles,
      Optional<String> deploymentFile) {
    this.location = location;
    this.environment = environment;
    this.modelFiles = modelFiles;
    this.experimentFiles = experimentFiles;
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
            ConfigFiles.yamlFiles(ConfigFiles.child(location, "experiments")),
            Optional.of(ConfigFiles.child(location, "telltale.yaml")));
      }
    } catch (IOException e) {
      throw Errors.unreadableConfiguration(location, e);
    }

    return new ConfigReader(location, environment, List.of(location), List.of(), Optional.empty());
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
    List<String> ids = modelFiles.stream().map(file -> declared(document(file))).toList();
    // A file that does not say its model may be the one that an experiment names.
    experiments(document -> true, ids.contains("") ? List.of() : ids, lines);
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
      String declared = declared(document);
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

  /** All experiments, checked; the problems of all files are in one message. */
  public List<ExperimentFile> experiments() {
    return experiments(document -> true);
  }

  /**
   * The experiments that the night of one model looks at, checked; the files of other models may
   * have problems, but not one that does not say its model.
   */
  public List<ExperimentFile> experimentsOf(String model) {
    return experiments(document -> List.of("", model).contains(declared(document)));
  }

  private List<ExperimentFile> experiments(Predicate<YamlDocument> wanted) {
    List<String> lines = new ArrayList<>();
    List<ExperimentFile> experiments = experiments(wanted, List.of(), lines);
    report(lines);
    return experiments;
  }

  /**
   * The experiments without problems.
   *
   * @param models ids of the models that there are; empty = not known
   */
  private List<ExperimentFile> experiments(
      Predicate<YamlDocument> wanted, List<String> models, List<String> lines) {
    List<ExperimentFile> experiments = new ArrayList<>();
    Map<String, String> files = new HashMap<>();
    Set<String> wantedFiles = new HashSet<>();
    for (String file : experimentFiles) {
      YamlDocument document = document(file);
      if (wanted.test(document)) {
        wantedFiles.add(file);
        experiment(file, document, models, lines).ifPresent(experiments::add);
      }
      // An id is that of one experiment, whatever the models.
      String id = document.root().path("experiment").asText();
      String other = id.isEmpty() ? null : files.putIfAbsent(id, file);
      if (other != null && (wantedFiles.contains(file) || wantedFiles.contains(other))) {
        throw ExperimentErrors.duplicateExperiment(id, other, file);
      }
    }

    return List.copyOf(experiments);
  }

  private Optional<ExperimentFile> experiment(
      String file, YamlDocument document, List<String> models, List<String> lines) {
    List<Problem> problems = problems(SchemaCheck.of("experiment"), document);
    if (problems.isEmpty()) {
      problems =
          ExperimentRules.problems(ExperimentMapping.read(document.root()), document, models);
    }

    lines.addAll(lines(file, problems));
    return problems.isEmpty()
        ? Optional.of(new ExperimentFile(file, ExperimentMapping.read(document.root())))
        : Optional.empty();
  }

  /** The model that a file names; empty where it does not. */
  private static String declared(YamlDocument document) {
    return document.root().path("model").asText();
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
