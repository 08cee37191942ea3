package dev.telltale.finding;

/** Where an alert stands after a window. */
public enum AlertStatus {
  /** The finding has been seen, in too few windows to open an alert; nobody is told. */
  PENDING,
  /** Open, and nobody has said that they know. */
  OPEN,
  /** Open, and somebody has said that they know. */
  ACKNOWLEDGED,
  /** Over; kept while the cool-down lasts. */
  CLOSED;

  /** Whether the alert is under way, acknowledged or not. */
  public boolean isActive() {
    return this == OPEN || this == ACKNOWLEDGED;
  }
}
