package dev.telltale.experiment;

import dev.telltale.stats.Alternative;

/**
 * What is to be shown of the difference variant minus control.
 *
 * @param kind superiority, non-inferiority or equivalence
 * @param alternative direction: for superiority which differences count, for non-inferiority which
 *     direction is the better one ({@code GREATER}: higher is better); for equivalence TWO_SIDED
 * @param margin largest difference that does not matter, not negative; 0 for superiority
 * @param isRelative whether the margin is a share of the control's level
 */
public record Hypothesis(Kind kind, Alternative alternative, double margin, boolean isRelative) {
  /** What kind of hypothesis. */
  public enum Kind {
    /** That there is a difference. */
    SUPERIORITY,
    /** That the variant is worse by less than the margin. */
    NON_INFERIORITY,
    /**
     * That the difference is within the margin both ways: two one-sided tests, Schuirmann 1987,
     * doi:10.1007/BF01068419.
     */
    EQUIVALENCE
  }

  /** Checks that the parts agree. */
  public Hypothesis {
    if (!(margin >= 0) || Double.isInfinite(margin)) {
      throw new IllegalArgumentException("A margin is at least 0, not " + margin);
    }
    if (kind != Kind.SUPERIORITY && margin == 0) {
      throw new IllegalArgumentException(kind + " needs a margin above 0");
    }
    if (kind == Kind.NON_INFERIORITY && alternative == Alternative.TWO_SIDED) {
      throw new IllegalArgumentException("Non-inferiority needs to know which direction is better");
    }
    if (kind == Kind.EQUIVALENCE && alternative != Alternative.TWO_SIDED) {
      throw new IllegalArgumentException("Equivalence looks in both directions");
    }
  }

  /**
   * Share of alpha beyond each end of the interval that belongs to the test: half for a difference
   * in either direction; all where one end decides, and for equivalence, which is two such tests.
   */
  double tail(double alpha) {
    return kind == Kind.SUPERIORITY && alternative == Alternative.TWO_SIDED ? alpha / 2 : alpha;
  }

  /** The lower end of the interval: this, or none. */
  double low(double end) {
    return alternative == Alternative.LESS ? Double.NEGATIVE_INFINITY : end;
  }

  /** The upper end of the interval: this, or none. */
  double high(double end) {
    return alternative == Alternative.GREATER ? Double.POSITIVE_INFINITY : end;
  }

  /** That there is a difference in the given direction. */
  public static Hypothesis superiority(Alternative alternative) {
    return new Hypothesis(Kind.SUPERIORITY, alternative, 0, false);
  }

  /** That the variant is worse by less than the margin. */
  public static Hypothesis nonInferiority(Alternative better, double margin, boolean isRelative) {
    return new Hypothesis(Kind.NON_INFERIORITY, better, margin, isRelative);
  }

  /** That the difference is smaller than the margin. */
  public static Hypothesis equivalence(double margin, boolean isRelative) {
    return new Hypothesis(Kind.EQUIVALENCE, Alternative.TWO_SIDED, margin, isRelative);
  }
}
