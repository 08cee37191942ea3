package dev.telltale.stats;

/**
 * Successes among the independent trials of two arms.
 *
 * @param variantSuccesses 0 to {@code variantTrials}
 * @param controlSuccesses 0 to {@code controlTrials}
 */
public record TwoProportions(
    long variantSuccesses, long variantTrials, long controlSuccesses, long controlTrials) {
  /** Refuses counts that cannot be. */
  public TwoProportions {
    if (variantSuccesses < 0
        || variantSuccesses > variantTrials
        || controlSuccesses < 0
        || controlSuccesses > controlTrials) {
      throw new IllegalArgumentException(
          String.format(
              "%d of %d and %d of %d",
              variantSuccesses, variantTrials, controlSuccesses, controlTrials));
    }
  }

  /** Share of the variant's successes; NaN without trials. */
  public double variant() {
    return (double) variantSuccesses / variantTrials;
  }

  /** Share of the control's successes; NaN without trials. */
  public double control() {
    return (double) controlSuccesses / controlTrials;
  }

  /** Whether an arm has no trial. */
  public boolean isEmpty() {
    return variantTrials == 0 || controlTrials == 0;
  }
}
