package dev.telltale.drift;

import java.util.SplittableRandom;

/** Exact draws whose cost does not grow with n, so that a million rows cost what ten do. */
final class Draws {
  /** From this mean on the rejection method's envelope holds. */
  private static final double FEW = 10;

  private static final double HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);
  private static final double[] LOG_FACTORIALS = new double[4096];

  static {
    for (int x = 2; x < LOG_FACTORIALS.length; x++) {
      LOG_FACTORIALS[x] = LOG_FACTORIALS[x - 1] + Math.log(x);
    }
  }

  private final SplittableRandom random;

  Draws(long seed) {
    this.random = new SplittableRandom(seed);
  }

  SplittableRandom random() {
    return random;
  }

  /** Counts of n rows over categories of these probabilities, which need not add up to one. */
  long[] multinomial(long n, double[] weights) {
    double rest = 0;
    for (double weight : weights) {
      rest += weight;
    }
    long[] counts = new long[weights.length];
    long left = n;
    for (int i = 0; i < weights.length && left > 0; i++) {
      boolean last = i == weights.length - 1 || weights[i] >= rest;
      counts[i] = last ? left : binomial(left, weights[i] / rest);
      left -= counts[i];
      rest -= weights[i];
    }
    return counts;
  }

  long binomial(long n, double p) {
    if (p > 0.5) {
      return n - binomial(n, 1 - p);
    }
    return n * p < FEW ? inverted(n, p) : rejected(n, p);
  }

  /** Sequential inversion. */
  private long inverted(long n, double p) {
    double odds = p / (1 - p);
    double probability = Math.exp(n * Math.log1p(-p));
    double u = random.nextDouble();
    long x = 0;
    while (u > probability && x < n) {
      u -= probability;
      x++;
      probability *= (n - x + 1.0) / x * odds;
    }
    return x;
  }

  /** Hörmann's BTRS (1993, doi:10.1080/00949659308811496). */
  private long rejected(long n, double p) {
    double deviation = Math.sqrt(n * p * (1 - p));
    double b = 1.15 + 2.53 * deviation;
    double a = -0.0873 + 0.0248 * b + 0.01 * p;
    double c = n * p + 0.5;
    double certain = 0.92 - 4.2 / b;
    double alpha = (2.83 + 5.1 / b) * deviation;
    double mode = Math.floor((n + 1) * p);
    while (true) {
      double u = random.nextDouble() - 0.5;
      double v = random.nextDouble();
      double us = 0.5 - Math.abs(u);
      double x = Math.floor((2 * a / us + b) * u + c);
      if (us >= 0.07 && v <= certain) {
        return (long) x;
      }
      if (x >= 0 && x <= n) {
        double ratio = logProbability(n, p, x) - logProbability(n, p, mode);
        if (Math.log(v * alpha / (a / (us * us) + b)) <= ratio) {
          return (long) x;
        }
      }
    }
  }

  /** Up to the factor n!. */
  private static double logProbability(long n, double p, double x) {
    return x * Math.log(p / (1 - p)) - logFactorial(x) - logFactorial(n - x);
  }

  private static double logFactorial(double x) {
    if (x < LOG_FACTORIALS.length) {
      return LOG_FACTORIALS[(int) x];
    }
    // Stirling's series; the next term is below 1e-20.
    return (x + 0.5) * Math.log(x) - x + HALF_LOG_TWO_PI + 1 / (12 * x) - 1 / (360 * x * x * x);
  }

  /**
   * The sum of so many standard exponentials; Marsaglia and Tsang (2000, 10.1145/358407.358414).
   */
  double gamma(long shape) {
    if (shape == 1) {
      return random.nextExponential();
    }
    double d = shape - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = random.nextGaussian();
      double t = 1 + c * x;
      if (t > 0) {
        double v = t * t * t;
        if (Math.log(1 - random.nextDouble()) < 0.5 * x * x + d * (1 - v + Math.log(v))) {
          return d * v;
        }
      }
    }
  }
}
