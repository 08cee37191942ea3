package dev.telltale.jobs.cli;

import java.util.Map;

/**
 * What surrounds a command.
 *
 * @param environment environment variables
 * @param terminal whether a person looks at the output
 */
public record RunContext(Map<String, String> environment, boolean terminal) {
  /** That of this process. On Java 17 there is a console only if input and output are terminals. */
  @SuppressWarnings("SystemConsoleNull")
  public static RunContext ofProcess() {
    return new RunContext(System.getenv(), System.console() != null);
  }
}
