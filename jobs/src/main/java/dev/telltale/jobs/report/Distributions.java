package dev.telltale.jobs.report;

import dev.telltale.jobs.report.Report.Bin;
import dev.telltale.jobs.report.Report.Distribution;
import dev.telltale.jobs.report.Report.Role;
import dev.telltale.profile.CategoryState;
import dev.telltale.profile.ColumnState;
import dev.telltale.profile.NumericState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Draws two states of a column on the same bins. The bins are for the eye; the metrics are computed
 * on all anchors.
 */
final class Distributions {
  /** A phone is 375 pixels wide; 36 bins are still apart there. */
  private static final int NUMERIC_BINS = 36;

  /** A baseline of at most this many different values has one bar for each. */
  private static final int VALUE_BINS = 36;

  private static final int CATEGORIES = 12;
  private static final int UNSEEN_CATEGORIES = 3;

  /** The outer bins hold this share of the baseline each, so that a long tail leaves room. */
  private static final double TAIL = 0.005;

  private Distributions() {}

  /**
   * Two states side by side; null if one is missing, empty or of another kind.
   *
   * @param reference the grey side
   * @param current the coloured side
   */
  static Distribution of(
      ColumnState reference, ColumnState current, String referenceName, String currentName) {
    if (reference == null || current == null || reference.rows() == 0 || current.rows() == 0) {
      return null;
    }
    List<Bin> bins;
    String kind;
    if (reference instanceof NumericState before && current instanceof NumericState after) {
      kind = "NUMERIC";
      bins = numeric(before, after);
    } else if (reference instanceof CategoryState before
        && current instanceof CategoryState after) {
      kind = "CATEGORICAL";
      bins = categorical(before, after);
    } else {
      return null;
    }
    return new Distribution(
        kind, referenceName, currentName, reference.rows(), current.rows(), List.copyOf(bins));
  }

  private static List<Bin> numeric(NumericState reference, NumericState current) {
    double referenceRows = reference.rows();
    double currentRows = current.rows();
    double[] cuts = reference.anchors().cuts();
    long[] before = reference.counts();
    long[] after = current.counts();
    List<Bin> bins = new ArrayList<>();
    if (cuts.length > 0 && before.length == after.length) {
      double[] edges = cuts.length <= VALUE_BINS ? null : edges(cuts, before);
      double[] left = edges == null ? onValues(before) : spread(cuts, before, edges);
      double[] right = edges == null ? onValues(after) : spread(cuts, after, edges);
      for (int i = 0; i < left.length; i++) {
        // The outer bins hold the tails, too, and say so.
        Double low = edges == null || i == 0 ? cuts[i] : edges[i];
        Double high =
            edges == null ? cuts[i] : i == left.length - 1 ? cuts[cuts.length - 1] : edges[i + 1];
        String label =
            edges == null
                ? Formats.number(low)
                : Formats.number(low) + " to " + Formats.number(high);
        bins.add(
            new Bin(Role.VALUE, label, low, high, left[i] / referenceRows, right[i] / currentRows));
      }
      bins.add(
          new Bin(
              Role.UNSEEN,
              "below " + Formats.number(cuts[0]) + ", the baseline's smallest",
              null,
              null,
              before[0] / referenceRows,
              after[0] / currentRows));
      bins.add(
          new Bin(
              Role.UNSEEN,
              "above " + Formats.number(cuts[cuts.length - 1]) + ", the baseline's largest",
              null,
              null,
              before[before.length - 1] / referenceRows,
              after[after.length - 1] / currentRows));
    }
    double oddBefore = infinite(reference) / referenceRows;
    double oddAfter = infinite(current) / currentRows;
    if (oddBefore > 0 || oddAfter > 0) {
      bins.add(new Bin(Role.INFINITE, "infinite", null, null, oddBefore, oddAfter));
    }
    bins.add(missing(reference, current));
    return bins;
  }

  private static double infinite(NumericState state) {
    return (double) state.negativeInfinities() + state.positiveInfinities();
  }

  private static Bin missing(ColumnState reference, ColumnState current) {
    return new Bin(
        Role.MISSING,
        "missing",
        null,
        null,
        missingRows(reference) / reference.rows(),
        missingRows(current) / current.rows());
  }

  /** NaN is as missing as null. */
  private static double missingRows(ColumnState state) {
    return state.nulls() + (state instanceof NumericState numeric ? (double) numeric.nans() : 0);
  }

  /** Counts per value; what lies between two values of the baseline goes to both halves. */
  private static double[] onValues(long[] counts) {
    double[] bins = new double[counts.length / 2];
    for (int i = 0; i < bins.length; i++) {
      bins[i] = counts[2 * i + 1];
    }
    for (int i = 1; i < bins.length; i++) {
      bins[i - 1] += counts[2 * i] / 2.0;
      bins[i] += counts[2 * i] / 2.0;
    }
    return bins;
  }

  /** Equal steps between the reference's values at the tail shares. */
  private static double[] edges(double[] cuts, long[] counts) {
    double total = 0;
    for (int position = 1; position < counts.length - 1; position++) {
      total += counts[position];
    }
    int low = 0;
    int high = cuts.length - 1;
    double below = counts[1];
    while (low < high && below < TAIL * total) {
      low++;
      below += (double) counts[2 * low] + counts[2 * low + 1];
    }
    double above = counts[2 * high + 1];
    while (high > low && above < TAIL * total) {
      above += (double) counts[2 * high] + counts[2 * high - 1];
      high--;
    }
    if (low == high) {
      low = 0;
      high = cuts.length - 1;
    }
    double[] edges = new double[NUMERIC_BINS + 1];
    for (int i = 0; i <= NUMERIC_BINS; i++) {
      // Not low + i * (high - low) / n: the difference of two values near 1e308 is infinite.
      double share = (double) i / NUMERIC_BINS;
      edges[i] = cuts[low] * (1 - share) + cuts[high] * share;
    }
    return edges;
  }

  /** Counts on equal steps: an open interval is spread evenly, what is beyond an edge piles up. */
  private static double[] spread(double[] cuts, long[] counts, double[] edges) {
    double[] bins = new double[edges.length - 1];
    for (int i = 0; i < cuts.length; i++) {
      bins[bin(cuts[i], edges)] += counts[2 * i + 1];
      if (i > 0 && counts[2 * i] > 0) {
        int first = bin(cuts[i - 1], edges);
        int last = bin(cuts[i], edges);
        double width = cuts[i] / 2 - cuts[i - 1] / 2;
        for (int b = first; b <= last; b++) {
          double from = b == first ? cuts[i - 1] : edges[b];
          double to = b == last ? cuts[i] : edges[b + 1];
          bins[b] +=
              counts[2 * i] * (width == 0 ? 1.0 / (last - first + 1) : (to / 2 - from / 2) / width);
        }
      }
    }
    return bins;
  }

  private static int bin(double value, double[] edges) {
    int low = 0;
    int high = edges.length - 2;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (edges[middle] <= value) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  private static List<Bin> categorical(CategoryState reference, CategoryState current) {
    double referenceRows = reference.rows();
    double currentRows = current.rows();
    List<String> labels = reference.anchors().labels();
    long[] before = reference.known();
    long[] after = current.known();
    List<Integer> shown =
        IntStream.range(0, Math.min(before.length, after.length))
            .boxed()
            .sorted(
                Comparator.comparingDouble(
                    (Integer code) ->
                        -Math.max(before[code] / referenceRows, after[code] / currentRows)))
            .toList();
    List<Bin> bins = new ArrayList<>();
    int kept = shown.size() <= CATEGORIES + 1 ? shown.size() : CATEGORIES;
    shown.stream()
        .limit(kept)
        .sorted(
            Comparator.comparingLong((Integer code) -> -before[code]).thenComparing(code -> code))
        .forEach(
            code ->
                bins.add(
                    new Bin(
                        Role.VALUE,
                        labels.get(code),
                        null,
                        null,
                        before[code] / referenceRows,
                        after[code] / currentRows)));
    if (kept < shown.size()) {
      double restBefore = 0;
      double restAfter = 0;
      for (int code : shown.subList(kept, shown.size())) {
        restBefore += before[code];
        restAfter += after[code];
      }
      bins.add(
          new Bin(
              Role.OTHER,
              Formats.count(shown.size() - kept) + " other categories of the baseline",
              null,
              null,
              restBefore / referenceRows,
              restAfter / currentRows));
    }
    addUnseen(reference, current, bins);
    bins.add(missing(reference, current));
    return bins;
  }

  private static void addUnseen(CategoryState reference, CategoryState current, List<Bin> bins) {
    double referenceRows = reference.rows();
    double currentRows = current.rows();
    double rest = current.unseen();
    int named = 0;
    for (Map.Entry<String, Long> item : current.frequentItems(Integer.MAX_VALUE).entrySet()) {
      if (named < UNSEEN_CATEGORIES && current.anchors().code(item.getKey()) < 0) {
        double count = Math.min(item.getValue(), rest);
        bins.add(new Bin(Role.UNSEEN, "new: " + item.getKey(), null, null, 0, count / currentRows));
        rest -= count;
        named++;
      }
    }
    String label = named == 0 ? "not in the baseline" : "other new categories";
    double before = reference.unseen() / referenceRows;
    if (named == 0 || rest > 0 || before > 0) {
      bins.add(new Bin(Role.UNSEEN, label, null, null, before, Math.max(0, rest) / currentRows));
    }
  }
}
