package dev.telltale.check;

/**
 * One expectation cannot be judged: a column is missing or of a type that the expectation is not
 * for. The others are, so this is a result and ends no run.
 */
public final class CheckException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Says in one sentence why. */
  public CheckException(String message) {
    super(message);
  }
}
