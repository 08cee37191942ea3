package dev.telltale.drift;

/** Outcome of a check. */
public enum VerdictStatus {
  /** Tested and not found, or too small to matter. */
  OK,
  /** Significant in the family and large enough to matter. */
  DRIFT,
  /** Too few rows to tell. */
  INSUFFICIENT_DATA
}
