package dev.telltale.quality;

/**
 * One prediction, with its ground truth once that is known; of a ranking one query. Mutable and
 * meant to be reused: a pass fills one in for every row.
 */
public final class Observation {
  /** Whether the ground truth is known. */
  public boolean labelled;

  /** The answer as a number: 0 or 1, a quantity; NaN where it is a class or missing. */
  public double prediction;

  /** The truth as a number. */
  public double label;

  /** The answer as a class. */
  public String predictedClass;

  /** The true class. */
  public String trueClass;

  /** Probability of yes, or of the predicted class; NaN if there is none. */
  public double score;

  /**
   * Of a query, the relevance of each item in the order of the answer, NaN where it is not known
   * yet; null if the items have no order, or belong to no query.
   */
  public double[] relevances;

  /** Predicted quantiles by level, ascending, NaN where one is missing; null if there are none. */
  public double[] quantiles;

  /** Inclusion weight, positive. */
  public double weight = 1;

  /** Microseconds since 1970 when the label arrived. */
  public long labelMicros;

  /** Microseconds from the prediction to the first label. */
  public long delayMicros;
}
