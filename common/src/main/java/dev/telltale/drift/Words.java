package dev.telltale.drift;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Numbers as the sentences write them. */
final class Words {
  private static final double SMALLEST_P = 1e-300;

  private Words() {}

  /** Three significant digits, plain; 0.0000123 as 1.23e-05. */
  static String number(double value) {
    if (value == 0) {
      return "0";
    }
    if (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e6) {
      return String.format(Locale.ROOT, "%.2e", value);
    }
    return new BigDecimal(value)
        .round(new MathContext(3, RoundingMode.HALF_UP))
        .stripTrailingZeros()
        .toPlainString();
  }

  /** A p-value. */
  static String p(double value) {
    return value < SMALLEST_P ? "< 1e-300" : number(value);
  }

  /** A share as a percentage. */
  static String percent(double share) {
    return number(100 * share) + " %";
  }

  /** A difference of shares in percentage points. */
  static String points(double change) {
    String number = number(100 * change);
    return number + (number.equals("1") ? " point" : " points");
  }

  /** A count with thousands separators. */
  static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }
}
