package dev.telltale.experiment;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The tests that can be asked for. A new one is one more constant and its place in the switch. */
public enum TestMethod {
  /** Welch's t; for zeros and ones with few of either, the score test. */
  AUTO(Input.MOMENTS),
  /** Welch's t: unequal variances. */
  WELCH(Input.MOMENTS),
  /** The same statistic against the normal distribution. */
  Z(Input.MOMENTS),
  /** Miettinen and Nurminen's test of two proportions. */
  SCORE(Input.COUNTS),
  /** Pearson's test of two proportions, without continuity correction. */
  CHI_SQUARE(Input.COUNTS),
  /** Fisher's exact test of two proportions. */
  FISHER(Input.COUNTS),
  /** Conditional exact test of two rates of events. */
  POISSON(Input.COUNTS),
  /** Student's t of the differences of pairs. */
  PAIRED(Input.PAIRS),
  /** Wilcoxon's signed ranks of the differences of pairs. */
  WILCOXON(Input.PAIRS),
  /** Mann and Whitney's ranks. */
  MANN_WHITNEY(Input.VALUES),
  /** Rearrangements of the units over the variants. */
  PERMUTATION(Input.VALUES);

  /** What a test has to know. */
  public enum Input {
    /** Count, means, covariances. */
    MOMENTS,
    /** The same, of counts. */
    COUNTS,
    /** Units that were measured under both variants. */
    PAIRS,
    /** How often each value occurs. */
    VALUES
  }

  private final Input input;

  TestMethod(Input input) {
    this.input = input;
  }

  /** What it has to know. */
  public Input input() {
    return input;
  }

  /** Whether a summary of the arms is enough. */
  public boolean isOfSummaries() {
    return input == Input.MOMENTS || input == Input.COUNTS;
  }

  /** As it is typed: {@code mann-whitney}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The test of a name as typed. */
  public static Optional<TestMethod> of(String name) {
    return Arrays.stream(values()).filter(test -> test.toString().equals(name)).findFirst();
  }
}
