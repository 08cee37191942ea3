package dev.telltale.experiment;

import java.util.Locale;
import java.util.Optional;

/**
 * The share of the rows at or below a value, with its standard error over units, and its inverse:
 * linear within a bin. Between two edges with the shares F and G a share is (1 - w) F + w G, and
 * its standard error at most (1 - w) s(F) + w s(G), which is what is taken.
 */
final class ShareCurve {
  /**
   * Of an interval, that a single gap between values may take. Where the values are few, such as
   * whole seconds, the quantile moves in steps that the interval does not know of: of arms without
   * a difference up to 21 % were then found to differ, and at most 6 % with this limit.
   */
  private static final double WIDEST_GAP = 0.25;

  private final int[] bins;
  private final long[] rowsUpTo;
  private final long[] squaresUpTo;
  private final long[] productsUpTo;
  private final double rows;
  private final double squares;
  private final long units;

  ShareCurve(QuantileState state) {
    bins = state.usedBins();
    long[][] sums = state.sums(bins);
    rowsUpTo = sums[0];
    squaresUpTo = sums[1];
    productsUpTo = sums[2];
    rows = state.rows();
    squares = state.squares();
    units = state.units();
  }

  QuantileEstimate estimate(double quantile) {
    if (units == 0) {
      return none(quantile, Double.NaN, "it has no rows");
    }
    double value = value(quantile);
    if (units < 2) {
      return none(quantile, value, "one unit has no standard error");
    }
    double error = standardError(quantile);
    double reach = QuantileEstimate.Z * error;
    if (!(error > 0)) {
      return none(quantile, value, "in every unit the same share of the rows is up to it");
    }
    if (!(quantile - reach > 0 && quantile + reach < 1)) {
      return none(
          quantile,
          value,
          String.format(
              Locale.ROOT,
              "its interval runs out of the %,d rows of %,d units",
              (long) rows,
              units));
    }
    double low = value(quantile - reach);
    double high = value(quantile + reach);
    double standardError = (high - low) / (2 * QuantileEstimate.Z);
    if (!(standardError > 0)) {
      return none(quantile, value, "it is 0, and so is its whole interval");
    }
    double gap = widestGap(quantile - reach, quantile + reach);
    if (gap > WIDEST_GAP * (high - low)) {
      return none(
          quantile,
          value,
          String.format(
              Locale.ROOT,
              "of its interval, %s to %s, more than a quarter is a single gap between values",
              Phrases.number(low),
              Phrases.number(high)));
    }
    if (!Double.isFinite(standardError * standardError * units)) {
      return none(quantile, value, "its interval is too wide for a variance");
    }
    return new QuantileEstimate(
        quantile, units, (long) rows, value, low, high, standardError, Optional.empty());
  }

  private QuantileEstimate none(double quantile, double value, String because) {
    return new QuantileEstimate(
        quantile,
        units,
        (long) rows,
        value,
        Double.NaN,
        Double.NaN,
        Double.NaN,
        Optional.of(because));
  }

  /** The smallest value that a share of the rows, above 0, at most 1, is at or below. */
  private double value(double share) {
    int bin = bin(share);
    double low = QuantileState.low(bins[bin]);
    return low + weight(bin, share) * (QuantileState.high(bins[bin]) - low);
  }

  /** Of the values between two shares: the longest stretch without any. */
  private double widestGap(double from, double to) {
    double widest = 0;
    for (int bin = bin(from); bin < bin(to); bin++) {
      widest = Math.max(widest, QuantileState.low(bins[bin + 1]) - QuantileState.high(bins[bin]));
    }
    return widest;
  }

  private double standardError(double share) {
    int bin = bin(share);
    double weight = weight(bin, share);
    return (1 - weight) * errorUpTo(bin - 1) + weight * errorUpTo(bin);
  }

  /** The first bin at whose upper edge the share is reached. */
  private int bin(double share) {
    int low = 0;
    int high = bins.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (rowsUpTo[middle] >= share * rows) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** How far into the bin the share is, 0 to 1. */
  private double weight(int bin, double share) {
    double below = bin == 0 ? 0 : rowsUpTo[bin - 1];
    return Math.min(1, (share * rows - below) / (rowsUpTo[bin] - below));
  }

  /** Delta method of the ratio of two sums over units; 0 below the first bin. */
  private double errorUpTo(int bin) {
    if (bin < 0) {
      return 0;
    }
    double share = rowsUpTo[bin] / rows;
    double residuals = squaresUpTo[bin] - share * (2 * productsUpTo[bin] - share * squares);
    double mean = rows / units;
    return Math.sqrt(Math.max(0, residuals) / units / (units - 1)) / mean;
  }
}
