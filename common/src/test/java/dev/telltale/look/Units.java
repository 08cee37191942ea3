package dev.telltale.look;

import java.util.SplittableRandom;

/** Numbers that tests draw. */
final class Units {
  private Units() {}

  /** Standard normal: Box and Muller. */
  static double normal(SplittableRandom random) {
    return Math.sqrt(-2 * Math.log(1 - random.nextDouble()))
        * Math.cos(2 * Math.PI * random.nextDouble());
  }
}
