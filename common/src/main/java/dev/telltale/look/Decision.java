package dev.telltale.look;

/** What is to be done with a variant. */
public enum Decision {
  /** A primary metric is shown better, none worse, and the guardrails hold. */
  SHIP,
  /** Nothing is decided yet. */
  KEEP_RUNNING,
  /** A guardrail is harmed, or a primary metric shown worse. */
  STOP_FOR_HARM,
  /** The planned effect would probably not be found any more. */
  STOP_FOR_FUTILITY,
  /** The last look has decided nothing. */
  INCONCLUSIVE,
  /** A trust check fails, so nothing can be decided. */
  INVALID;

  /** Whether later looks keep it. */
  public boolean isTerminal() {
    return this != KEEP_RUNNING && this != INVALID;
  }
}
