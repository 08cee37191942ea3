package dev.telltale.stats;

/**
 * Where the next of some numbers will be, such as tomorrow's mean after those of some days: see
 * {@link PredictionTest#interval}.
 *
 * @param low lower end
 * @param high upper end
 */
public record PredictionInterval(double low, double high) {
  /** How far the ends are apart. */
  public double width() {
    return high - low;
  }
}
