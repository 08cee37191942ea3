package dev.telltale.jobs.engine;

import org.apache.spark.TaskKilledException;

/** A source that fails while it is read: damaged pages fail in a hundred ways. */
final class ReadException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private ReadException(String message, Throwable cause) {
    super(message, cause);
  }

  /** What to throw for a failure: a task that is told to stop has not failed to read. */
  static RuntimeException of(String file, Throwable failure) {
    if (failure instanceof TaskKilledException killed) {
      return killed;
    }
    String what = file.isEmpty() ? "the source" : file;
    // As a cause it would make Spark end the executor.
    return failure instanceof StackOverflowError
        ? new ReadException(what + ": A page header is nested without end", null)
        : new ReadException("Cannot read " + what, failure);
  }
}
