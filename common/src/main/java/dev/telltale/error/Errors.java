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

  /** A result table is missing. */
  public static TelltaleException lakeNotInitialised(String lake, String table) {
    return input(
        "The lake " + lake + " has no table " + table + ".",
        "Result tables are created by init only, so that concurrent jobs never race to create one.",
        "Run: telltale init --lake " + lake,
        null);
  }

  /** A table that is not there, or is no Delta table. */
  public static TelltaleException missingTable(String table) {
    return input(
        "There is no Delta table " + table + ".",
        "Nothing is there, or it is not in the Delta format.",
        "Check the name in the model file; a relative path starts at the lake.",
        null);
  }

  /** A version of a table that can no longer be read. */
  public static TelltaleException versionGone(String table, long version, Throwable cause) {
    return input(
        "Version " + version + " of " + table + " cannot be read.",
        String.valueOf(cause.getMessage()).lines().findFirst().orElse(""),
        "Use a version that the table still keeps (DESCRIBE HISTORY), and raise its"
            + " delta.logRetentionDuration and delta.deletedFileRetentionDuration.",
        cause);
  }

  /** The process was told to stop. */
  public static TelltaleException interrupted() {
    return input(
        "Interrupted while waiting to write.",
        "The process was told to stop.",
        "Run it again: nothing was half-written.",
        null);
  }

  /** Alert rules under which no alert could open, or one would close at once. */
  public static TelltaleException alertPolicy(String values) {
    return usage(
        "The alert rules cannot work: " + values + ".",
        "An alert opens when `required` of the last `windows` windows have the finding, and closes"
            + " after `close-after` windows without it.",
        "In the model file give 1 <= required <= windows, close-after >= 1 and cool-down >= 0.");
  }
}
