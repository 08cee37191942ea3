package dev.telltale.jobs.lake;

import dev.telltale.error.Errors;
import dev.telltale.error.TelltaleException;
import java.io.FileNotFoundException;
import java.util.List;

/**
 * Tells what of Spark's failures the user can mend: input that is corrupt, gone or forbidden. What
 * is left is a defect of ours and keeps its stack trace.
 */
public final class SourceErrors {
  private static final List<String> FORBIDDEN =
      List.of("AccessControlException", "AccessDeniedException");
  private static final List<String> UNREADABLE =
      List.of("ParquetDecodingException", "CorruptedFileException", "BadRecordException");
  private static final List<String> UNREADABLE_MESSAGES =
      List.of(
          "is not a Parquet file",
          "Could not read footer",
          "can not read class org.apache.parquet",
          "Encountered error while reading file",
          "FAILED_READ_FILE",
          "could not read page",
          "Failed to read");

  private SourceErrors() {}

  /** The error to report: a {@link TelltaleException} where the user can act, else the failure. */
  public static RuntimeException translate(RuntimeException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof TelltaleException telltale) {
        return telltale;
      }
      String type = cause.getClass().getSimpleName();
      String message = String.valueOf(cause.getMessage());
      if (FORBIDDEN.contains(type) || message.contains("Permission denied")) {
        return Errors.forbidden(firstLine(message), failure);
      }
      if (cause instanceof FileNotFoundException || type.equals("SparkFileNotFoundException")) {
        return Errors.fileGone(firstLine(message), failure);
      }
      if (message.contains("DELTA_CANNOT_CREATE_LOG_PATH")) {
        return Errors.notWritable(firstLine(deepest(cause)), failure);
      }
      if (UNREADABLE.contains(type) || UNREADABLE_MESSAGES.stream().anyMatch(message::contains)) {
        return Errors.unreadable(firstLine(deepest(cause)), failure);
      }
    }
    return failure;
  }

  /** The outer message names the file, the deepest one the reason; both on one line. */
  private static String deepest(Throwable cause) {
    String outer = firstLine(String.valueOf(cause.getMessage()));
    Throwable deepest = cause;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    String inner = firstLine(String.valueOf(deepest.getMessage()));
    return outer.contains(inner) ? outer : outer + " " + inner;
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("");
  }
}
