package dev.telltale.error;

/** Words every error that a user can cause: one method per error; problem, why, fix. */
public final class Errors {
  private Errors() {}

  /** A flag, a key or a value that cannot be used (exit 2). */
  public static TelltaleException usage(String problem, String why, String fix) {
    return new TelltaleException(ExitCode.USAGE, problem, why, fix, null);
  }

  /** Input that is missing or cannot be read (exit 3). */
  public static TelltaleException input(String problem, String why, String fix, Throwable cause) {
    return new TelltaleException(ExitCode.INPUT, problem, why, fix, cause);
  }

  /** {@code --from} is not before {@code --to}. */
  public static TelltaleException emptyInterval(String from, String to) {
    return usage(
        "--from " + from + " is not before --to " + to + ".",
        "The interval is half-open: it starts at --from and ends just before --to.",
        "Give a later --to, for example one day after --from.");
  }
}
