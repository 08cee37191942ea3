package dev.telltale.sampling;

import java.util.Arrays;

/**
 * Probabilities of drawing items by how much they matter: a share of the draw goes to all items
 * alike, so that none has probability zero, the rest in proportion to size.
 *
 * <p>Items are then drawn independently of each other (Poisson sampling: Särndal, Swensson and
 * Wretman, Model Assisted Survey Sampling (1992), section 3.5), so that a sum over the drawn ones
 * of values, each divided by its probability, has the sum over all items as its expectation
 * (Horvitz and Thompson 1952, doi:10.1080/01621459.1952.10483446).
 */
public final class InclusionProbabilities {
  private InclusionProbabilities() {}

  /**
   * The probability of an item of each size, above 0 and at most 1; they add up to the budget over
   * all items, or to the number of items where there are fewer. In time proportional to the square
   * of the number of sizes.
   *
   * @param counts number of items of each size, not negative
   * @param sizes how much an item matters, finite and not negative, in any unit
   * @param budget number of items to expect, above 0
   * @param randomShare part of the budget that goes to all items alike, above 0 and at most 1
   * @throws IllegalArgumentException if an argument is out of range
   */
  public static double[] of(long[] counts, double[] sizes, double budget, double randomShare) {
    if (counts.length != sizes.length || !(budget > 0) || !(randomShare > 0 && randomShare <= 1)) {
      throw new IllegalArgumentException(
          counts.length + " counts, " + sizes.length + " sizes, " + budget + ", " + randomShare);
    }
    long items = 0;
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] < 0 || !(sizes[i] >= 0 && sizes[i] < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(counts[i] + " items of size " + sizes[i]);
      }
      items += counts[i];
    }
    double[] probabilities = new double[counts.length];
    Arrays.fill(probabilities, 1);
    if (items <= budget) {
      return probabilities;
    }
    boolean[] certain = new boolean[counts.length];
    double alike = randomShare * budget / items;
    boolean changed = true;
    // Whoever would have more than certainty has certainty, and the others share what is left.
    while (changed) {
      changed = false;
      double left = budget;
      double others = 0;
      double mass = 0;
      for (int i = 0; i < counts.length; i++) {
        left -= certain[i] ? counts[i] : 0;
        others += certain[i] ? 0 : counts[i];
        mass += certain[i] ? 0 : counts[i] * sizes[i];
      }
      double base = mass > 0 ? alike : left / others;
      double perSize = mass > 0 ? (left - alike * others) / mass : 0;
      for (int i = 0; i < counts.length; i++) {
        if (!certain[i]) {
          probabilities[i] = Math.min(1, base + perSize * sizes[i]);
          certain[i] = probabilities[i] == 1;
          changed |= certain[i];
        }
      }
    }
    return probabilities;
  }
}
