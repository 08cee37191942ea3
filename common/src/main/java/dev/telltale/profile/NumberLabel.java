package dev.telltale.profile;

import java.math.BigDecimal;
import java.math.MathContext;

/** A number as people read it in the name of a bin: four digits, whole numbers in full. */
public final class NumberLabel {
  private static final MathContext DIGITS = new MathContext(4);

  private NumberLabel() {}

  /** The label; of an infinity its sign and ∞. */
  public static String of(double value) {
    if (Double.isInfinite(value)) {
      return value > 0 ? "∞" : "-∞";
    }
    if (value == Math.rint(value) && Math.abs(value) < 1e7) {
      return Long.toString((long) value);
    }
    BigDecimal rounded = new BigDecimal(value).round(DIGITS).stripTrailingZeros();
    int exponent = rounded.precision() - rounded.scale() - 1;
    return exponent < -4 || exponent > 7 ? rounded.toString() : rounded.toPlainString();
  }
}
