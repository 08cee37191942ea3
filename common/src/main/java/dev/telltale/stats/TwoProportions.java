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

  /** Standard error of the difference, each arm with its own proportion; NaN without trials. */
  public double standardError() {
    double variant = variant();
    double control = control();
    return Math.sqrt(
        variant * (1 - variant) / variantTrials + control * (1 - control) / controlTrials);
  }

  /** The same if both arms have one proportion, as the null hypothesis says. */
  public double pooledStandardError() {
    double n = variantTrials;
    double m = controlTrials;
    double pooled = ((double) variantSuccesses + controlSuccesses) / (n + m);
    return Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m));
  }

  /** Whether an arm has no trial. */
  public boolean isEmpty() {
    return variantTrials == 0 || controlTrials == 0;
  }
}
