package dev.telltale.jobs.bench;

import java.util.List;

/**
 * What a contender took.
 *
 * @param name name of the contender
 * @param seconds wall time of each round, in order
 * @param peakHeapBytes most heap that was in use after a garbage collection
 * @param answer what it returned
 */
public record Measured(String name, List<Double> seconds, long peakHeapBytes, String answer) {
  /** Middle of the rounds; of an even number the lower of the two. */
  public double median() {
    return median(seconds);
  }

  /** Middle of some numbers, at least one; of an even number the lower of the two. */
  public static double median(List<Double> numbers) {
    return numbers.stream().sorted().toList().get((numbers.size() - 1) / 2);
  }

  /** The quickest round. */
  public double fastest() {
    return seconds.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
  }

  /** The slowest round. */
  public double slowest() {
    return seconds.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
  }
}
