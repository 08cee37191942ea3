package dev.telltale.drift;

import dev.telltale.profile.NumberLabel;
import java.util.ArrayList;
import java.util.List;

/**
 * Bins of a numeric column: up to ten of equal frequency in the reference, one below and one above
 * all of it, which take the infinities, and one for missing values.
 *
 * <p>A bin ends at the first value, or open interval between cuts, at which the reference's
 * cumulative count reaches a tenth more of it. A value with more than a tenth fills its bin, so
 * there may be fewer. The window's values have no say in the bins.
 */
final class NumericBins {
  private static final int BINS = 10;

  private final Steps steps;
  private final double n;
  private final double m;
  private final List<Bins.Bin> bins = new ArrayList<>();

  private NumericBins(Steps steps, long referenceRows, long currentRows) {
    this.steps = steps;
    this.n = Math.max(1, referenceRows);
    this.m = Math.max(1, currentRows);
  }

  static Bins of(Steps steps, long referenceMissing, long currentMissing) {
    Steps.Side reference = steps.reference();
    Steps.Side current = steps.current();
    NumericBins builder =
        new NumericBins(
            steps, reference.values() + referenceMissing, current.values() + currentMissing);
    if (reference.finite > 0) {
      builder.addAll(reference, current);
    } else {
      builder.add(Bins.Kind.VALUES, "any value", reference.values(), current.values());
    }
    builder.add(Bins.Kind.MISSING, "missing", referenceMissing, currentMissing);
    return new Bins(builder.bins);
  }

  private void addAll(Steps.Side reference, Steps.Side current) {
    int first = 0;
    while (reference.counts[first] == 0) {
      first++;
    }
    int last = steps.positions() - 1;
    while (reference.counts[last] == 0) {
      last--;
    }
    add(
        Bins.Kind.BELOW,
        "below " + NumberLabel.of(steps.lower(first)),
        reference.negativeInfinities,
        current.negativeInfinities + sum(current.counts, 0, first));
    long cumulative = 0;
    int start = first;
    int tenth = 1;
    for (int position = first; position <= last; position++) {
      cumulative += reference.counts[position];
      // In doubles, as ten times a count may not fit; a tenth of a row is no matter.
      if (position == last || cumulative * (double) BINS >= tenth * (double) reference.finite) {
        addRange(reference, current, start, position);
        start = position + 1;
        while (cumulative * (double) BINS >= tenth * (double) reference.finite) {
          tenth++;
        }
      }
    }
    add(
        Bins.Kind.ABOVE,
        "above " + NumberLabel.of(steps.upper(last)),
        reference.positiveInfinities,
        current.positiveInfinities + sum(current.counts, last + 1, steps.positions()));
  }

  private void addRange(Steps.Side reference, Steps.Side current, int from, int to) {
    int low = from;
    while (reference.counts[low] == 0) {
      low++;
    }
    String lower = NumberLabel.of(steps.lower(low));
    String upper = NumberLabel.of(steps.upper(to));
    add(
        Bins.Kind.VALUES,
        lower.equals(upper) ? lower : lower + " to " + upper,
        sum(reference.counts, from, to + 1),
        sum(current.counts, from, to + 1));
  }

  private void add(Bins.Kind kind, String label, long reference, long current) {
    bins.add(new Bins.Bin(kind, label, reference, current, reference / n, current / m));
  }

  private static long sum(long[] counts, int from, int to) {
    long sum = 0;
    for (int i = from; i < to; i++) {
      sum += counts[i];
    }
    return sum;
  }
}
