package dev.telltale.stats;

import java.util.Random;

/**
 * The permutation test of the difference of two means: Pitman (1937, doi:10.2307/2984124). Under
 * the null hypothesis every choice of the variant's units among all is equally likely. SciPy's
 * {@code permutation_test(permutation_type="independent")}.
 *
 * @param difference mean of the variant less that of the control
 * @param pValue 0 to 1; two-sided it is twice the smaller of the one-sided ones
 * @param arrangements that were looked at
 * @param exact whether these were all that there are
 */
public record PermutationTest(double difference, double pValue, long arrangements, boolean exact) {
  /** Up to so many arrangements all are enumerated. */
  public static final long EXACT_LIMIT = 100_000;

  /** Sums within this part of the sum of absolute values are equal: rounding, not a difference. */
  private static final double ROUNDING = 1e-14;

  /**
   * The test. If there are at most {@link #EXACT_LIMIT} arrangements it enumerates them; otherwise
   * it draws, and counts the arrangement seen as one more draw, so that the p-value is valid:
   * Phipson and Smyth (2010, doi:10.2202/1544-6115.1585). Time is the number of arrangements times
   * the size of the smaller sample.
   *
   * @param control finite values
   * @param variant finite values
   * @param draws at least 1
   * @param seed of the draws; the same gives the same p-value
   * @return a difference of NaN and a p-value of 1 if a sample is empty
   * @throws IllegalArgumentException if a value is NaN or infinite
   */
  public static PermutationTest of(
      double[] control, double[] variant, Alternative alternative, int draws, long seed) {
    if (draws < 1) {
      throw new IllegalArgumentException(draws + " draws");
    }
    if (control.length == 0 || variant.length == 0) {
      return new PermutationTest(Double.NaN, 1, 0, true);
    }
    boolean variantIsSmaller = variant.length <= control.length;
    double[] few = variantIsSmaller ? variant : control;
    double[] many = variantIsSmaller ? control : variant;
    Counts counts = new Counts(few, many);
    double total = choose(few.length + many.length, few.length);
    boolean exact = total <= EXACT_LIMIT;
    if (exact) {
      counts.enumerate();
    } else {
      counts.draw(draws, new Random(seed));
    }
    double one = exact ? 0 : 1;
    double of = counts.seen + one;
    double fewGreater = (counts.atLeast + one) / of;
    double fewLess = (counts.atMost + one) / of;
    double pValue =
        switch (variantIsSmaller ? alternative : alternative.reversed()) {
          case TWO_SIDED -> Math.min(1, 2 * Math.min(fewGreater, fewLess));
          case GREATER -> fewGreater;
          case LESS -> fewLess;
        };
    return new PermutationTest(mean(variant) - mean(control), pValue, counts.seen, exact);
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  /** Infinite or nearly so where it is beyond the limit by far. */
  private static double choose(int n, int k) {
    double product = 1;
    for (int i = 1; i <= k && product <= Double.MAX_VALUE / n; i++) {
      product = product * (n - k + i) / i;
    }
    return product;
  }

  /**
   * With the total fixed the difference of means rises with the sum of either sample: it is enough
   * to add up the smaller one.
   */
  private static final class Counts {
    private final double[] values;
    private final int chosen;
    private final double observed;
    private final double tolerance;
    private long atLeast;
    private long atMost;
    private long seen;

    Counts(double[] few, double[] many) {
      values = new double[few.length + many.length];
      chosen = few.length;
      System.arraycopy(few, 0, values, 0, few.length);
      System.arraycopy(many, 0, values, few.length, many.length);
      // Moved near zero, a large mean does not drown the differences.
      double middle = mean(values);
      double absolute = 0;
      for (int i = 0; i < values.length; i++) {
        if (!Double.isFinite(values[i])) {
          throw new IllegalArgumentException("Not a finite value: " + values[i]);
        }
        absolute += Math.abs(values[i]);
        values[i] -= middle;
      }
      tolerance = ROUNDING * absolute;
      double sum = 0;
      for (int i = 0; i < chosen; i++) {
        sum += values[i];
      }
      observed = sum;
    }

    void enumerate() {
      int[] places = new int[chosen];
      for (int i = 0; i < chosen; i++) {
        places[i] = i;
      }
      int moved = 0;
      while (moved >= 0) {
        double sum = 0;
        for (int place : places) {
          sum += values[place];
        }
        count(sum);
        moved = chosen - 1;
        while (moved >= 0 && places[moved] == values.length - chosen + moved) {
          moved--;
        }
        if (moved >= 0) {
          places[moved]++;
          for (int i = moved + 1; i < chosen; i++) {
            places[i] = places[i - 1] + 1;
          }
        }
      }
    }

    /** The beginning of a shuffle by Fisher and Yates. */
    void draw(int draws, Random random) {
      double[] shuffled = values.clone();
      for (int draw = 0; draw < draws; draw++) {
        double sum = 0;
        for (int i = 0; i < chosen; i++) {
          int other = i + random.nextInt(shuffled.length - i);
          double value = shuffled[other];
          shuffled[other] = shuffled[i];
          shuffled[i] = value;
          sum += value;
        }
        count(sum);
      }
    }

    private void count(double sum) {
      atLeast += sum >= observed - tolerance ? 1 : 0;
      atMost += sum <= observed + tolerance ? 1 : 0;
      seen++;
    }
  }
}
