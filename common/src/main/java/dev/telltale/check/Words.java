package dev.telltale.check;

import java.util.Locale;

/** Sentences of results. */
final class Words {
  private static final double PERCENT = 100;
  private static final double WHOLE = 1e15;

  private Words() {}

  static String rows(String what, long unexpected, long values, double mostly) {
    if (values == 0) {
      return "There is no " + what + " to look at.";
    }
    String share =
        unexpected == 0 ? "" : String.format(Locale.ROOT, " (%s %%)", percent(unexpected, values));
    String limit =
        mostly >= 1
            ? "none may be"
            : String.format(Locale.ROOT, "%s %% may be", number(round(PERCENT * (1 - mostly))));
    return String.format(
        Locale.ROOT,
        "%,d of %,d %ss%s are unexpected; %s.",
        unexpected,
        values,
        what,
        share,
        limit);
  }

  private static String percent(long part, long whole) {
    double percent = PERCENT * part / whole;
    return percent < 0.01 ? "under 0.01" : number(Math.round(percent * 100) / 100.0);
  }

  private static double round(double value) {
    return Math.round(value * 1e6) / 1e6;
  }

  /** A number without needless digits. */
  static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < WHOLE
        ? String.format(Locale.ROOT, "%d", (long) value)
        : String.valueOf(value);
  }

  /** A value as a person writes it. */
  static String shown(Object value) {
    return value instanceof Double number ? number(number) : String.valueOf(value);
  }
}
