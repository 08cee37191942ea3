package dev.telltale.sequential;

/**
 * What is fixed before the first look.
 *
 * @param alpha probability of crossing a bound at any look without an effect; above 0, below 1
 * @param sides which effects are looked for; with two each side has half of alpha
 * @param spending how alpha is spread over the information
 */
public record SequentialDesign(double alpha, Sides sides, Spending spending) {
  /**
   * Refuses what is no error rate.
   *
   * @throws IllegalArgumentException if alpha is not between 0 and 1
   */
  public SequentialDesign {
    if (!(alpha > 0 && alpha < 1)) {
      throw new IllegalArgumentException("An alpha of " + alpha);
    }
  }
}
