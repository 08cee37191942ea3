package dev.telltale.finding;

/** What was found; where nothing is wrong there is no finding. */
public enum FindingStatus {
  /** Something differs and it matters. */
  FIRING,
  /** Too little data to say; neither good nor bad news. */
  INSUFFICIENT_DATA
}
