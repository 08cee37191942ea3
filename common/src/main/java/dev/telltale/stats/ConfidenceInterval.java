package dev.telltale.stats;

/**
 * The values of a parameter that a test does not reject.
 *
 * @param low lower end; may be negative infinity
 * @param high upper end; may be infinite
 * @param level confidence, 0 to 1
 */
public record ConfidenceInterval(double low, double high, double level) {
  /** Whether the value lies within, ends included; false if NaN. */
  public boolean contains(double value) {
    return low <= value && value <= high;
  }

  static void checkLevel(double level) {
    if (!(level > 0 && level < 1)) {
      throw new IllegalArgumentException("Not a confidence level: " + level);
    }
  }
}
