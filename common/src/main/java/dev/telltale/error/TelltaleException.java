package dev.telltale.error;

/**
 * An error that the user can cause and mend: it carries what is wrong, why, and what to do, and the
 * exit code. Made only by {@link Errors}; every other exception is a defect of ours (exit 1).
 */
public final class TelltaleException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;

  TelltaleException(ExitCode exitCode, String problem, String why, String fix, Throwable cause) {
    super(problem + "\n  why: " + why + "\n  fix: " + fix, cause);
    this.exitCode = exitCode;
  }

  /** The code the process ends with. */
  public ExitCode exitCode() {
    return exitCode;
  }
}
