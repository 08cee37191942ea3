package dev.telltale.stats;

import java.util.Arrays;

/** Reads the lists of numbers in the cells of the reference files. */
public final class Numbers {
  private Numbers() {}

  /** Of a cell. */
  public static double[] doubles(String cell) {
    return Arrays.stream(cell.split(" ")).mapToDouble(Double::parseDouble).toArray();
  }

  /** Of a cell. */
  public static long[] counts(String cell) {
    return Arrays.stream(cell.split(" ")).mapToLong(Long::parseLong).toArray();
  }

  /** The number of an alternative, where a cell has two-sided, greater and less. */
  public static double of(String cell, Alternative alternative) {
    double[] numbers = doubles(cell);
    return switch (alternative) {
      case TWO_SIDED -> numbers[0];
      case GREATER -> numbers[1];
      case LESS -> numbers[2];
    };
  }
}
