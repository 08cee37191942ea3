package dev.telltale.stats;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * The exact sum of doubles, whatever their order and however partial sums were merged.
 *
 * <p>A small superaccumulator: Neal 2015, "Fast exact summation using small and large
 * superaccumulators", arXiv:1505.05571. The sum is a number of 32-bit digits of which each is kept
 * in a long, so that carries wait for some hundred additions; here only the digits that occur are
 * kept. An addition takes a few nanoseconds. Terms have to be finite. Not safe for concurrent use.
 */
public final class ExactSum {
  private static final int DIGIT_BITS = 32;
  private static final long DIGIT_MASK = 0xFFFFFFFFL;
  private static final int MANTISSA_BITS = 52;
  private static final long HIDDEN_BIT = 1L << MANTISSA_BITS;
  private static final int EXPONENT_MASK = 0x7FF;

  /** The lowest bit of the lowest digit is 2 to the minus this. */
  private static final int BIAS = 1075;

  /** A term adds less than 2^53 to a digit. */
  private static final int ADDITIONS_BEFORE_CARRY = 1000;

  /** Digits are for 2 to the (32 (first + index) - 1075). */
  private int first;

  private long[] digits = new long[0];
  private int additions;

  /** Zero. */
  public ExactSum() {}

  /** A sum from {@link #first()} and {@link #digits()}. */
  public ExactSum(int first, long[] digits) {
    this.first = first;
    this.digits = digits.clone();
  }

  /**
   * Adds a term.
   *
   * @throws IllegalArgumentException if it is NaN or infinite
   */
  public void add(double term) {
    long bits = Double.doubleToRawLongBits(term);
    int exponent = (int) (bits >>> MANTISSA_BITS) & EXPONENT_MASK;
    long mantissa = bits & (HIDDEN_BIT - 1);
    if (exponent == 0) {
      if (mantissa == 0) {
        return;
      }
      exponent = 1;
    } else if (exponent == EXPONENT_MASK) {
      throw new IllegalArgumentException("Not finite: " + term);
    } else {
      mantissa |= HIDDEN_BIT;
    }
    int shift = exponent & (DIGIT_BITS - 1);
    int index = index(exponent >>> 5);
    long low = (mantissa << shift) & DIGIT_MASK;
    long high = mantissa >>> (DIGIT_BITS - shift);
    if (bits < 0) {
      digits[index] -= low;
      digits[index + 1] -= high;
    } else {
      digits[index] += low;
      digits[index + 1] += high;
    }
    if (++additions == ADDITIONS_BEFORE_CARRY) {
      carry();
    }
  }

  /** Where a digit and the next one are, after making room for them. */
  private int index(int digit) {
    if (digits.length == 0) {
      first = digit;
      digits = new long[2];
    } else if (digit < first) {
      long[] more = new long[digits.length + first - digit];
      System.arraycopy(digits, 0, more, first - digit, digits.length);
      digits = more;
      first = digit;
    } else if (digit + 2 > first + digits.length) {
      digits = Arrays.copyOf(digits, digit + 2 - first);
    }
    return digit - first;
  }

  /** Adds the square of a term, without the rounding of a product. */
  public void addSquare(double term) {
    double square = term * term;
    add(square);
    add(Math.fma(term, term, -square));
  }

  /** Adds another sum. */
  public void add(ExactSum other) {
    if (other.digits.length == 0) {
      return;
    }
    other.carry();
    carry();
    index(other.first);
    index(other.first + other.digits.length - 1);
    for (int i = 0; i < other.digits.length; i++) {
      digits[other.first - first + i] += other.digits[i];
    }
    carry();
  }

  /** Subtracts another sum. */
  public void subtract(ExactSum other) {
    ExactSum negative = new ExactSum(other.first, other.digits);
    for (int i = 0; i < negative.digits.length; i++) {
      negative.digits[i] = -negative.digits[i];
    }
    add(negative);
  }

  /** Brings every digit but the last into 0 to 2^32 - 1; the last has the sign. */
  private void carry() {
    additions = 0;
    for (int i = 0; i < digits.length; i++) {
      long carried = digits[i] >> DIGIT_BITS;
      if (carried == 0) {
        continue;
      }
      if (i == digits.length - 1) {
        if (carried == -1) {
          break;
        }
        digits = Arrays.copyOf(digits, digits.length + 1);
      }
      digits[i] &= DIGIT_MASK;
      digits[i + 1] += carried;
    }
  }

  /**
   * The one form of a sum: without zeros at either end, the sign in a last digit that is not -1.
   */
  private void trim() {
    carry();
    int end = digits.length;
    while (end > 0 && (digits[end - 1] == 0 || (digits[end - 1] == -1 && end > 1))) {
      if (digits[end - 1] == -1) {
        digits[end - 2] -= 1L << DIGIT_BITS;
      }
      end--;
    }
    int start = 0;
    while (start < end && digits[start] == 0) {
      start++;
    }
    digits = Arrays.copyOfRange(digits, start, end);
    first = digits.length == 0 ? 0 : first + start;
  }

  /** Which digit the first of {@link #digits()} is. */
  public int first() {
    trim();
    return first;
  }

  /** The digits; equal sums have equal digits. */
  public long[] digits() {
    trim();
    return digits.clone();
  }

  /** The sum, rounded once; infinite if it is beyond the range of a double. */
  public double value() {
    return digits.length == 0 ? 0 : exact().doubleValue();
  }

  /** The sum without any rounding. */
  public BigDecimal exact() {
    trim();
    BigInteger sum = BigInteger.ZERO;
    for (int i = digits.length - 1; i >= 0; i--) {
      sum = sum.shiftLeft(DIGIT_BITS).add(BigInteger.valueOf(digits[i]));
    }
    int exponent = DIGIT_BITS * first - BIAS;
    if (exponent >= 0) {
      return new BigDecimal(sum.shiftLeft(exponent));
    }
    int zeros = Math.min(-exponent, Math.max(0, sum.getLowestSetBit()));
    int places = -exponent - zeros;
    // x / 2^n = x 5^n / 10^n.
    return new BigDecimal(
        sum.shiftRight(zeros).multiply(BigInteger.valueOf(5).pow(places)), places);
  }
}
