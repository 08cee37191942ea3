package dev.telltale.experiment;

import java.util.Optional;

/**
 * One metric of one variant against the control.
 *
 * @param metric name of the metric
 * @param variant name of the variant
 * @param estimand columns of the metric in both arms' moments
 * @param control the control's units
 * @param compared the variant's units
 */
public record Comparison(
    String metric, String variant, Estimand estimand, Side control, Side compared) {
  /**
   * One arm's units.
   *
   * @param name of the arm
   * @param moments of the units that have the metric
   * @param missing units that lack it
   * @param negativeDenominators units with a negative denominator
   * @param insufficient why there is no standard error, as the end of a sentence, of an estimate
   *     that may have none, as a quantile; empty where the moments say
   */
  public record Side(
      String name,
      CrossMoments moments,
      long missing,
      long negativeDenominators,
      Optional<String> insufficient) {
    /** Of moments that say all. */
    public Side(String name, CrossMoments moments, long missing, long negativeDenominators) {
      this(name, moments, missing, negativeDenominators, Optional.empty());
    }
  }

  /** A test of the comparison: the level decides how wide its interval is. */
  public interface Test {
    /**
     * The test's outcome.
     *
     * @throws IllegalArgumentException if the test does not suit the data: the message says why
     */
    Inference at(double alpha);
  }
}
