package dev.telltale.finding;

/** How much a finding matters, least first. */
public enum Severity {
  /** Worth knowing, nothing to do. */
  INFO,
  /** The declared threshold is reached. */
  WARNING,
  /** Far beyond the threshold, or data that cannot be right. */
  CRITICAL;

  private static final double CRITICAL_EXCESS = 2;

  /**
   * The severity of a value that reached its threshold: CRITICAL from twice the threshold on,
   * WARNING below.
   *
   * @param value the value that was judged, in the threshold's unit
   * @param threshold above zero
   */
  public static Severity of(double value, double threshold) {
    return value >= CRITICAL_EXCESS * threshold ? CRITICAL : WARNING;
  }

  /** Whether this matters at least as much as {@code other}. */
  public boolean atLeast(Severity other) {
    return compareTo(other) >= 0;
  }

  /** The one that matters more. */
  public Severity max(Severity other) {
    return atLeast(other) ? this : other;
  }
}
