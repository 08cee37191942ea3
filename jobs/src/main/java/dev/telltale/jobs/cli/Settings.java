package dev.telltale.jobs.cli;

import dev.telltale.config.Defaults;
import dev.telltale.error.Errors;
import dev.telltale.jobs.config.ConfigReader;
import dev.telltale.jobs.config.Deployment;
import dev.telltale.jobs.lake.Sessions;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/**
 * What a deployment sets once. Precedence: flag, then environment variable, then {@code
 * telltale.yaml}, then {@link Defaults}.
 *
 * @param lake directory of the lake, or {@code CATALOG.SCHEMA}
 * @param config the configuration
 * @param master Spark master, where spark-submit does not set one
 * @param verbosity 0 to 3
 */
record Settings(String lake, ConfigReader config, String master, int verbosity) {
  static final String LAKE = "TELLTALE_LAKE";
  static final String CONFIG = "TELLTALE_CONFIG";
  static final String MASTER = "TELLTALE_MASTER";
  static final String VERBOSITY = "TELLTALE_VERBOSITY";
  static final String RUN_ID = "TELLTALE_RUN_ID";

  /**
   * The settings in effect.
   *
   * @param lake {@code --lake}
   * @param config {@code --config}
   * @param master {@code --master}
   * @param verbosity how often {@code -v} was given
   */
  static Settings of(
      Optional<String> lake,
      Optional<String> config,
      Optional<String> master,
      int verbosity,
      Map<String, String> environment) {
    ConfigReader reader =
        ConfigReader.of(
            config.or(() -> variable(environment, CONFIG)).orElse(Defaults.CONFIG), environment);
    Deployment file = reader.deployment();
    return new Settings(
        lake.or(() -> variable(environment, LAKE)).or(file::lake).orElse(Defaults.LAKE),
        reader,
        master.or(() -> variable(environment, MASTER)).or(file::master).orElse(Defaults.MASTER),
        verbosity(verbosity, environment, file));
  }

  /** The Spark session of these settings. */
  SparkSession open(String appName) {
    Logging.raise(verbosity);
    boolean submitted = Boolean.getBoolean("SPARK_SUBMIT");
    if (!submitted && SparkSession.getDefaultSession().isEmpty()) {
      System.setProperty("spark.master", master);
    }

    return Sessions.open(appName);
  }

  static Optional<String> variable(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  private static int verbosity(int flag, Map<String, String> environment, Deployment file) {
    Optional<String> variable = variable(environment, VERBOSITY);
    if (flag > 0) {
      return Math.min(flag, 3);
    }

    if (variable.isPresent()) {
      if (!variable.get().matches("[0-3]")) {
        throw Errors.badVariable(VERBOSITY, variable.get(), "0, 1, 2 or 3");
      }

      return Integer.parseInt(variable.get());
    }

    return file.verbosity().orElse(Defaults.VERBOSITY);
  }
}
