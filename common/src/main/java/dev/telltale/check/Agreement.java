package dev.telltale.check;

import dev.telltale.config.Check;
import java.util.List;

/** The parameters tolerance and relative_tolerance: two values that say the same. */
final class Agreement {
  private static final double ROUNDING = 1e-9;

  static final Parameter ABSOLUTE = Parameter.optional("tolerance", Parameter.Kind.POSITIVE);
  static final Parameter RELATIVE =
      Parameter.optional("relative_tolerance", Parameter.Kind.POSITIVE);

  private Agreement() {}

  static List<Parameter> parameters() {
    return List.of(ABSOLUTE, RELATIVE);
  }

  /**
   * SQL condition: two values differ by more than both tolerances; without any, numbers by more
   * than their rounding. The relative one is of the larger of the two.
   */
  static String differ(Check.Expectation expectation, boolean numbers, String one, String other) {
    if (!numbers) {
      return one + " != " + other;
    }
    Object absolute = expectation.parameters().getOrDefault("tolerance", 0.0);
    Object relative = expectation.parameters().getOrDefault("relative_tolerance", ROUNDING);
    return "abs(%1$s - %2$s) > greatest(%3$sD, %4$sD * greatest(abs(%1$s), abs(%2$s)))"
        .formatted(one, other, absolute, relative);
  }
}
