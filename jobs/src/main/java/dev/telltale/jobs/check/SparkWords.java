package dev.telltale.jobs.check;

import java.util.Optional;

/** What Spark says went wrong, in one line. */
final class SparkWords {
  private SparkWords() {}

  /** The innermost message, without its error class and the place in the generated query. */
  static String of(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    String first =
        Optional.ofNullable(cause.getMessage())
            .orElse(cause.toString())
            .lines()
            .filter(line -> !line.isBlank())
            .findFirst()
            .orElse(cause.toString());
    return first
        .replaceFirst("^Job aborted due to stage failure: .*executor [^)]*\\): ", "")
        .replaceFirst("^\\[[A-Z_.0-9]+\\] *", "")
        .strip();
  }
}
