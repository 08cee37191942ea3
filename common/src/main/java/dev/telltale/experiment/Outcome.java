package dev.telltale.experiment;

/** What one comparison shows. */
public enum Outcome {
  /** The variant is higher than the control. */
  HIGHER,
  /** The variant is lower than the control. */
  LOWER,
  /** The variant is not worse by as much as the margin. */
  NON_INFERIOR,
  /** The difference is within the margin. */
  EQUIVALENT,
  /** Nothing is shown; which is not the absence of a difference. */
  NOT_SHOWN,
  /** Too little data to ask. */
  INSUFFICIENT_DATA,
  /** The data cannot be compared in this way. */
  INVALID
}
