package dev.telltale.stats;

import java.util.function.DoubleUnaryOperator;

/** Root of a monotone function by halving: it needs no smoothness and always ends. */
final class Bisection {
  private static final int STEPS = 200;

  private Bisection() {}

  /**
   * Where a decreasing function crosses zero, to the last digit or 2^-200 of the bracket.
   *
   * @return {@code low} if the function is nowhere positive, {@code high} if nowhere negative
   */
  static double ofDecreasing(DoubleUnaryOperator function, double low, double high) {
    double from = low;
    double to = high;
    for (int step = 0; step < STEPS; step++) {
      double middle = from + (to - from) / 2;
      if (middle <= from || middle >= to) {
        break;
      }
      if (function.applyAsDouble(middle) > 0) {
        from = middle;
      } else {
        to = middle;
      }
    }
    return from + (to - from) / 2;
  }

  /** As {@link #ofDecreasing}, for an increasing function. */
  static double ofIncreasing(DoubleUnaryOperator function, double low, double high) {
    return ofDecreasing(x -> -function.applyAsDouble(x), low, high);
  }
}
