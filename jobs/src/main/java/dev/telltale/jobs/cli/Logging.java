package dev.telltale.jobs.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.util.List;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.config.Configurator;

/** Logs go to standard error and are few. */
final class Logging {
  private static final String OWN = "dev.telltale";

  /** Silent unless asked for: what they say of a failed task is in the message, too. */
  private static final List<String> OF_FAILURES =
      List.of(
          "org.apache.spark.executor.Executor",
          "org.apache.spark.scheduler.TaskSetManager",
          "org.apache.spark.sql.delta.files.DeltaFileFormatWriter",
          "org.apache.spark.util.Utils");

  private Logging() {}

  /**
   * Uses the bundled configuration, also where Spark's own came first: its last words on standard
   * error would be taken for the answer. {@code -Dlog4j2.configurationFile} is left alone.
   */
  static void configure() {
    URL bundled = Logging.class.getResource("/log4j2.properties");
    if (bundled != null && System.getProperty("log4j2.configurationFile") == null) {
      try {
        Configurator.reconfigure(new URI(bundled.toString()));
      } catch (URISyntaxException e) {
        throw new IllegalStateException("A resource has a URI", e);
      }
    }
  }

  /** Logs more: 1 = Telltale in detail, 2 = what Spark does, too, 3 = everything. 0 = no change. */
  static void raise(int verbosity) {
    if (verbosity >= 1) {
      Configurator.setLevel(OWN, Level.DEBUG);
      Level failures = verbosity == 1 ? Level.WARN : verbosity == 2 ? Level.INFO : Level.DEBUG;
      OF_FAILURES.forEach(name -> Configurator.setLevel(name, failures));
    }

    if (verbosity >= 2) {
      Configurator.setRootLevel(verbosity == 2 ? Level.INFO : Level.DEBUG);
    }
  }

  /** Whether the cause of a user error is worth its stack trace. */
  static boolean isVerbose() {
    return LogManager.getLogger(OWN).isDebugEnabled();
  }
}
