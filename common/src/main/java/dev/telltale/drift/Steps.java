package dev.telltale.drift;

import java.util.Arrays;

/**
 * Two empirical distribution functions on common cuts: counts alternately in the open interval
 * below a cut and on the cut, the last one above all cuts. Infinities lie outside.
 */
final class Steps {
  private final double[] cuts;
  private final Side reference;
  private final Side current;

  /** One side. */
  static final class Side {
    final long[] counts;
    final long negativeInfinities;
    final long positiveInfinities;
    final double below;
    final double above;
    final long finite;

    /**
     * A side.
     *
     * @param counts {@code 2 cuts + 1} of them
     * @param negativeInfinities values of negative infinity
     * @param positiveInfinities values of infinity
     * @param below sum of the distances of the values below the lowest cut from it
     * @param above sum of the distances of the values above the highest cut from it
     */
    Side(
        long[] counts,
        long negativeInfinities,
        long positiveInfinities,
        double below,
        double above) {
      this.counts = counts;
      this.negativeInfinities = negativeInfinities;
      this.positiveInfinities = positiveInfinities;
      this.below = below;
      this.above = above;
      this.finite = Arrays.stream(counts).sum();
    }

    long values() {
      return finite + negativeInfinities + positiveInfinities;
    }
  }

  /** A finite value and how far the raw data's may be from it. */
  record Bounded(double value, double errorBound) {}

  Steps(double[] cuts, Side reference, Side current) {
    this.cuts = cuts;
    this.reference = reference;
    this.current = current;
  }

  /** Steps at every value that occurs; the arrays are sorted and finite. */
  static Steps ofSorted(double[] reference, double[] current) {
    double[] all = Arrays.copyOf(reference, reference.length + current.length);
    System.arraycopy(current, 0, all, reference.length, current.length);
    for (int i = 0; i < all.length; i++) {
      all[i] += 0.0; // negative zero is zero
    }
    Arrays.sort(all);
    int distinct = 0;
    for (double value : all) {
      if (distinct == 0 || all[distinct - 1] < value) {
        all[distinct++] = value;
      }
    }
    double[] cuts = Arrays.copyOf(all, distinct);
    return new Steps(
        cuts,
        new Side(countOn(cuts, reference), 0, 0, 0, 0),
        new Side(countOn(cuts, current), 0, 0, 0, 0));
  }

  private static long[] countOn(double[] cuts, double[] sorted) {
    long[] counts = new long[2 * cuts.length + 1];
    int cut = 0;
    for (double value : sorted) {
      while (cuts[cut] < value) {
        cut++;
      }
      counts[2 * cut + 1]++;
    }
    return counts;
  }

  Steps withInfinities(long[] negative, long[] positive) {
    return new Steps(
        cuts,
        new Side(reference.counts, negative[0], positive[0], reference.below, reference.above),
        new Side(current.counts, negative[1], positive[1], current.below, current.above));
  }

  Side reference() {
    return reference;
  }

  Side current() {
    return current;
  }

  int positions() {
    return 2 * cuts.length + 1;
  }

  /** Position of a finite value. */
  int position(double value) {
    int found = Arrays.binarySearch(cuts, value + 0.0);
    return found >= 0 ? 2 * found + 1 : 2 * (-found - 1);
  }

  /** Largest lower bound of the values at a position. */
  double lower(int position) {
    if (position % 2 == 1) {
      return cuts[position / 2];
    }
    return position == 0 ? Double.NEGATIVE_INFINITY : cuts[position / 2 - 1];
  }

  /** Smallest upper bound of the values at a position. */
  double upper(int position) {
    if (position % 2 == 1) {
      return cuts[position / 2];
    }
    return position == positions() - 1 ? Double.POSITIVE_INFINITY : cuts[position / 2];
  }

  /**
   * Kolmogorov-Smirnov statistic at the cuts, never above that of the raw values. Where both sides
   * have values in an open interval, their order in it is unknown and the difference may be larger
   * there: that is the bound. Infinities are values.
   */
  Bounded kolmogorovSmirnov() {
    double n = reference.values();
    double m = current.values();
    long below = reference.negativeInfinities;
    long belowCurrent = current.negativeInfinities;
    double largest = Math.abs(below / n - belowCurrent / m);
    double possible = largest;
    for (int position = 0; position < positions(); position++) {
      long r = reference.counts[position];
      long c = current.counts[position];
      if (r > 0 && c > 0 && position % 2 == 0) {
        possible = Math.max(possible, Math.abs((below + r) / n - belowCurrent / m));
        possible = Math.max(possible, Math.abs(below / n - (belowCurrent + c) / m));
      }
      below += r;
      belowCurrent += c;
      largest = Math.max(largest, Math.abs(below / n - belowCurrent / m));
    }
    return new Bounded(largest, Math.max(0, possible - largest));
  }

  /**
   * Wasserstein-1 distance of the finite values: the area between the distribution functions. In an
   * open interval between cuts it is that of evenly spread values, and the bound is what any other
   * spread could make of it; outside the cuts the sums of distances make it exact where only one
   * side has values.
   */
  Bounded wasserstein() {
    double n = reference.finite;
    double m = current.finite;
    double area = 0;
    double bound = 0;
    double low = reference.below / n;
    double lowCurrent = current.below / m;
    double high = reference.above / n;
    double highCurrent = current.above / m;
    area += Math.abs(low - lowCurrent) + Math.abs(high - highCurrent);
    bound += 2 * (Math.min(low, lowCurrent) + Math.min(high, highCurrent));
    long below = 0;
    long belowCurrent = 0;
    for (int position = 0; position < positions() - 1; position++) {
      long r = reference.counts[position];
      long c = current.counts[position];
      double before = below / n - belowCurrent / m;
      below += r;
      belowCurrent += c;
      if (position % 2 == 0 && position > 0) {
        double width = upper(position) - lower(position);
        double after = below / n - belowCurrent / m;
        double even = evenArea(before, after);
        area += even == 0 ? 0 : width * even;
        if (r > 0 || c > 0) {
          double most = before + r / n;
          double least = before - c / m;
          double largest = Math.max(Math.abs(most), Math.abs(least));
          double smallest = most * least <= 0 ? 0 : Math.min(Math.abs(most), Math.abs(least));
          bound += width * Math.max(largest - even, even - smallest);
        }
      }
    }
    return new Bounded(saturated(area), saturated(bound));
  }

  private static double saturated(double area) {
    return area <= Double.MAX_VALUE ? area : Double.MAX_VALUE;
  }

  /** Mean of the absolute value of a function that goes straight from one value to another. */
  private static double evenArea(double before, double after) {
    if (before * after >= 0) {
      return Math.abs(before + after) / 2;
    }
    return (before * before + after * after) / (2 * Math.abs(before - after));
  }
}
