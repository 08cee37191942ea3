package dev.telltale.experiment;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Moments of values that tests write down or draw. */
final class Samples {
  private Samples() {}

  /** Of rows one after the other. */
  static CrossMoments moments(int columns, double... values) {
    CrossMoments moments = new CrossMoments(columns);
    for (int at = 0; at < values.length; at += columns) {
      moments.add(Arrays.copyOfRange(values, at, at + columns));
    }
    return moments;
  }

  /** The moments of one column of so many units with so many ones. */
  static CrossMoments binary(long ones, long units) {
    double share = (double) ones / units;
    return CrossMoments.of(
        units, new double[] {share}, new double[][] {{share * (1 - share) * units / (units - 1)}});
  }

  /** The moments of one column. */
  static CrossMoments summary(long units, double mean, double variance) {
    return CrossMoments.of(units, new double[] {mean}, new double[][] {{variance}});
  }

  /** Columns one after the other. */
  static List<Integer> columns(int first, int number) {
    return IntStream.range(first, first + number).boxed().toList();
  }

  /** Standard normal: Box and Muller. */
  static double normal(SplittableRandom random) {
    return Math.sqrt(-2 * Math.log(1 - random.nextDouble()))
        * Math.cos(2 * Math.PI * random.nextDouble());
  }
}
