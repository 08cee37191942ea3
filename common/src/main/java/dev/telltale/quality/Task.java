package dev.telltale.quality;

/** What kind of answer a model gives. */
public enum Task {
  /** Yes or no, with or without the probability of yes. */
  BINARY,
  /** One of several classes, with or without its probability. */
  MULTICLASS,
  /** A number. */
  REGRESSION,
  /** Quantiles of a number. */
  FORECAST,
  /** An order of items for each query. */
  RANKING
}
