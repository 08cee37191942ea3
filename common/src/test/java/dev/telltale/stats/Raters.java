package dev.telltale.stats;

import java.util.SplittableRandom;

/**
 * Items of three true classes, and raters who see the true class with a given chance and otherwise
 * one of the others, independently of each other.
 */
final class Raters {
  static final int CLASSES = 3;
  private static final double[] FREQUENCIES = {0.5, 0.3, 0.2};

  private Raters() {}

  static int truth(SplittableRandom random) {
    double drawn = random.nextDouble();
    int truth = 0;
    while (truth < CLASSES - 1 && drawn >= FREQUENCIES[truth]) {
      drawn -= FREQUENCIES[truth++];
    }
    return truth;
  }

  static int rating(SplittableRandom random, int truth, double accuracy) {
    boolean right = random.nextDouble() < accuracy;
    return right ? truth : (truth + 1 + random.nextInt(CLASSES - 1)) % CLASSES;
  }

  /** Kappa of all items there could be, for two raters of these accuracies. */
  static double kappa(double first, double second) {
    double observed = 0;
    double expected = 0;
    for (int rated = 0; rated < CLASSES; rated++) {
      double byFirst = 0;
      double bySecond = 0;
      for (int truth = 0; truth < CLASSES; truth++) {
        double one = truth == rated ? first : (1 - first) / (CLASSES - 1);
        double two = truth == rated ? second : (1 - second) / (CLASSES - 1);
        observed += FREQUENCIES[truth] * one * two;
        byFirst += FREQUENCIES[truth] * one;
        bySecond += FREQUENCIES[truth] * two;
      }
      expected += byFirst * bySecond;
    }
    return (observed - expected) / (1 - expected);
  }
}
