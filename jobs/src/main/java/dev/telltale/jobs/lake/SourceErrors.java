package dev.telltale.jobs.lake;

import dev.telltale.error.Errors;
import dev.telltale.error.TelltaleException;
import java.io.FileNotFoundException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells what of Spark's failures the user can mend: input that is corrupt, gone or forbidden. What
 * is left is a defect of ours and keeps its stack trace.
 */
public final class SourceErrors {
  private static final List<String> FORBIDDEN =
      List.of("AccessControlException", "AccessDeniedException");
  private static final List<String> UNREADABLE =
      List.of(
          "ReadException",
          "ChecksumException",
          "ParquetDecodingException",
          "CorruptedFileException",
          "BadRecordException");
  private static final List<String> UNREADABLE_MESSAGES =
      List.of(
          "is not a Parquet file",
          "Could not read footer",
          "can not read class org.apache.parquet",
          "Encountered error while reading file",
          "FAILED_READ_FILE",
          "could not read page",
          "Failed to read");

  /** How Java and Spark begin a message: with the class of what was thrown, or of the error. */
  private static final Pattern PREFIX =
      Pattern.compile("^(?:[\\w.$]+(?:Exception|Error): |\\[[A-Z_.]+] )+");

  /** A path, and no name of a class of the package org.apache.parquet. */
  private static final Pattern DATA_FILE = Pattern.compile("[^\\s'\"]*/[^\\s'\"]*\\.parquet\\b");

  private SourceErrors() {}

  /** The error to report: a {@link TelltaleException} where the user can act, else the failure. */
  public static RuntimeException translate(RuntimeException failure) {
    List<Throwable> causes = new ArrayList<>();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof TelltaleException telltale) {
        return telltale;
      }
      causes.add(cause);
    }
    // What is forbidden or gone is unreadable, too: the more telling reason goes first.
    Optional<Throwable> forbidden =
        last(
            causes,
            cause -> isOf(FORBIDDEN, cause) || message(cause).contains("Permission denied"));
    if (forbidden.isPresent()) {
      return Errors.forbidden(detail(List.of(forbidden.get())), failure);
    }
    Optional<Throwable> gone =
        last(
            causes,
            cause ->
                cause instanceof FileNotFoundException
                    || isOf(List.of("SparkFileNotFoundException"), cause));
    if (gone.isPresent()) {
      return Errors.fileGone(detail(List.of(gone.get())), failure);
    }
    if (last(causes, cause -> message(cause).contains("DELTA_CANNOT_CREATE_LOG_PATH"))
        .isPresent()) {
      return Errors.notWritable(detail(causes), failure);
    }
    boolean unreadable =
        causes.stream()
            .anyMatch(
                cause ->
                    isOf(UNREADABLE, cause)
                        || UNREADABLE_MESSAGES.stream().anyMatch(message(cause)::contains));
    return unreadable ? Errors.unreadable(detail(causes), failure) : failure;
  }

  private static Optional<Throwable> last(List<Throwable> causes, Predicate<Throwable> wanted) {
    return causes.stream().filter(wanted).reduce((first, second) -> second);
  }

  private static boolean isOf(List<String> types, Throwable cause) {
    return types.contains(cause.getClass().getSimpleName());
  }

  private static String message(Throwable cause) {
    return String.valueOf(cause.getMessage());
  }

  /** The deepest message that there is tells the reason, another one perhaps the file. */
  private static String detail(List<Throwable> causes) {
    String reason =
        last(causes, cause -> cause.getMessage() != null && !cause.getMessage().isBlank())
            .map(cause -> plain(cause.getMessage()))
            .orElse("");
    Optional<String> file = Optional.empty();
    for (Throwable cause : causes) {
      Matcher matcher = DATA_FILE.matcher(message(cause));
      if (matcher.find()) {
        file = Optional.of(matcher.group());
      }
    }
    return file.filter(name -> !reason.contains(name)).map(name -> name + ": ").orElse("") + reason;
  }

  private static String plain(String message) {
    return PREFIX.matcher(message.strip().lines().findFirst().orElse("")).replaceFirst("");
  }
}
