package dev.telltale.experiment;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Rows of units that tests write down or draw, in bins. */
final class Rows {
  private Rows() {}

  /** Adds a unit with some values, in any order. */
  static void add(QuantileState state, double... values) {
    int[] bins = Arrays.stream(values).mapToInt(QuantileState::bin).sorted().toArray();
    long[] counts = new long[bins.length];
    int length = 0;
    for (int bin : bins) {
      if (length == 0 || bins[length - 1] != bin) {
        bins[length++] = bin;
      }
      counts[length - 1]++;
    }
    state.add(bins, counts, length);
  }

  /** A unit per line. */
  static QuantileState of(double[]... units) {
    QuantileState state = new QuantileState();
    for (double[] unit : units) {
      add(state, unit);
    }
    return state;
  }

  /**
   * Units of lognormal rows, half of whose variance in logarithms is that of the units; 1 to 30
   * rows each, on average nine.
   */
  static double[][] clustered(SplittableRandom random, int units) {
    double[][] all = new double[units][];
    for (int unit = 0; unit < units; unit++) {
      int rows = 1;
      while (rows < 30 && random.nextDouble() < 0.9) {
        rows++;
      }
      double own = Math.sqrt(0.5) * Samples.normal(random);
      all[unit] = new double[rows];
      for (int row = 0; row < rows; row++) {
        all[unit][row] = Math.exp(own + Math.sqrt(0.5) * Samples.normal(random));
      }
    }
    return all;
  }
}
