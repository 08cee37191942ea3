package dev.telltale.error;

/** The process exit codes that Airflow and people rely on. */
public enum ExitCode {
  DONE(0),
  INTERNAL(1),
  USAGE(2),
  INPUT(3),
  FINDINGS(4),
  NOTHING_TO_DO(99);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  /** The number the process ends with. */
  public int code() {
    return code;
  }
}
