package dev.telltale.stats;

import java.util.Arrays;

/** Reads the lists of numbers in the cells of the reference files. */
final class Numbers {
  private Numbers() {}

  static double[] doubles(String cell) {
    return Arrays.stream(cell.split(" ")).mapToDouble(Double::parseDouble).toArray();
  }

  static long[] counts(String cell) {
    return Arrays.stream(cell.split(" ")).mapToLong(Long::parseLong).toArray();
  }
}
