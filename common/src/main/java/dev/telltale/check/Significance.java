package dev.telltale.check;

import dev.telltale.config.Check;

/** The parameter significance: a probability by chance below which an expectation fails. */
final class Significance {
  static final Parameter PARAMETER = Parameter.optional("significance", Parameter.Kind.SHARE);

  /** A check every night of a few years may fail once without a reason. */
  private static final double OTHERWISE = 0.001;

  private Significance() {}

  static double of(Check.Expectation expectation) {
    return Parameter.number(expectation, PARAMETER.name(), OTHERWISE);
  }
}
