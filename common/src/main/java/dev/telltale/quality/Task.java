package dev.telltale.quality;

/** What is measured: the kind of answer a model gives, or what its users let on. */
public enum Task {
  /** Yes or no, with or without the probability of yes. */
  BINARY,
  /** One of several classes, with or without its probability. */
  MULTICLASS,
  /** A number, with or without quantiles of it. */
  REGRESSION,
  /** The items of a query in an order. */
  RANKING,
  /** How users rate answers. */
  RATING,
  /** How many answers users complain of. */
  COMPLAINT,
  /** How many answers users react to, and how much. */
  REACTION;

  /** Whether a single answer can be a mistake: of a ranking only the order of many is judged. */
  public boolean hasMistakes() {
    return hasTruth() && this != RANKING;
  }

  /** Whether answers are compared with a truth. */
  public boolean hasTruth() {
    return this == BINARY || this == MULTICLASS || this == REGRESSION || this == RANKING;
  }
}
